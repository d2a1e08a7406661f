"""Changes many cells of a grid at once: claims made, moved or taken back, judgements given or taken back.

This is the one way to claim and to judge. The grid, the judging page, the page that asks what a piece shows and the
page of a criterion all send such changes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.cells.judgements import judgement_of, judgements_record
from assessments.models import Judgement, Outcome, Standing
from assessments.models.status import Status
from assessments.standing.unit_record import is_open_to_judgement
from assessments.standing.worked_out import Version, versions_named, versions_that_count
from centres.models import User
from portfolio.barred_claims import Bar, bars_claim
from portfolio.models import CandidateUnit, Capacity, Claim, Evidence, EvidenceVersion, State
from portfolio.models.evidence_number import evidence_number
from portfolio.permissions import capacity_in
from portfolio.services.claims import claims_record, may_claim_as
from portfolio.services.participations import participate
from portfolio.services.units import version_lock
from record.errors import ChangedMeanwhile, InvalidTransition
from record.plain_text import plain_line, plain_text
from record.prepared import prepared
from standards.content import CriterionContent, RevisionContent
from standards.models import Criterion
from standards.naming import names_in
from standards.published import published_content

CHANGES_AT_MOST = 500  # in one request: a row of the widest grid, several times over
GONE = "This evidence is no longer in the portfolio, so nothing was changed."


@dataclass(frozen=True, kw_only=True)
class CellChange:
    """What somebody wants in one cell, and the stamp of what their page showed in it.

    `to` is "claimed" or "empty" (the claim), or an outcome or "waiting" (the judgement on it). `evidence` is
    the piece's public identifier. `where` to look in it comes with a claim; None leaves it as it is.
    """

    evidence: UUID
    criterion: CriterionContent
    to: str
    where: str | None = None
    reason: str = ""
    seen: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A piece under a criterion as it stands now, with all that a change needs to know. An empty cell has no claim."""

    unit: CandidateUnit
    evidence: Evidence
    version: Version  # the one that counts
    criterion: CriterionContent
    name: str  # of the criterion
    repeats: str  # the name of the range item that it repeats, if any
    barred: Bar | None  # why the unit does not take the piece for it
    standing: Standing | None

    @property
    def status(self) -> Status:
        """How it stands."""
        return Status(self.standing.status) if self.standing else Status.EMPTY

    @property
    def stamp(self) -> str:
        """Tells this state of the cell from every other; a change sends it back. Empty for an empty cell."""
        return self.standing.stamp if self.standing else ""

    @property
    def now(self) -> str:
        """How it stands, in words for somebody whose page is out of date."""
        if self.standing is None:
            return "nobody claims it any more"
        if judged := self.standing.judgement:
            because = f": “{judged.reason}”" if judged.reason else ""
            return f"{judged.author.user} judged it “{judged.get_outcome_display().lower()}”{because}"
        looking = f", with “{self.standing.claim.where}” as where to look" if self.standing.claim.where else ""
        corrected = "; the evidence was corrected" if self.standing.version.number > 1 else ""
        return f"{self.standing.claim.author.user} claims it{looking}{corrected}, and it waits for a judgement"


@dataclass(frozen=True, kw_only=True)
class ChangedCell:
    """What became of one change: how the cell stands now, and if it is not as wanted, why not."""

    change: CellChange
    status: Status | None  # None: there is no such piece any more
    stamp: str = ""
    refused: str = ""
    did: str = ""  # "made", "moved", "withdrawn" or "judged"; empty where it was so already


@dataclass
class _Doing:
    """What will be saved once every change has been looked at."""

    made: list[Claim] = field(default_factory=list)
    moved: list[Claim] = field(default_factory=list)
    withdrawn: list[Claim] = field(default_factory=list)
    judged: list[Judgement] = field(default_factory=list)

    @property
    def is_something(self) -> bool:
        return bool(self.made or self.moved or self.withdrawn or self.judged)

    def stands(self) -> dict[tuple[UUID, int], tuple[Status, str]]:
        """How each changed cell stands once all is saved, by evidence and criterion: its status and stamp."""
        changed = [*self.made, *self.moved, *(given.claim for given in self.judged)]
        found = {_cell_of(claim): (Status(claim.standing.status), claim.standing.stamp) for claim in changed}
        return found | {_cell_of(claim): (Status.EMPTY, "") for claim in self.withdrawn}


