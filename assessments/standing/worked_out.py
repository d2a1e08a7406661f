"""Decides how a claim stands, and how far a unit has come.

Both are worked out from rows (claims, judgements, versions of evidence, what signatures pin, the unit's wording) and
kept in `Standing` and `UnitProgress`. Nothing else says which version of a piece counts, what was last said of it, or
whether the unit's rules bar it. `bring_up_to_date` writes what differs, `differences` only names it. The listeners of
events, the command `standings`, each signature and the proof of the record all work it out here.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import starmap
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, DateTimeField, Model, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from assessments.models import Judgement, NotShownAnswer, PinnedEvidence, Signature, Stage, Standing, UnitProgress
from assessments.models.status import Status, best
from assessments.standing.whose_turn import moment, placed
from portfolio.barred_claims import bars_claim
from portfolio.models import CandidateUnit, Claim, Evidence, EvidenceVersion, Registration, RemovedFile
from record.prepared import prepared
from standards.content import RevisionContent
from standards.published import published_contents_of

RULE = 5  # add one whenever the same rows would give another result: the next start then works everything out again
STAMP_LENGTH = 8  # hexadecimal digits


class Version(NamedTuple):
    """A version of a piece of evidence: what rules depend on, and its title. Whom and what it names are primary keys.

    `removed_at`: when a file was first removed. It `is_incomplete` then, and counts only where signed off before.
    """

    evidence: int
    evidence_uuid: UUID
    evidence_number: int
    author: int
    witness: int | None
    pk: int
    uuid: UUID
    kind: str
    setting: str
    title: str
    removed_at: datetime | None
    is_incomplete: bool = False


OF_A_VERSION = (
    *("evidence", "evidence__uuid", "evidence__number", "evidence__author", "evidence__witness"),
    *("pk", "uuid", "kind", "setting", "title"),
)


def versions_that_count(units: Collection[int], read: Iterable[tuple]) -> dict[int, dict[int, Version]]:
    """Return the version of each piece that counts in each unit, by the unit's and the piece's primary key.

    `read` are all versions of the pieces in question, as one of the three functions below reads them.

    That is the version that a standing signature pinned, or else the latest. Until the submission nothing is pinned,
    nor is a piece that was claimed since. One query, one more if a piece was corrected, and one more if a file was
    removed.
    """
    versions: dict[int, dict[int, Version]] = defaultdict(dict)
    for version in starmap(Version, read):
        versions[version.evidence][version.pk] = version
    latest = {piece: [*found.values()][-1] for piece, found in versions.items()}
    counts = {unit: dict(latest) for unit in units}
    if corrected := [piece for piece, found in versions.items() if len(found) > 1]:
        pins = PinnedEvidence.objects.filter(
            signature__unit_version__candidate_unit__in=units,
            signature__superseded_at__isnull=True,
            evidence_version__evidence__in=corrected,
        )
        for unit, piece, pinned in pins.order_by("-pk").values_list(
            "signature__unit_version__candidate_unit", "evidence_version__evidence", "evidence_version"
        ):
            counts[unit][piece] = versions[piece][pinned]
    if any(version.removed_at for found in versions.values() for version in found.values()):
        _mark_incomplete(counts)
    return counts


@prepared
def versions_of(pieces: Collection[int]) -> QuerySet[EvidenceVersion, tuple]:
    """Read the versions of these pieces, given by primary key."""
    return _rows(EvidenceVersion.objects.filter(evidence__pk__in=pieces))


@prepared
def versions_in(registration: int) -> QuerySet[EvidenceVersion, tuple]:
    """Read those of every piece that is kept in a portfolio."""
    return _rows(EvidenceVersion.objects.filter(evidence__in=Evidence.objects.kept().filter(registration=registration)))


@prepared
def versions_named(registration: int, pieces: Collection[UUID]) -> QuerySet[EvidenceVersion, tuple]:
    """Read those of the pieces kept in a portfolio that have these uuids."""
    kept = Evidence.objects.kept().filter(registration=registration, uuid__in=pieces)
    return _rows(EvidenceVersion.objects.filter(evidence__in=kept))


def _rows(versions: QuerySet[EvidenceVersion, EvidenceVersion]) -> QuerySet[EvidenceVersion, tuple]:
    removed = Subquery(RemovedFile.objects.of_version().order_by("removed_at").values("removed_at")[:1])
    return versions.order_by("number").values_list(*OF_A_VERSION, removed)


def _mark_incomplete(counts: dict[int, dict[int, Version]]) -> None:
    """Mark the versions that lack a file, save where a sign-off stands that is older than the removal."""
    sign_offs = Signature.objects.filter(
        unit_version__candidate_unit__in=counts, stage=Stage.SIGN_OFF, superseded_at__isnull=True
    )
    signed_at = dict(sign_offs.values_list("unit_version__candidate_unit", "signed_at"))
    for unit, found in counts.items():
        for piece, version in found.items():
            removed, signed = version.removed_at, signed_at.get(unit)
            if removed and (signed is None or removed < signed):
                found[piece] = version._replace(is_incomplete=True)


def standings(units: Sequence[CandidateUnit], claims: Collection[int] | None = None) -> list[Standing]:
    """Work out how the claims of these units stand (or only `claims`, by primary key); nothing is saved.

    Two queries for any number, one more if a piece was corrected, and those for wordings that this process has not
    read yet.
    """
    contents = published_contents_of({unit.revision_id for unit in units})
    revisions = {unit.pk: unit.revision_id for unit in units}
    found, said = _claims(revisions, claims)
    pieces = {claim.evidence_id for claim in found}
    counts = versions_that_count(revisions, versions_of(pieces)) if pieces else {}
    return [
        _standing(claim, said[claim.pk], counts[claim.candidate_unit_id][claim.evidence_id], contents[revision])
        for claim in found
        for revision in [revisions[claim.candidate_unit_id]]
    ]


def _claims(
    units: Collection[int], claims: Collection[int] | None
) -> tuple[list[Claim], Mapping[int, Sequence[Judgement]]]:
    """The claims of the units that are not taken back, and all judgements on each, the oldest first. One query."""
    rows = _claims_in(units) if claims is None else _claims_among(units, claims)
    found: dict[int, Claim] = {}
    said: dict[int, list[Judgement]] = defaultdict(list)
    for pk, uuid, unit, evidence, criterion, where, judgement, judgement_uuid, version, outcome in rows:
        if pk not in found:
            found[pk] = Claim(
                pk=pk, uuid=uuid, candidate_unit_id=unit, evidence_id=evidence, criterion_id=criterion, where=where
            )
        if judgement is not None:
            said[pk].append(Judgement(pk=judgement, uuid=judgement_uuid, evidence_version_id=version, outcome=outcome))
    return [*found.values()], said


@prepared
def _claims_in(units: Collection[int]) -> QuerySet[Claim, tuple]:
    return _judged(Claim.objects.filter(candidate_unit__pk__in=units))


@prepared
def _claims_among(units: Collection[int], claims: Collection[int]) -> QuerySet[Claim, tuple]:
    return _judged(Claim.objects.filter(candidate_unit__pk__in=units, pk__in=claims))


def _judged(claims: QuerySet[Claim, Claim]) -> QuerySet[Claim, tuple]:
    return claims.filter(withdrawn_at__isnull=True).order_by("pk", "judgements__pk").values_list(
        "pk", "uuid", "candidate_unit_id", "evidence_id", "criterion_id", "where",
        "judgements__pk", "judgements__uuid", "judgements__evidence_version_id", "judgements__outcome",
    )  # fmt: skip


def _standing(claim: Claim, said: Sequence[Judgement], version: Version, content: RevisionContent) -> Standing:
    """How one claim stands. A judgement that was taken back has no outcome: the claim then waits again."""
    on_it = [given for given in said if given.evidence_version_id == version.pk]
    stands = on_it[-1] if on_it and on_it[-1].outcome else None
    earlier = None if on_it else next((given for given in reversed(said) if given.outcome), None)
    barred = bars_claim(
        unit=content.unit,
        criterion=content.criterion_by_pk[claim.criterion_id],
        kind=version.kind,
        setting=version.setting,
        is_incomplete=version.is_incomplete,
    )
    return Standing(
        claim_id=claim.pk,
        candidate_unit_id=claim.candidate_unit_id,
        evidence_id=claim.evidence_id,
        criterion_id=claim.criterion_id,
        version_id=version.pk,
        judgement_id=stands.pk if stands else None,
        earlier_id=earlier.pk if earlier else None,
        status=Status.BARRED if barred else Status(stands.outcome) if stands else Status.CLAIMED,
        stamp=stamp_of(claim, version, stands),
    )


def stamp_of(claim: Claim, version: Version, judgement: Judgement | None) -> str:
    """Return what tells this state of a claim from every other: everything that a page shows of it goes into it."""
    shown = [claim.uuid.hex, claim.where, str(version.pk), judgement.uuid.hex if judgement else ""]
    if version.is_incomplete:
        shown.append("incomplete")
    return hashlib.sha256("\0".join(shown).encode()).hexdigest()[:STAMP_LENGTH]


# --- How far units are ----------------------------------------------------------------------------------


def progress(units: Sequence[CandidateUnit]) -> list[UnitProgress]:
    """Work out how far these units have come, their state and whose turn it is. Their standings must be up to date."""
    counted, happened, places = counts(units), _last_happened(units), placed(units)
    return [
        UnitProgress(
            candidate_unit_id=unit.pk,
            registration_id=place.registration,
            centre_id=place.centre,
            state=place.state,
            since=place.since,
            turn=place.turn,
            assessor_id=place.assessor,
            verifier_id=place.verifier,
            sent_back_by_id=place.sent_back_by,
            unconfirmed_of_id=place.unconfirmed_of,
            happened_at=happened[unit.pk],
            rule=RULE,
            **counted[unit.pk],
        )
        for unit in units
        for place in [places[unit.pk]]
    ]


def counts(units: Sequence[CandidateUnit]) -> dict[int, dict[str, Any]]:
    """The numbers of `UnitProgress`, which claims and answers change, by the unit's primary key."""
    contents = published_contents_of({unit.revision_id for unit in units})
    statuses: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    to_judge: Counter[int] = Counter()
    for unit, criterion, status, claims in _counted([unit.pk for unit in units]):
        statuses[unit][criterion].add(status)
        if status == Status.CLAIMED:
            to_judge[unit] += claims
    settled = _settled([unit.pk for unit in units if contents[unit.revision_id].unit.range])
    found = {}
    for unit in units:
        stand = Counter(best(claimed) for claimed in statuses[unit.pk].values())
        total = len(contents[unit.revision_id].unit.claimable) - len(settled[unit.pk] - statuses[unit.pk].keys())
        of_claims = {status: stand[status] for status in (Status.MET, Status.CLAIMED, Status.PARTLY, Status.NOT_YET)}
        found[unit.pk] = {
            "total": total,
            "met": of_claims[Status.MET],
            "waiting": of_claims[Status.CLAIMED],
            "partly": of_claims[Status.PARTLY],
            "not_yet": of_claims[Status.NOT_YET],
            "missing": total - sum(of_claims.values()),
            "to_judge": to_judge[unit.pk],
        }
    return found


