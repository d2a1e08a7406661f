"""Reads a whole unit of a portfolio: what counts in it now. Pages, readiness and documents start here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet

from assessments.models import (
    CONFIRMED_BY,
    AssessorStatement,
    Judgement,
    NotShown,
    Outcome,
    Signature,
    Stage,
    Standing,
)
from assessments.models.status import Status
from assessments.standing.action_record import ActionRecord, actions_in_each
from assessments.standing.not_shown import agreed_by_position, not_shown_in_each
from assessments.standing.readiness import ClaimFact, Unanswered, UnitFacts, facts_of
from portfolio.barred_claims import Bar, why_barred
from portfolio.models import (
    CandidateUnit,
    Claim,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    RegistrationParticulars,
    State,
    UnitVersion,
)
from portfolio.open_versions import open_version
from portfolio.written_as import written_as
from record.prepared import prepared
from standards.content import CriterionContent, RevisionContent
from standards.published import published_content


@dataclass(frozen=True, kw_only=True)
class ClaimRecord:
    """A claim with the row that says how it stands, and what the standard says of its criterion."""

    standing: Standing
    criterion: CriterionContent
    barred: Bar | None  # why the unit does not take it, where it does not

    @property
    def claim(self) -> Claim:
        """The claim itself."""
        return self.standing.claim

    @property
    def version(self) -> EvidenceVersion:
        """The version of its evidence that counts."""
        return self.standing.version

    @property
    def judgement(self) -> Judgement | None:
        """The judgement on that version that counts, if any."""
        return self.standing.judgement

    @property
    def earlier(self) -> Judgement | None:
        """If that version was not judged: the last judgement on another one, for people to see."""
        return self.standing.earlier

    @property
    def outcome(self) -> Outcome | None:
        """What was answered; None while the claim waits."""
        return Outcome(self.judgement.outcome) if self.judgement else None

    @property
    def status(self) -> Status:
        """How it stands."""
        return Status(self.standing.status)

    @property
    def stamp(self) -> str:
        """Tells this state of the claim from every other; a change to it sends it back."""
        return self.standing.stamp


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
    """What was stated, agreed, signed and asked in a unit."""

    unit: CandidateUnit
    version: UnitVersion
    content: RevisionContent
    statements: tuple[AssessorStatement, ...]
    not_shown: tuple[NotShown, ...]
    given: tuple[Signature, ...]  # every signature ever given in the unit, the oldest first
    actions: tuple[ActionRecord, ...] = ()  # all that was ever asked in the unit, the oldest first
    asked_beside: tuple[ActionRecord, ...] = ()  # what is still to be done of its portfolio; nobody signs that
    particulars: RegistrationParticulars | None = None  # of the registration, as they are now

    @cached_property
    def signatures(self) -> tuple[Signature, ...]:
        """Those that are not superseded, in the order they were given."""
        return tuple(given for given in self.given if given.superseded_at is None)

    @property
    def stated(self) -> frozenset[str]:
        """The unlettered musts that an assessor has stated."""
        return frozenset(statement.words for statement in self.statements)

    @property
    def signed(self) -> frozenset[Stage]:
        """The stages that are done: their signature stands, or they are a confirmation that no signature needs."""
        stages = {Stage(given.stage): given for given in self.signatures}
        by_itself = {
            confirmation
            for stage, confirmation in CONFIRMED_BY.items()
            if stage in stages and not stages[stage].needs_confirmation
        }
        return frozenset(stages.keys() | by_itself)

    @property
    def unconfirmed(self) -> Signature | None:
        """The signature that still needs a confirmation, if any."""
        for given in self.signatures:
            if given.needs_confirmation and self.signature(CONFIRMED_BY[Stage(given.stage)]) is None:
                return given
        return None

    @property
    def musts(self) -> tuple[tuple[str, AssessorStatement | None], ...]:
        """What an assessor must state, in the unit's words, each with its statement, if it was made."""
        standing = {statement.words: statement for statement in self.statements}
        return tuple((words, standing.get(words)) for words in self.content.unit.rules.statements)

    @property
    def actions_signed(self) -> tuple[ActionRecord, ...]:
        """Those that the next signature is given upon: a candidate signs what they may read."""
        if self.version.state == State.COLLECTING:
            return tuple(record for record in self.actions if record.action.for_candidate)
        return self.actions

    @property
    def unanswered(self) -> tuple[Unanswered, ...]:
        """What must be answered before the sign-off, and is not."""
        return tuple(
            Unanswered(owner=str(record.action.owner), asker=str(record.action.asker))
            for record in self.actions
            if record.holds_sign_off
        )

    def signature(self, stage: Stage) -> Signature | None:
        """The signature of a stage, if one stands."""
        return next((given for given in self.signatures if given.stage == stage), None)


