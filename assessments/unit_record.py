"""Reads a unit of a portfolio whole: what counts in it now. Pages, readiness and documents start here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Case, Prefetch, When

from assessments.models import Confirmation, Judgement, Outcome, Signature, Stage
from assessments.rules import ClaimFact, UnitFacts
from portfolio.models import CandidateUnit, Claim, Evidence, EvidenceFile, EvidenceVersion, State, UnitVersion
from portfolio.rules import setting_bars_claim
from standards.content import CriterionContent, RevisionContent
from standards.models import UnitRevision
from standards.selectors import revision_contents


@dataclass(frozen=True, kw_only=True)
class ClaimRecord:
    """A standing claim with the version of its evidence that counts, and the judgement on that version."""

    claim: Claim
    criterion: CriterionContent
    version: EvidenceVersion
    judgement: Judgement | None
    earlier: Judgement | None  # the last word on an older version, for the assessor to see
    barred: str | None  # why the unit does not take it, where it does not

    @property
    def outcome(self) -> Outcome | None:
        """How the claim stands; None while it waits."""
        return Outcome(self.judgement.outcome) if self.judgement else None

    @property
    def status(self) -> str:
        """The word that templates/_outcome.html shows: claimed, met, partly, not_yet or barred."""
        if self.barred:
            return "barred"
        return self.judgement.outcome if self.judgement else "claimed"


@dataclass(frozen=True, kw_only=True)
class EvidenceRecord:
    """A claimed piece in the version that counts, with the claims made from it in this unit."""

    version: EvidenceVersion
    files: tuple[EvidenceFile, ...]
    claims: tuple[ClaimRecord, ...]

    @property
    def number(self) -> int:
        """The number of the piece in the portfolio."""
        return self.version.evidence.number


@dataclass(frozen=True)
class UnitRecord:
    """A unit as it stands."""

    unit: CandidateUnit
    version: UnitVersion
    content: RevisionContent
    evidence: tuple[EvidenceRecord, ...]
    confirmations: tuple[Confirmation, ...]
    signatures: tuple[Signature, ...]  # those that stand, in the order they were given

    @cached_property
    def claims(self) -> tuple[ClaimRecord, ...]:
        """Every standing claim, by evidence number and criterion."""
        return tuple(claim for piece in self.evidence for claim in piece.claims)

    @cached_property
    def facts(self) -> UnitFacts:
        """What readiness depends on."""
        return UnitFacts(
            criteria=self.content.unit.criteria,
            rules=self.content.unit.rules,
            claims=tuple(
                ClaimFact(
                    kind=record.criterion.kind,
                    position=record.criterion.position,
                    evidence=record.version.evidence.number,
                    outcome=record.outcome,
                    counts=record.barred is None,
                )
                for record in self.claims
            ),
            confirmed=frozenset(confirmation.statement for confirmation in self.confirmations),
            signed=frozenset(Stage(signature.stage) for signature in self.signatures),
        )

    def signature(self, stage: Stage) -> Signature | None:
        """The standing signature of a stage."""
        return next((given for given in self.signatures if given.stage == stage), None)


@dataclass(frozen=True, kw_only=True)
class UnitClaims:
    """A unit with its standing claims, by evidence number and criterion: all that a count or a bar needs."""

    unit: CandidateUnit
    version: UnitVersion
    content: RevisionContent
    claims: tuple[ClaimRecord, ...]

    def count(self, *outcomes: Outcome | None) -> int:
        """Return how many criteria have a claim that counts and came to one of these; None: it waits."""
        return len({record.criterion.pk for record in self.claims if not record.barred and record.outcome in outcomes})

    @property
    def claimed(self) -> int:
        """How many criteria are claimed, however the claims stand."""
        return self.count(None, *Outcome)

    @property
    def met(self) -> int:
        """How many criteria are met."""
        return self.count(Outcome.MET)

    @property
    def tickable(self) -> int:
        """How many criteria there are to claim."""
        return sum(1 for criterion in self.content.unit.criteria if criterion.is_tickable)


def unit_claims(units: Sequence[CandidateUnit], *, evidence: Evidence | None = None) -> list[UnitClaims]:
    """Return the standing claims of each unit (of one piece of evidence), in seven queries for any number.

    Until the submission the latest version of each piece counts; from then on the one that the
    submission pinned, and the latest of a piece that the assessor added later.
    """
    versions = {
        version.candidate_unit_id: version
        for version in UnitVersion.objects.filter(candidate_unit__in=units, closed_at__isnull=True)
    }
    revisions = UnitRevision.objects.filter(pk__in={unit.revision_id for unit in units})
    contents = {content.pk: content for content in revision_contents(revisions)}
    standing = Claim.objects.filter(candidate_unit__in=units, withdrawn_at__isnull=True)
    if evidence:
        standing = standing.filter(evidence=evidence)
    claims: dict[int, list[Claim]] = defaultdict(list)
    for claim in standing.select_related("author__user", "evidence").prefetch_related(
        Prefetch("judgements", Judgement.objects.select_related("author__user"))
    ):
        claims[claim.candidate_unit_id].append(claim)
    counted = _versions_that_count(list(versions.values()), [claim for found in claims.values() for claim in found])
    return [
        UnitClaims(
            unit=unit,
            version=versions[unit.pk],
            content=contents[unit.revision_id],
            claims=_claim_records(claims[unit.pk], contents[unit.revision_id], counted),
        )
        for unit in units
    ]


def unit_record(unit: CandidateUnit) -> UnitRecord:
    """Return the unit as it stands, in ten queries whatever it holds."""
    claimed = unit_claims([unit])[0]
    pieces: dict[EvidenceVersion, list[ClaimRecord]] = defaultdict(list)
    for record in claimed.claims:
        pieces[record.version].append(record)
    files = defaultdict(list)
    for file in EvidenceFile.objects.filter(version__in=pieces).select_related("stored_file"):
        files[file.version_id].append(file)
    return UnitRecord(
        unit=unit,
        version=claimed.version,
        content=claimed.content,
        evidence=tuple(
            EvidenceRecord(version=piece, files=tuple(files[piece.pk]), claims=tuple(records))
            for piece, records in pieces.items()
        ),
        confirmations=tuple(
            Confirmation.objects.filter(candidate_unit=unit, withdrawn_at__isnull=True).select_related("author__user")
        ),
        signatures=tuple(
            Signature.objects.filter(unit_version=claimed.version, superseded_at__isnull=True).select_related(
                "signer__user", "document"
            )
        ),
    )


def version_that_counts(claim: Claim) -> EvidenceVersion:
    """The version of the claim's evidence that a judgement given now would look at."""
    version = UnitVersion.objects.get(candidate_unit_id=claim.candidate_unit_id, closed_at__isnull=True)
    return _versions_that_count([version], [claim])[version.candidate_unit_id, claim.evidence_id]