@transaction.atomic
def cells_change(*, unit: CandidateUnit, actor: User, changes: Sequence[CellChange]) -> list[ChangedCell]:
    """Make each change; return what became of each, in the same order.

    A change is refused, with a sentence, if the cell is not as the page showed it, if the unit's rules bar it, or
    if the claim belongs to the other side; the other changes are made all the same. A cell that is already as
    wanted stays as it is, so a change that was sent twice is made once. Raises PermissionDenied for an actor who
    neither claims nor judges here, InvalidTransition once the unit is out of their hands, and ValidationError if
    anything would change and the actor has acted in this unit in another capacity.
    """
    version = version_lock(unit)
    capacity = capacity_in(actor, unit)
    if capacity not in {Capacity.CANDIDATE, Capacity.ASSESSOR}:
        raise PermissionDenied
    open_to_them = may_claim_as(capacity, State(version.state)) or (
        capacity == Capacity.ASSESSOR and is_open_to_judgement(version)
    )
    if not open_to_them:
        raise InvalidTransition(
            f"This unit is {version.get_state_display().lower()} now, so it cannot be changed any more. "
            "Nothing was saved."
        )
    cells = _cells(unit, published_content(unit.revision), {(change.evidence, change.criterion) for change in changes})
    doing, results = _Doing(), []
    for change in changes:
        cell = cells.get((change.evidence, change.criterion.pk))
        if cell is None:
            results.append(ChangedCell(change=change, status=None, refused=GONE))
            continue
        did = refused = ""
        try:
            did = _change(change, cell, capacity=Capacity(capacity), doing=doing)
        except ValidationError as refusal:
            refused = " ".join(refusal.messages)
        results.append(ChangedCell(change=change, status=cell.status, stamp=cell.stamp, refused=refused, did=did))
    if not doing.is_something:  # a press that changes nothing makes nobody a participant
        return results
    author = participate(unit=unit, actor=actor, capacity=Capacity(capacity))
    for claim in doing.made:
        claim.author = author
    claims_record(unit=unit, author=author, made=doing.made, moved=doing.moved, withdrawn=doing.withdrawn)
    judgements_record(unit=unit, author=author, given=doing.judged)
    stands = doing.stands()
    return [_as_it_stands(one, stands.get((one.change.evidence, one.change.criterion.pk))) for one in results]


def _cells(
    unit: CandidateUnit, content: RevisionContent, wanted: Collection[tuple[UUID, CriterionContent]]
) -> Mapping[tuple[UUID, int], Cell]:
    """The cells that these pieces and criteria name, by the piece's uuid and the criterion's primary key.

    The unit's lock keeps them as they are: whoever corrects or removes a piece locks the units of the portfolio first.
    A piece that is not in the portfolio, or was removed from it, has no cell.
    """
    pieces, criteria = {uuid for uuid, _ in wanted}, {criterion.pk for _, criterion in wanted}
    counts = versions_that_count([unit.pk], versions_named(unit.registration_id, pieces))[unit.pk]
    versions = {version.evidence_uuid: version for version in counts.values()}
    standing = {(row.evidence_id, row.criterion_id): row for row in _standings(unit.pk, pieces, criteria)}
    names = names_in(content)
    cells = {}
    for uuid, criterion in wanted:
        if version := versions.get(uuid):
            cells[uuid, criterion.pk] = Cell(
                unit=unit,
                evidence=Evidence(pk=version.evidence, uuid=uuid, number=version.evidence_number),
                version=version,
                criterion=criterion,
                name=str(names[criterion.kind, criterion.position]),
                repeats=str(names[Criterion.Kind.RANGE, criterion.same_as]) if criterion.same_as is not None else "",
                barred=bars_claim(
                    unit=content.unit,
                    criterion=criterion,
                    kind=version.kind,
                    setting=version.setting,
                    is_incomplete=version.is_incomplete,
                ),
                standing=standing.get((version.evidence, criterion.pk)),
            )
    return cells


@prepared
def _standings(unit: int, pieces: Collection[UUID], criteria: Collection[int]) -> QuerySet[Standing, Standing]:
    rows = Standing.objects.filter(candidate_unit=unit, evidence__uuid__in=pieces, criterion__pk__in=criteria)
    return rows.select_related("claim__author__user", "judgement")