@dataclass(frozen=True, kw_only=True)
class UnitRecord(UnitStanding):
    """A unit as it stands."""

    evidence: tuple[EvidenceRecord, ...]

    @cached_property
    def claims(self) -> tuple[ClaimRecord, ...]:
        """Every claim that is not taken back, by evidence number and criterion."""
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
                    status=record.status,
                    author=written_as(
                        self.unit.registration,
                        author=record.version.evidence.author_id,
                        kind=record.version.kind,
                        witness=record.version.evidence.witness_id,
                    ),
                )
                for record in self.claims
            ),
            stated=self.stated,
            signed=self.signed,
            not_shown=agreed_by_position(self.not_shown, self.content),
            unanswered=self.unanswered,
        )


@dataclass(frozen=True, kw_only=True)
class UnitClaims:
    """A unit with its claims that are not taken back, by evidence number and criterion."""

    unit: CandidateUnit
    version: UnitVersion
    content: RevisionContent
    claims: tuple[ClaimRecord, ...]


def claims_in(
    unit: CandidateUnit, *, evidence: Evidence | None = None, criterion: CriterionContent | None = None
) -> UnitClaims:
    """Return the claims of a unit that are not taken back (of one piece, on one criterion), in two queries."""
    version, content = open_version(unit), published_content(unit.revision)
    if evidence:
        rows = [row for row in _of_piece([unit.pk], evidence.pk) if not criterion or row.criterion_id == criterion.pk]
    else:
        rows = _on_criterion(unit.pk, criterion.pk) if criterion else _of_unit(unit.pk)
    return UnitClaims(unit=unit, version=version, content=content, claims=_claim_records(rows, unit, content))


@prepared
def _of_unit(unit: int) -> QuerySet[Standing, Standing]:
    return _with_their_authors(Standing.objects.filter(candidate_unit=unit))


@prepared
def _on_criterion(unit: int, criterion: int) -> QuerySet[Standing, Standing]:
    return _with_their_authors(Standing.objects.filter(candidate_unit=unit, criterion=criterion))


@prepared
def _of_piece(units: Collection[int], evidence: int) -> QuerySet[Standing, Standing]:
    return _with_their_authors(Standing.objects.filter(candidate_unit__pk__in=units, evidence=evidence))


def _with_their_authors(standings: QuerySet[Standing, Standing]) -> QuerySet[Standing, Standing]:
    return standings.select_related(
        "claim__author__user",
        "version__evidence__author",
        "version__evidence__witness",
        "judgement__author__user",
        "earlier__author__user",
    )


def claims_of_piece(
    contents: Mapping[CandidateUnit, RevisionContent], evidence: Evidence
) -> dict[int, tuple[ClaimRecord, ...]]:
    """Return a piece's claims that are not taken back, by the primary key of the unit, in one query for all units."""
    rows = defaultdict(list)
    for row in _of_piece([unit.pk for unit in contents], evidence.pk):
        rows[row.candidate_unit_id].append(row)
    return {unit.pk: _claim_records(rows[unit.pk], unit, content) for unit, content in contents.items()}


# As in UnitStanding.
READ_WITH_IT = (
    "unit",
    "version",
    "content",
    "statements",
    "not_shown",
    "given",
    "actions",
    "asked_beside",
    "particulars",
)


def unit_record(unit: CandidateUnit) -> UnitRecord:
    """Return the unit as it stands, in seven queries whatever it holds."""
    claimed = claims_in(unit)
    pieces: dict[EvidenceVersion, list[ClaimRecord]] = defaultdict(list)
    for record in claimed.claims:
        pieces[record.version].append(record)
    files = defaultdict(list)
    for file in EvidenceFile.objects.filter(version__in=pieces).with_removal().select_related("stored_file"):
        files[file.version_id].append(file)
    standing = unit_standing(unit, claimed.version)
    return UnitRecord(
        **{name: getattr(standing, name) for name in READ_WITH_IT},
        evidence=tuple(
            EvidenceRecord(version=piece, files=tuple(files[piece.pk]), claims=tuple(records))
            for piece, records in pieces.items()
        ),
    )


