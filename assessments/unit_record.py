"""Reads a unit of a portfolio whole: what counts in it now. Pages, readiness and documents start here."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Prefetch

from assessments.cells import stamp_of
from assessments.models import AssessorStatement, Judgement, Outcome, Signature, Stage
from assessments.remembered import Remembered
from assessments.rules import ClaimFact, UnitFacts, facts_of
from assessments.standing import pins_of
from portfolio.models import CandidateUnit, Claim, Evidence, EvidenceFile, EvidenceVersion, State, UnitVersion
from portfolio.rules import Bar, bars_claim
from standards.content import CriterionContent, RevisionContent
from standards.published import wording, wordings

# How a criterion stands: as the best of its claims does.
BEST_FIRST = ("met", "claimed", "partly", "not_yet", "barred")


@dataclass(frozen=True, kw_only=True)
class ClaimRecord:
    """A standing claim with the version of its evidence that counts, and the judgement on that version."""

    claim: Claim
    criterion: CriterionContent
    version: EvidenceVersion
    judgement: Judgement | None
    earlier: Judgement | None  # where there is none: the last word on another version, for people to see
    barred: Bar | None  # why the unit does not take it, where it does not

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

    @property
    def stamp(self) -> str:
        """What a change to it sends back of the state that the page showed."""
        return stamp_of(
            version=self.version.number,
            claim=self.claim.uuid,
            judgement=self.judgement.uuid if self.judgement else None,
        )


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


@dataclass(frozen=True, kw_only=True)
class UnitStanding:
    """What was stated and signed in a unit."""

    unit: CandidateUnit
    version: UnitVersion
    content: RevisionContent
    statements: tuple[AssessorStatement, ...]
    given: tuple[Signature, ...]  # every signature ever given in the unit, the oldest first

    @cached_property
    def signatures(self) -> tuple[Signature, ...]:
        """Those that stand, in the order they were given."""
        return tuple(given for given in self.given if given.superseded_at is None)

    @property
    def stated(self) -> frozenset[str]:
        """The unlettered musts on which the assessor has made their statement."""
        return frozenset(statement.words for statement in self.statements)

    @property
    def signed(self) -> frozenset[Stage]:
        """The stages whose signature stands."""
        return frozenset(Stage(signature.stage) for signature in self.signatures)

    @property
    def musts(self) -> tuple[tuple[str, AssessorStatement | None], ...]:
        """What the assessor is to state in the unit's words, each with the statement that stands."""
        standing = {statement.words: statement for statement in self.statements}
        return tuple((words, standing.get(words)) for words in self.content.unit.rules.statements)

    def signature(self, stage: Stage) -> Signature | None:
        """The standing signature of a stage."""
        return next((given for given in self.signatures if given.stage == stage), None)


@dataclass(frozen=True, kw_only=True)
class UnitRecord(UnitStanding):
    """A unit as it stands."""

    evidence: tuple[EvidenceRecord, ...]

    @cached_property
    def claims(self) -> tuple[ClaimRecord, ...]:
        """Every standing claim, by evidence number and criterion."""
        return tuple(claim for piece in self.evidence for claim in piece.claims)

    @cached_property
    def facts(self) -> UnitFacts:
        """What readiness depends on."""
        return facts_of(
            self.content.unit,
            claims=tuple(
                ClaimFact(
                    kind=record.criterion.kind,
                    position=record.criterion.position,
                    evidence=record.version.evidence.number,
                    evidence_kind=record.version.kind,
                    outcome=record.outcome,
                    counts=record.barred is None,
                )
                for record in self.claims
            ),
            stated=self.stated,
            signed=self.signed,
        )


@dataclass(frozen=True, kw_only=True)
class UnitClaims:
    """A unit with its standing claims, by evidence number and criterion."""

    unit: CandidateUnit
    version: UnitVersion
    content: RevisionContent
    claims: tuple[ClaimRecord, ...]


def unit_claims(
    units: Sequence[CandidateUnit], *, evidence: Evidence | None = None, criterion: CriterionContent | None = None
) -> list[UnitClaims]:
    """Return the standing claims of each unit (of one piece, on one criterion), in four queries for any number.

    It takes one more where a signed unit has pieces that were corrected, and three more to read wordings that
    this process has not seen yet.
    """
    open_versions = {
        version.candidate_unit_id: version
        for version in UnitVersion.objects.filter(candidate_unit__in=units, closed_at__isnull=True)
    }
    contents = wordings({unit.revision for unit in units})
    standing = Claim.objects.filter(candidate_unit__in=units, withdrawn_at__isnull=True)
    if evidence:
        standing = standing.filter(evidence=evidence)
    if criterion:
        standing = standing.filter(criterion=criterion.pk)
    claims: dict[int, list[Claim]] = defaultdict(list)
    for claim in standing.select_related("author__user").prefetch_related(
        Prefetch("judgements", Judgement.objects.select_related("author__user"))
    ):
        claims[claim.candidate_unit_id].append(claim)
    pieces = {claim.evidence_id for found in claims.values() for claim in found}
    counted = _versions_that_count([*open_versions.values()], pieces)
    return [
        UnitClaims(
            unit=unit,
            version=open_versions[unit.pk],
            content=contents[unit.revision_id],
            claims=_claim_records(claims[unit.pk], contents[unit.revision_id], counted[unit.pk]),
        )
        for unit in units
    ]


_claims: Remembered[UnitClaims] = Remembered(at_most=1000)