def _cell_of(claim: Claim) -> tuple[UUID, int]:
    return claim.evidence.uuid, claim.criterion_id


def _as_it_stands(one: ChangedCell, now: tuple[Status, str] | None) -> ChangedCell:
    """The same result, with how its cell stands `now`, where it was changed."""
    return replace(one, status=now[0], stamp=now[1]) if now else one


def _change(change: CellChange, cell: Cell, *, capacity: Capacity, doing: _Doing) -> str:
    """Note what will be saved for this change, and return what it does. Raises ValidationError."""
    if _is_as_wanted(change, cell):
        return ""
    if change.seen != cell.stamp:
        raise ChangedMeanwhile(f"{cell.name} of evidence {evidence_number(cell.evidence.number)} was", cell.now)
    match change.to:
        case "claimed" if cell.standing:
            return _move(change, cell, capacity, doing)
        case "claimed":
            return _claim(change, cell, doing)
        case "empty":
            return _take_back(cell, capacity, doing)
        case _:
            return _judge(change, cell, capacity, doing)


def _is_as_wanted(change: CellChange, cell: Cell) -> bool:
    standing = cell.standing
    if change.to == "empty" or standing is None:
        return change.to == "empty" and standing is None
    match change.to:
        case "claimed":
            return change.where is None or plain_line(change.where) == standing.claim.where
        case "waiting":
            return standing.judgement is None
        case _:
            judged = standing.judgement
            return judged is not None and (judged.outcome, judged.reason) == (change.to, plain_text(change.reason))


def _claim(change: CellChange, cell: Cell, doing: _Doing) -> str:
    if cell.repeats:
        raise ValidationError(f"{cell.name}: This repeats {cell.repeats}: claim that, and one tick serves both.")
    if not cell.criterion.is_claimable:
        raise ValidationError(f"{cell.name}: This is no criterion to claim.")
    if cell.barred:
        raise ValidationError(f"{cell.name}: {cell.barred}")
    claim = Claim(
        candidate_unit=cell.unit,
        evidence=cell.evidence,
        criterion=Criterion(pk=cell.criterion.pk, kind=cell.criterion.kind, position=cell.criterion.position),
        where=change.where or "",
        made_at=timezone.now(),
    )
    # The rows it points to were just read: asking for each again would be four queries a claim.
    claim.clean_fields(exclude=["candidate_unit", "evidence", "criterion", "author"])
    doing.made.append(claim)
    return "made"


def _standing_claim(cell: Cell) -> Claim:
    """The claim in the cell, for services that change or judge it."""
    if cell.standing is None:
        raise ValidationError(f"{cell.name} is not claimed from this evidence: claim it first.")
    claim = cell.standing.claim
    claim.candidate_unit, claim.evidence = cell.unit, cell.evidence
    claim.criterion = Criterion(pk=cell.criterion.pk, kind=cell.criterion.kind, position=cell.criterion.position)
    return claim


def _own_claim(cell: Cell, capacity: Capacity) -> Claim:
    """The same, to change it. An assessor may change what another assessor claimed, never what a candidate did."""
    claim = _standing_claim(cell)
    if claim.author.capacity != capacity:
        side = cell.unit.registration.centre.words.of_role(claim.author.capacity)
        raise ValidationError(f"{cell.name} was claimed by the {side}; only they can change that.")
    return claim


def _move(change: CellChange, cell: Cell, capacity: Capacity, doing: _Doing) -> str:
    claim = _own_claim(cell, capacity)
    claim.where = change.where or ""
    claim.clean_fields(exclude=["candidate_unit", "evidence", "criterion", "author"])
    doing.moved.append(claim)
    return "moved"


def _take_back(cell: Cell, capacity: Capacity, doing: _Doing) -> str:
    doing.withdrawn.append(_own_claim(cell, capacity))
    return "withdrawn"


def _judge(change: CellChange, cell: Cell, capacity: Capacity, doing: _Doing) -> str:
    if capacity != Capacity.ASSESSOR:
        raise ValidationError("Only the assessor of this unit judges a claim.")
    doing.judged.append(
        judgement_of(
            claim=_standing_claim(cell),
            version=EvidenceVersion(pk=cell.version.pk, uuid=cell.version.uuid, evidence=cell.evidence),
            outcome=None if change.to == "waiting" else Outcome(change.to),
            reason=change.reason,
            barred=cell.barred,
        )
    )
    return "judged"