def unit_standing(
    unit: CandidateUnit, version: UnitVersion, not_shown: tuple[NotShown, ...] | None = None
) -> UnitStanding:
    """Return what was stated, agreed, signed and asked in the unit, whose open version this is; five queries at most.

    Statements are read if the unit has musts, signatures if it has ever left its first state, and what is not shown
    if the unit has a range and the caller has not read it (`not_shown`).
    """
    known = None if not_shown is None else {unit.pk: not_shown}
    return unit_standings([unit], {unit.pk: version}, known)[unit.pk]


def unit_standings(
    units: Sequence[CandidateUnit],
    versions: Mapping[int, UnitVersion],
    not_shown: Mapping[int, tuple[NotShown, ...]] | None = None,
) -> dict[int, UnitStanding]:
    """The same of several units with their open versions, by the unit's primary key; five queries at most for all."""
    contents = {unit: published_content(unit.revision) for unit in units}
    stated: dict[int, list[AssessorStatement]] = defaultdict(list)
    if with_musts := [unit.pk for unit, content in contents.items() if content.unit.rules.statements]:
        for statement in _statements(with_musts):
            stated[statement.candidate_unit_id].append(statement)
    given: dict[int, list[Signature]] = defaultdict(list)
    if signed := [unit for unit, version in versions.items() if version.number > 1 or version.stamp > 0]:
        for signature in _signatures(signed):
            given[signature.unit_version.candidate_unit_id].append(signature)
    if not_shown is None:
        not_shown = not_shown_in_each(contents)
    actions = actions_in_each(units)
    asked = {row.registration_id: row for row in _particulars([unit.registration_id for unit in units])}
    return {
        unit.pk: UnitStanding(
            unit=unit,
            version=versions[unit.pk],
            content=content,
            statements=tuple(stated[unit.pk]),
            not_shown=not_shown[unit.pk],
            given=tuple(given[unit.pk]),
            actions=actions[unit.pk].here,
            asked_beside=actions[unit.pk].beside,
            particulars=asked.get(unit.registration_id),
        )
        for unit, content in contents.items()
    }


@prepared
def _particulars(registrations: Collection[int]) -> QuerySet[RegistrationParticulars, RegistrationParticulars]:
    return RegistrationParticulars.objects.current().filter(registration__pk__in=registrations)


@prepared
def _statements(units: Collection[int]) -> QuerySet[AssessorStatement, AssessorStatement]:
    standing = AssessorStatement.objects.filter(candidate_unit__pk__in=units, withdrawn_at__isnull=True)
    return standing.select_related("author__user")


@prepared
def _signatures(units: Collection[int]) -> QuerySet[Signature, Signature]:
    given = Signature.objects.filter(unit_version__candidate_unit__pk__in=units)
    return given.select_related("signer__user", "document", "unit_version").defer("document__body")


def _claim_records(rows: Iterable[Standing], unit: CandidateUnit, content: RevisionContent) -> tuple[ClaimRecord, ...]:
    """By evidence number and criterion."""
    criteria = content.criterion_by_pk
    place = {pk: place for place, pk in enumerate(criteria)}
    versions: dict[int, EvidenceVersion] = {}  # one object for each piece, however many claims it makes
    found = []
    for row in sorted(rows, key=lambda row: (row.version.evidence.number, place[row.criterion_id])):
        row.candidate_unit = row.claim.candidate_unit = unit
        row.version = versions.setdefault(row.version_id, row.version)
        row.evidence = row.claim.evidence = row.version.evidence
        row.evidence.registration = unit.registration
        criterion = criteria[row.criterion_id]
        barred = None
        if row.status == Status.BARRED:
            barred = why_barred(
                unit=content.unit, criterion=criterion, kind=row.version.kind, setting=row.version.setting
            )
        found.append(ClaimRecord(standing=row, criterion=criterion, barred=barred))
    return tuple(found)


OPEN_TO_JUDGEMENT = (State.COLLECTING, State.SUBMITTED)


def is_open_to_judgement(version: UnitVersion) -> bool:
    """Whether the assessor may judge: while the candidate collects, and until the sign-off."""
    return version.state in OPEN_TO_JUDGEMENT
