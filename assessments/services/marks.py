"""Changes the cells of a grid: claims made and taken back, judgements given and taken back, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assessments.cells import Cell, cells_lock, claim_in
from assessments.models import Judgement, Outcome
from assessments.services.judgements import judgement_of, judgements_record
from assessments.unit_record import is_open_to_judgement
from centres.models import User
from portfolio.models import CandidateUnit, Capacity, Claim, EvidenceVersion, State
from portfolio.permissions import capacity_in
from portfolio.services.claims import claims_record, may_claim_as, require_own_side
from portfolio.services.participations import participate_again
from portfolio.services.units import version_lock
from record.errors import ChangedMeanwhile, InvalidTransition
from standards.content import CriterionContent
from standards.published import wording

CHANGES_AT_MOST = 500  # in one request: a row of the widest grid, several times over
GONE = "This piece is no longer in the portfolio, so nothing was changed."


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What somebody wants in one cell, and the stamp of what their page showed in it.

    `to` is "claimed" or "empty" (the claim), or an outcome or "waiting" (the judgement on it). `evidence` is
    the piece's public identifier.
    """

    evidence: UUID
    criterion: CriterionContent
    to: str
    reason: str = ""
    seen: str = ""


@dataclass(frozen=True, kw_only=True)
class Marked:
    """What became of one change: how the cell stands now, and why it is not as wanted, where it is not."""

    mark: Mark
    cell: Cell | None  # None: there is no such piece any more
    refused: str = ""


@dataclass
class _Doing:
    """What is to be saved once every change was looked at."""

    made: list[Claim] = field(default_factory=list)
    withdrawn: list[Claim] = field(default_factory=list)
    given: list[Judgement] = field(default_factory=list)


@transaction.atomic
def marks_set(*, unit: CandidateUnit, actor: User, marks: Sequence[Mark]) -> list[Marked]:
    """Bring each cell to what is wanted in it; return what became of each, in the same order.

    A change is refused, with a sentence, where the cell is not as the page showed it, where the unit's rules
    bar it, and where the claim is the other side's; the others are made all the same. A cell that is as
    wanted already stays as it is, so that a change that was sent twice is made once. Raises PermissionDenied
    for who neither claims nor judges here, InvalidTransition once the unit is out of their hands.
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
            f"This unit is {version.get_state_display().lower()} now, so it cannot be changed here. Nothing was saved."
        )
    cells, before = cells_lock(
        unit=unit,
        content=wording(unit.revision),
        actor=actor,
        wanted=[(mark.evidence, mark.criterion) for mark in marks],
    )
    doing, results = _Doing(), []
    for mark in marks:
        cell = cells.get((mark.evidence, mark.criterion.pk))
        if cell is None:
            results.append(Marked(mark=mark, cell=None, refused=GONE))
            continue
        try:
            changed = _change(mark, cell, unit=unit, capacity=Capacity(capacity), doing=doing)
        except ValidationError as refusal:
            results.append(Marked(mark=mark, cell=cell, refused=" ".join(refusal.messages)))
        else:
            results.append(Marked(mark=mark, cell=changed))
    if not (doing.made or doing.withdrawn or doing.given):  # a press that changes nothing makes nobody take part
        return results
    author = participate_again(before, unit=unit, actor=actor, capacity=Capacity(capacity))
    for claim in doing.made:
        claim.author = author
    claims_record(unit=unit, author=author, made=doing.made, withdrawn=doing.withdrawn)
    judgements_record(unit=unit, author=author, given=doing.given)
    return results


def _change(mark: Mark, cell: Cell, *, unit: CandidateUnit, capacity: Capacity, doing: _Doing) -> Cell:
    """Return the cell as it will be, and note what is to be saved. Raises ValidationError."""
    if _is_as_wanted(mark, cell):
        return cell
    if mark.seen != cell.stamp:
        raise ChangedMeanwhile(_what_changed(cell, mark.seen))
    match mark.to:
        case "claimed":
            return _claim(cell, unit, capacity, doing)
        case "empty":
            return _take_back(cell, unit, capacity, doing)
        case _:
            return _judge(mark, cell, unit, capacity, doing)


def _is_as_wanted(mark: Mark, cell: Cell) -> bool:
    match mark.to:
        case "empty":
            return cell.claim is None
        case "claimed":
            return cell.claim is not None
        case "waiting":
            return cell.claim is not None and not cell.outcome
        case _:
            return cell.claim is not None and (cell.outcome, cell.reason) == (mark.to, mark.reason)


def _claim(cell: Cell, unit: CandidateUnit, capacity: Capacity, doing: _Doing) -> Cell:
    if cell.barred:
        raise ValidationError(str(cell.barred))
    claimed = replace(cell, claim_uuid=uuid4(), author=str(capacity))
    doing.made.append(claim_in(claimed, unit))
    return replace(claimed, claim=0)


def _take_back(cell: Cell, unit: CandidateUnit, capacity: Capacity, doing: _Doing) -> Cell:
    require_own_side(code=cell.name, claimed_as=Capacity(cell.author), capacity=capacity)
    doing.withdrawn.append(claim_in(cell, unit))
    return Cell(piece=cell.piece, criterion=cell.criterion, name=cell.name, barred=cell.barred)


def _judge(mark: Mark, cell: Cell, unit: CandidateUnit, capacity: Capacity, doing: _Doing) -> Cell:
    if capacity != Capacity.ASSESSOR:
        raise ValidationError("Only the assessor of this unit judges a claim.")
    if cell.claim is None:
        raise ValidationError(f"{cell.name} is not claimed from this piece: claim it first.")
    judgement = judgement_of(
        claim=claim_in(cell, unit),
        version=EvidenceVersion(pk=cell.piece.version, uuid=cell.piece.version_uuid),
        outcome=None if mark.to == "waiting" else Outcome(mark.to),
        reason=mark.reason,
        barred=cell.barred,
    )
    doing.given.append(judgement)
    return replace(
        cell,
        judgement_uuid=judgement.uuid if judgement.outcome else None,
        outcome=str(judgement.outcome),
        reason=judgement.reason,
    )


def _what_changed(cell: Cell, seen: str) -> str:
    """Say what somebody else did in a cell since the page was shown."""
    code, number = cell.name, cell.piece.number
    if cell.claim is None:
        return f"{code} was taken back from evidence {number} since you opened the page. Nothing was overwritten."
    if cell.judgement_uuid is None:
        if seen and seen.partition(".")[0] != str(cell.piece.version_number):
            return f"Evidence {number} was corrected since you opened the page. Look at it again first."
        return f"{code} of evidence {number} waits for a judgement now; it was otherwise when you opened the page."
    judged = Judgement.objects.select_related("author__user").get(uuid=cell.judgement_uuid)
    because = f": “{judged.reason}”" if judged.reason else "."
    return (
        f"{judged.author.user} judged {code} of evidence {number} “{judged.get_outcome_display().lower()}” since "
        f"you opened the page{because} Nothing was overwritten."
    )