def claims_in(
    unit: CandidateUnit, *, evidence: Evidence | None = None, criterion: CriterionContent | None = None, head: str = ""
) -> UnitClaims:
    """Return the same of one unit; with the `head` of the portfolio's chain without a query, while it stays so."""
    key = (unit.pk, unit.revision_id, evidence and evidence.pk, criterion and criterion.pk)
    found = _claims.at(key, head, lambda: unit_claims([unit], evidence=evidence, criterion=criterion)[0])
    return replace(found, unit=unit)


def unit_record(unit: CandidateUnit) -> UnitRecord:
    """Return the unit as it stands, in seven queries whatever it holds, or ten for a wording not read yet."""
    claimed = claims_in(unit)
    pieces: dict[EvidenceVersion, list[ClaimRecord]] = defaultdict(list)
    for record in claimed.claims:
        pieces[record.version].append(record)
    files = defaultdict(list)
    for file in EvidenceFile.objects.filter(version__in=pieces).select_related("stored_file"):
        files[file.version_id].append(file)
    standing = unit_standing(unit, claimed.version)
    return UnitRecord(
        **{name: getattr(standing, name) for name in ("unit", "version", "content", "statements", "given")},
        evidence=tuple(
            EvidenceRecord(version=piece, files=tuple(files[piece.pk]), claims=tuple(records))
            for piece, records in pieces.items()
        ),
    )


# The statements that stand in a unit, and every signature given in it.
_signed: Remembered[tuple[tuple[AssessorStatement, ...], tuple[Signature, ...]]] = Remembered(at_most=1000)


def unit_standing(unit: CandidateUnit, version: UnitVersion, *, head: str = "") -> UnitStanding:
    """Return what was stated and signed in the unit, whose open version this is; two queries at most.

    With the `head` of the portfolio's chain none, while nothing has happened in it.
    """
    statements, given = _signed.at(unit.pk, head, lambda: _signed_in(unit, version))
    return UnitStanding(unit=unit, version=version, content=wording(unit.revision), statements=statements, given=given)


def _signed_in(
    unit: CandidateUnit, version: UnitVersion
) -> tuple[tuple[AssessorStatement, ...], tuple[Signature, ...]]:
    """Statements where the unit asks for any, signatures where it has ever left its first state."""
    statements = AssessorStatement.objects.filter(candidate_unit=unit, withdrawn_at__isnull=True)
    signatures = Signature.objects.filter(unit_version__candidate_unit=unit).select_related(
        "signer__user", "document", "unit_version"
    )
    asks = wording(unit.revision).unit.rules.statements
    was_signed = version.number > 1 or version.stamp > 0
    return (
        tuple(statements.select_related("author__user")) if asks else (),
        tuple(signatures.defer("document__body")) if was_signed else (),
    )


def _versions_that_count(
    open_versions: Collection[UnitVersion], pieces: Collection[int]
) -> Mapping[int, Mapping[int, EvidenceVersion]]:
    """The version of each piece that counts in each unit, by the unit's and the piece's primary key.

    The rule of `standing.versions_pinned`: which one is pinned is asked only where there are several.
    """
    versions: dict[int, dict[int, EvidenceVersion]] = defaultdict(dict)
    for version in (
        EvidenceVersion.objects.filter(evidence__in=pieces)
        .select_related("evidence__author", "evidence__registration")
        .order_by("number")
    ):
        versions[version.evidence_id][version.pk] = version
    latest = {piece: [*found.values()][-1] for piece, found in versions.items()}
    corrected = [piece for piece, found in versions.items() if len(found) > 1]
    signed = [version.candidate_unit_id for version in open_versions if version.state != State.COLLECTING]
    counted = {version.candidate_unit_id: dict(latest) for version in open_versions}
    if corrected and signed:
        for unit, piece, pinned in pins_of(signed, corrected):
            counted[unit][piece] = versions[piece][pinned]
    return counted


def _claim_records(
    claims: Sequence[Claim], content: RevisionContent, counted: Mapping[int, EvidenceVersion]
) -> tuple[ClaimRecord, ...]:
    criteria = {criterion.pk: criterion for criterion in content.unit.criteria}
    order = {criterion.pk: place for place, criterion in enumerate(content.unit.criteria)}
    for claim in claims:
        claim.evidence = counted[claim.evidence_id].evidence
    return tuple(
        _claim_record(claim, criteria[claim.criterion_id], counted[claim.evidence_id], content)
        for claim in sorted(claims, key=lambda claim: (claim.evidence.number, order[claim.criterion_id]))
    )


def _claim_record(
    claim: Claim, criterion: CriterionContent, version: EvidenceVersion, content: RevisionContent
) -> ClaimRecord:
    judgements = list(claim.judgements.all())
    last_on_it = next((given for given in reversed(judgements) if given.evidence_version_id == version.pk), None)
    answered = [judgement for judgement in judgements if judgement.outcome]
    return ClaimRecord(
        claim=claim,
        criterion=criterion,
        version=version,
        judgement=last_on_it if last_on_it and last_on_it.outcome else None,
        earlier=answered[-1] if answered and last_on_it is None else None,
        barred=bars_claim(unit=content.unit, criterion=criterion, kind=version.kind, setting=version.setting),
    )


def is_open_to_judgement(version: UnitVersion) -> bool:
    """Whether the assessor may judge: while the candidate collects, and until the sign-off."""
    return version.state in {State.COLLECTING, State.SUBMITTED}