def _settled(units: Sequence[int]) -> Mapping[int, set[int]]:
    """The range items of each unit that are not shown, as its verifier agreed; by primary keys, one query if any."""
    settled: dict[int, set[int]] = defaultdict(set)
    if units:
        agreed = NotShownAnswer.objects.filter(
            agrees=True, not_shown__candidate_unit__in=units, not_shown__ended_at__isnull=True
        )
        for unit, criterion in agreed.values_list("not_shown__candidate_unit", "not_shown__criterion"):
            settled[unit].add(criterion)
    return settled


@prepared
def _counted(units: Collection[int]) -> QuerySet[Standing, tuple]:
    rows = Standing.objects.filter(candidate_unit__pk__in=units).order_by()
    return rows.values_list("candidate_unit", "criterion", "status").annotate(claims=Count("pk"))


# Every moment at which something happened in these units. While the candidate collects, any evidence that they add to
# the portfolio or correct is a sign of life too. Written out, because building it from querysets takes longer than
# everything else that is done after a press.
MOMENTS = """
    SELECT id AS unit, added_at AS at FROM portfolio_candidateunit WHERE id IN ({units})
    UNION ALL SELECT candidate_unit_id, made_at FROM portfolio_claim WHERE candidate_unit_id IN ({units})
    UNION ALL SELECT candidate_unit_id, withdrawn_at FROM portfolio_claim WHERE candidate_unit_id IN ({units})
    UNION ALL SELECT claim.candidate_unit_id, given.made_at FROM assessments_judgement given
        JOIN portfolio_claim claim ON claim.id = given.claim_id WHERE claim.candidate_unit_id IN ({units})
    UNION ALL SELECT passed.candidate_unit_id, given.signed_at FROM assessments_signature given
        JOIN portfolio_unitversion passed ON passed.id = given.unit_version_id
        WHERE passed.candidate_unit_id IN ({units})
    UNION ALL SELECT passed.candidate_unit_id, step.made_at FROM assessments_return step
        JOIN portfolio_unitversion passed ON passed.id = step.unit_version_id
        WHERE passed.candidate_unit_id IN ({units})
    UNION ALL SELECT passed.candidate_unit_id, said.made_at FROM portfolio_unitversion passed
        JOIN portfolio_candidateunit unit ON unit.id = passed.candidate_unit_id
        JOIN portfolio_evidence piece ON piece.registration_id = unit.registration_id
        JOIN portfolio_evidenceversion said ON said.evidence_id = piece.id
        WHERE passed.closed_at IS NULL AND passed.state = 'collecting' AND passed.candidate_unit_id IN ({units})"""
