"""Where it is decided how a claim stands, and how far a unit has come.

Both are worked out from rows (claims, judgements, versions of evidence, what signatures pin, the unit's wording) and
kept in `Standing` and `UnitProgress`. Nothing else says which version of a piece counts, what was last said of it,
or that the unit's rules bar it. `bring_up_to_date` writes what differs, `differences` only names it: the listeners of
events, the command that makes everything anew, each signature, and the proof of the record all work it out here.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from assessments.models import Judgement, PinnedEvidence, Return, Signature, Standing, UnitProgress
from assessments.standing.status import Status, best
from portfolio.models import CandidateUnit, Claim, EvidenceVersion, State, UnitVersion
from portfolio.rules import bars_claim
from standards.content import RevisionContent
from standards.published import wordings_of

RULE = 1  # one more whenever the same rows would give another result: a start then makes everything anew
STAMP_LENGTH = 8  # hexadecimal digits


class Version(NamedTuple):
    """A version of a piece of evidence, and what rules depend on. `evidence` and `pk` are primary keys."""

    evidence: int
    pk: int
    uuid: UUID
    kind: str
    setting: str


def versions_that_count(units: Collection[int], pieces: Collection[int] | QuerySet) -> dict[int, dict[int, Version]]:
    """Return the version of each piece that counts in each unit, by the unit's and the piece's primary key.

    The one that a standing signature pinned: until the submission none is, and a piece that was claimed since has
    none. Of all others the latest counts. One query, and one more where a piece was corrected.
    """
    versions: dict[int, dict[int, Version]] = defaultdict(dict)
    rows = EvidenceVersion.objects.filter(evidence__in=pieces).order_by("number")
    for version in map(Version._make, rows.values_list("evidence", "pk", "uuid", "kind", "setting")):
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
    return counts


def standings(units: Sequence[CandidateUnit], claims: Collection[int] | None = None) -> list[Standing]:
    """Work out how the claims of these units stand (of which only `claims`, by primary key); nothing is saved.

    In two queries for any number, one more where a piece was corrected, and those that read a wording that this
    process has not seen.
    """
    contents = wordings_of({unit.revision_id for unit in units})
    revisions = {unit.pk: unit.revision_id for unit in units}
    found, said = _claims(revisions, claims)
    pieces = {claim.evidence_id for claim in found}
    counts = versions_that_count(revisions, pieces) if pieces else {}
    return [
        _standing(claim, said[claim.pk], counts[claim.candidate_unit_id][claim.evidence_id], contents[revision])
        for claim in found
        for revision in [revisions[claim.candidate_unit_id]]
    ]


def _claims(
    units: Collection[int], claims: Collection[int] | None
) -> tuple[list[Claim], Mapping[int, Sequence[Judgement]]]:
    """The claims of the units that are not taken back, and what was said of each, the oldest first. One query."""
    standing = Claim.objects.filter(candidate_unit__in=units, withdrawn_at__isnull=True)
    if claims is not None:
        standing = standing.filter(pk__in=claims)
    rows = standing.order_by("pk", "judgements__pk").values_list(
        "pk", "uuid", "candidate_unit_id", "evidence_id", "criterion_id", "where",
        "judgements__pk", "judgements__uuid", "judgements__evidence_version_id", "judgements__outcome",
    )  # fmt: skip
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
    """Return what tells this state of a claim from every other: all that a page shows of it goes into it."""
    shown = (claim.uuid.hex, claim.where, str(version.pk), judgement.uuid.hex if judgement else "")
    return hashlib.sha256("\0".join(shown).encode()).hexdigest()[:STAMP_LENGTH]


# --- How far units are ----------------------------------------------------------------------------------


def progress(units: Sequence[CandidateUnit]) -> list[UnitProgress]:
    """Work out how far these units have come from their standings, which are up to date; nothing is saved."""
    contents = wordings_of({unit.revision_id for unit in units})
    statuses: dict[int, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    to_judge: Counter[int] = Counter()
    rows = Standing.objects.filter(candidate_unit__in=[unit.pk for unit in units]).order_by()
    for unit, criterion, status, claims in rows.values_list("candidate_unit", "criterion", "status").annotate(
        claims=Count("pk")
    ):
        statuses[unit][criterion].add(status)
        if status == Status.CLAIMED:
            to_judge[unit] += claims
    happened = _last_happened(units)
    found = []
    for unit in units:
        stand = Counter(best(claimed) for claimed in statuses[unit.pk].values())
        total = len(contents[unit.revision_id].unit.claimable)
        counted = {status: stand[status] for status in (Status.MET, Status.CLAIMED, Status.PARTLY, Status.NOT_YET)}
        found.append(
            UnitProgress(
                candidate_unit_id=unit.pk,
                total=total,
                met=counted[Status.MET],
                waiting=counted[Status.CLAIMED],
                partly=counted[Status.PARTLY],
                not_yet=counted[Status.NOT_YET],
                missing=total - sum(counted.values()),
                to_judge=to_judge[unit.pk],
                happened_at=happened[unit.pk],
                rule=RULE,
            )
        )
    return found


def _last_happened(units: Sequence[CandidateUnit]) -> dict[int, datetime]:
    """When something last happened in each unit: a claim, an answer, a signature, a step back; one query.

    While the candidate collects, what they say of any evidence of the portfolio counts too.
    """
    keys = [unit.pk for unit in units]
    by_unit = [
        Claim.objects.filter(candidate_unit__in=keys).values_list("candidate_unit").annotate(at=Max("made_at")),
        Claim.objects.filter(candidate_unit__in=keys, withdrawn_at__isnull=False)
        .values_list("candidate_unit")
        .annotate(at=Max("withdrawn_at")),
        Judgement.objects.filter(claim__candidate_unit__in=keys)
        .values_list("claim__candidate_unit")
        .annotate(at=Max("made_at")),
        Signature.objects.filter(unit_version__candidate_unit__in=keys)
        .values_list("unit_version__candidate_unit")
        .annotate(at=Max("signed_at")),
        Return.objects.filter(unit_version__candidate_unit__in=keys)
        .values_list("unit_version__candidate_unit")
        .annotate(at=Max("made_at")),
        UnitVersion.objects.filter(candidate_unit__in=keys, closed_at__isnull=True, state=State.COLLECTING)
        .values_list("candidate_unit")
        .annotate(at=Max("candidate_unit__registration__evidence__versions__made_at")),
    ]
    first, *others = (rows.order_by() for rows in by_unit)
    happened = {unit.pk: unit.added_at for unit in units}
    for unit, at in first.union(*others, all=True):
        if at is not None:
            happened[unit] = max(happened[unit], at)
    return happened


# --- Keeping it -----------------------------------------------------------------------------------------

KEPT_OF_A_STANDING = [field.attname for field in Standing._meta.concrete_fields if not field.primary_key]
KEPT_OF_PROGRESS = [field.attname for field in UnitProgress._meta.concrete_fields if not field.primary_key]


def bring_up_to_date(units: Sequence[CandidateUnit], claims: Collection[int] | None = None) -> None:
    """Write how claims of these units stand now (of which only `claims` have changed), and how far the units are.

    For whoever holds the units' locks. It can be done again at any time and changes nothing then.
    """
    if not units:
        return
    kept = Standing.objects.filter(candidate_unit__in=[unit.pk for unit in units])
    if claims is not None:
        kept = kept.filter(pk__in=claims)
    made = standings(units, claims) if claims is None or claims else []
    if claims is None or len(made) < len(claims):
        kept.exclude(pk__in=[standing.pk for standing in made]).delete()
    _save(Standing, made, KEPT_OF_A_STANDING)
    _save(UnitProgress, progress(units), KEPT_OF_PROGRESS)


def _save(model: Any, rows: Sequence[Any], fields: Sequence[str]) -> None:
    names = [model._meta.get_field(name).name for name in fields]
    model.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, update_fields=names, unique_fields=[model._meta.pk.name]
    )


def differences(units: Sequence[CandidateUnit]) -> Iterator[str]:
    """Say in a sentence each where what is kept of these units is not what the rows give."""
    keys = [unit.pk for unit in units]
    kept = {row.pk: row for row in Standing.objects.filter(candidate_unit__in=keys)}
    made = {row.pk: row for row in standings(units)}
    yield from _differing(kept, made, KEPT_OF_A_STANDING, "How a claim stands")
    kept_progress = {row.pk: row for row in UnitProgress.objects.filter(candidate_unit__in=keys)}
    made_progress = {row.pk: row for row in progress(units)}
    yield from _differing(kept_progress, made_progress, KEPT_OF_PROGRESS, "How far the unit is")


def _differing(kept: Mapping[int, Any], made: Mapping[int, Any], fields: Iterable[str], what: str) -> Iterator[str]:
    for key in sorted({*kept, *made}):
        if key not in kept:
            yield f"{what} is not kept, and its rows give it."
        elif key not in made:
            yield f"{what} is kept, and its rows do not give it."
        elif wrong := [name for name in fields if getattr(kept[key], name) != getattr(made[key], name)]:
            yield f"{what} is kept otherwise than its rows give it: {', '.join(wrong)}."