def _versions_that_count(
    versions: Sequence[UnitVersion], claims: Sequence[Claim]
) -> dict[tuple[int, int], EvidenceVersion]:
    """Return, by unit and evidence, the version that counts for these claims in these versions of units."""
    # One row for each submission that ever pinned the version; only one that stands names a unit.
    pinned_in = Case(
        When(
            pins__submission__superseded_at__isnull=True,
            pins__submission__unit_version__in=versions,
            then="pins__submission__unit_version__candidate_unit",
        )
    )
    latest: dict[int, EvidenceVersion] = {}
    found: dict[tuple[int, int], EvidenceVersion] = {}
    for version in (
        EvidenceVersion.objects.filter(evidence__in={claim.evidence_id for claim in claims})
        .annotate(pinned_in=pinned_in)
        .select_related("evidence__author", "evidence__registration")
        .order_by("evidence", "number")
    ):
        latest[version.evidence_id] = version
        found[version.pinned_in, version.evidence_id] = version
    for claim in claims:
        found.setdefault((claim.candidate_unit_id, claim.evidence_id), latest[claim.evidence_id])
    return found


def _claim_records(
    claims: Sequence[Claim], content: RevisionContent, counted: Mapping[tuple[int, int], EvidenceVersion]
) -> tuple[ClaimRecord, ...]:
    criteria = {criterion.pk: criterion for criterion in content.unit.criteria}
    order = {criterion.pk: place for place, criterion in enumerate(content.unit.criteria)}
    return tuple(
        _claim_record(claim, criteria[claim.criterion_id], counted[claim.candidate_unit_id, claim.evidence_id], content)
        for claim in sorted(claims, key=lambda claim: (claim.evidence.number, order[claim.criterion_id]))
    )


def _claim_record(
    claim: Claim, criterion: CriterionContent, version: EvidenceVersion, content: RevisionContent
) -> ClaimRecord:
    judgements = list(claim.judgements.all())
    latest = judgements[-1] if judgements else None
    on_this_version = [judgement for judgement in judgements if judgement.evidence_version_id == version.pk]
    return ClaimRecord(
        claim=claim,
        criterion=criterion,
        version=version,
        judgement=on_this_version[-1] if on_this_version else None,
        earlier=latest,
        barred=setting_bars_claim(
            kind=criterion.kind,
            setting=version.setting,
            permitted=content.unit.rules.settings_for(criterion.element),
            unit=content.unit.code,
        ),
    )


def is_open_to_judgement(version: UnitVersion) -> bool:
    """Whether the assessor may judge: while the candidate collects, and until the sign-off."""
    return version.state in {State.COLLECTING, State.SUBMITTED}