LAST_OF_EACH = f"SELECT unit, MAX(at) FROM ({MOMENTS}) AS happened GROUP BY unit"  # noqa: S608 - ours
LAST = f"(SELECT MAX(at) FROM ({MOMENTS}) AS happened)"  # noqa: S608


def _last_happened(units: Sequence[CandidateUnit]) -> dict[int, datetime]:
    """When something last happened in each unit, by primary key: a claim, an answer, a signature, a step back."""
    if not units:
        return {}
    sql = LAST_OF_EACH.format(units=", ".join(str(int(unit.pk)) for unit in units))
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {unit: moment(at) for unit, at in cursor.fetchall()}


# --- Keeping it -----------------------------------------------------------------------------------------

KEPT_OF_A_STANDING = [field.attname for field in Standing._meta.concrete_fields if not field.primary_key]
KEPT_OF_PROGRESS = [field.attname for field in UnitProgress._meta.concrete_fields if not field.primary_key]


def bring_up_to_date(units: Sequence[CandidateUnit], claims: Collection[int] | None = None) -> list[Standing]:
    """Write how the claims of these units stand now, how far the units have come, and whose turn it is.

    With `claims` only these have changed, as by a press, and the units keep their state. For callers that hold the
    units' locks. Doing it again changes nothing. Returns how they stand.
    """
    if not units:
        return []
    kept = Standing.objects.filter(candidate_unit__in=[unit.pk for unit in units])
    if claims is not None:
        kept = kept.filter(pk__in=claims)
    made = standings(units, claims) if claims is None or claims else []
    if claims is None or len(made) < len(claims):
        kept.exclude(pk__in=[standing.pk for standing in made]).delete()
    _save(Standing, made, KEPT_OF_A_STANDING)
    if claims is None:
        _save(UnitProgress, progress(units), KEPT_OF_PROGRESS)
        return made
    for unit, counted in counts(units).items():
        happened = RawSQL(LAST.format(units=int(unit)), [], DateTimeField())  # noqa: S611 - a number is put in
        UnitProgress.objects.filter(pk=unit).update(**counted, happened_at=happened)
    return made


