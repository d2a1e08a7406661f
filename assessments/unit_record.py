"""Reads a unit of a portfolio whole: what counts in it now. Pages, readiness and documents start here."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Prefetch

from assessments.models import Confirmation, Judgement, Outcome, PinnedEvidence, Signature, Stage
from assessments.rules import ClaimFact, UnitFacts
from portfolio.models import CandidateUnit, Claim, EvidenceFile, EvidenceVersion, State, UnitVersion
from portfolio.rules import setting_bars_claim
from standards.content import CriterionContent, RevisionContent
from standards.selectors import revision_content


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


def unit_record(unit: CandidateUnit) -> UnitRecord:
    """Return the unit as it stands, in ten queries whatever it holds.

    Until the submission the latest version of each piece counts; from then on the one that the
    submission pinned, and the latest of a piece that the assessor added later.
    """
    version = UnitVersion.objects.get(candidate_unit=unit, closed_at__isnull=True)
    content = revision_content(unit.revision)
    claims = list(
        Claim.objects.filter(candidate_unit=unit, withdrawn_at__isnull=True)
        .select_related("author__user", "evidence")
        .prefetch_related(Prefetch("judgements", Judgement.objects.select_related("author__user")))
    )
    counted = _versions_that_count(version, claims)
    files = defaultdict(list)
    for file in EvidenceFile.objects.filter(version__in=counted.values()).select_related("stored_file"):
        files[file.version_id].append(file)
    records = defaultdict(list)
    criteria = {criterion.pk: criterion for criterion in content.unit.criteria}
    order = {criterion.pk: place for place, criterion in enumerate(content.unit.criteria)}
    for claim in sorted(claims, key=lambda claim: order[claim.criterion_id]):
        records[claim.evidence_id].append(
            _claim_record(claim, criteria[claim.criterion_id], counted[claim.evidence_id], content)
        )
    evidence = tuple(
        EvidenceRecord(version=piece, files=tuple(files[piece.pk]), claims=tuple(records[evidence_id]))
        for evidence_id, piece in sorted(counted.items(), key=lambda item: item[1].evidence.number)
    )
    return UnitRecord(
        unit=unit,
        version=version,
        content=content,
        evidence=evidence,
        confirmations=tuple(
            Confirmation.objects.filter(candidate_unit=unit, withdrawn_at__isnull=True).select_related("author__user")
        ),
        signatures=tuple(
            Signature.objects.filter(unit_version=version, superseded_at__isnull=True).select_related(
                "signer__user", "document"
            )
        ),
    )


def version_that_counts(claim: Claim) -> EvidenceVersion:
    """The version of the claim's evidence that a judgement given now would look at."""
    version = UnitVersion.objects.get(candidate_unit_id=claim.candidate_unit_id, closed_at__isnull=True)
    return _versions_that_count(version, [claim])[claim.evidence_id]


def _versions_that_count(version: UnitVersion, claims: list[Claim]) -> dict[int, EvidenceVersion]:
    pin = PinnedEvidence.objects.filter(
        evidence_version=OuterRef("pk"),
        submission__unit_version=version,
        submission__superseded_at__isnull=True,
    )
    found: dict[int, EvidenceVersion] = {}
    for candidate in (
        EvidenceVersion.objects.filter(evidence__in={claim.evidence_id for claim in claims})
        .annotate(pinned=Exists(pin))
        .select_related("evidence__author", "evidence__registration")
        .order_by("evidence", "number")
    ):
        before = found.get(candidate.evidence_id)
        if before is None or not before.pinned:  # type: ignore[attr-defined]
            found[candidate.evidence_id] = candidate
    return found


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