def _save(model: Any, rows: Sequence[Any], fields: Sequence[str]) -> None:
    names = [model._meta.get_field(name).name for name in fields]
    model.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, update_fields=names, unique_fields=[model._meta.pk.name]
    )


def everything_anew(portfolios_at_once: int = 50) -> int:
    """Work out all standings and all progress again; return how many units there were.

    It goes portfolio by portfolio, each locked as for a change, so that it can be done while people work.
    """
    done = 0
    portfolios = Registration.objects.order_by("pk").values_list("pk", flat=True)
    for first in range(0, len(portfolios), portfolios_at_once):
        with transaction.atomic():
            chosen = CandidateUnit.objects.filter(registration__in=portfolios[first : first + portfolios_at_once])
            units = list(chosen.select_for_update(no_key=True).order_by("pk"))
            bring_up_to_date(units)
        done += len(units)
    return done


def is_of_this_rule() -> bool:
    """Whether every unit has its progress, worked out by the present rule."""
    without = CandidateUnit.objects.exclude(progress__rule=RULE)
    return not without.exists()


def differences(units: Sequence[CandidateUnit]) -> Iterator[str]:
    """Say, a sentence each, where what is kept of these units differs from what their rows give."""
    keys = [unit.pk for unit in units]
    kept = {row.pk: row for row in Standing.objects.filter(candidate_unit__in=keys)}
    made = {row.pk: row for row in standings(units)}
    yield from _differing(kept, made, KEPT_OF_A_STANDING, "How a claim stands", Claim)
    kept_progress = {row.pk: row for row in UnitProgress.objects.filter(candidate_unit__in=keys)}
    made_progress = {row.pk: row for row in progress(units)}
    yield from _differing(kept_progress, made_progress, KEPT_OF_PROGRESS, "How far the unit is", CandidateUnit)


def _differing(
    kept: Mapping[int, Any], made: Mapping[int, Any], fields: Iterable[str], what: str, of: type[Model]
) -> Iterator[str]:
    for key in sorted({*kept, *made}):
        said = ""
        if key not in kept:
            said = "is not kept, and the rows give it"
        elif key not in made:
            said = "is kept, and the rows do not give it"
        elif wrong := [name for name in fields if getattr(kept[key], name) != getattr(made[key], name)]:
            said = f"is kept otherwise than the rows give it ({', '.join(wrong)})"
        if said:
            uuid = of._default_manager.values_list("uuid", flat=True).get(pk=key)
            yield f"{of._meta.verbose_name} {uuid}: {what} {said}."
