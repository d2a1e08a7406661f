"""Claims are made, changed and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import User
from portfolio.models import CandidateUnit, Capacity, Claim, Evidence, EvidenceVersion, Participation, State
from portfolio.permissions import capacity_in
from portfolio.rules import bars_claim
from portfolio.services.participations import participate
from portfolio.services.units import version_lock
from record.errors import ChangedMeanwhile, InvalidTransition
from record.services.events import Happening, events_add
from standards.content import UnitContent
from standards.models import Criterion
from standards.naming import CriterionKey, Name, unit_names
from standards.published import wording

# Who may claim in which state: the candidate until they submit, the assessor until the sign-off.
CLAIMING = {
    Capacity.CANDIDATE: frozenset({State.COLLECTING}),
    Capacity.ASSESSOR: frozenset({State.COLLECTING, State.SUBMITTED}),
}


@dataclass
class ClaimsOutcome:
    """What became of a page of ticks: how many claims were made, changed and taken back, and why others were not."""

    made: int = 0
    changed: int = 0  # where to look was
    withdrawn: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def saved(self) -> int:
        """How many claims are not as they were."""
        return self.made + self.changed + self.withdrawn


def may_claim_as(capacity: Capacity | None, state: State) -> bool:
    """Whether a person of this capacity may claim in a unit that is in this state."""
    return capacity is not None and state in CLAIMING.get(capacity, frozenset())


@transaction.atomic
def claims_set(
    *,
    unit: CandidateUnit,
    evidence: Evidence,
    actor: User,
    seen: Mapping[Criterion, str],
    wanted: Mapping[Criterion, str],
    held_to: EvidenceVersion | None = None,
) -> ClaimsOutcome:
    """Bring the actor's claims of one piece from what the page showed (`seen`) to what was ticked (`wanted`).

    Both map a criterion to where in the evidence to look. Only the differences are applied, so that two
    people who tick different things at once both keep theirs. What the unit's rules bar is not saved
    and comes back as a sentence; everything else is. `held_to` is the version of the piece that a signature
    holds the unit to, where one does: the latest counts otherwise. Raises PermissionDenied, InvalidTransition once
    the unit is out of the actor's hands, ChangedMeanwhile where somebody else changed the same claim, and
    ValidationError where there is something to save and the actor has acted in another capacity here.
    """
    capacity = _claimant(unit=unit, evidence=evidence, actor=actor)
    version = held_to or evidence.versions.latest("number")
    content = wording(unit.revision).unit
    standing = {
        claim.criterion_id: claim
        for claim in Claim.objects.filter(
            candidate_unit=unit, evidence=evidence, withdrawn_at__isnull=True
        ).select_related("criterion__parent", "author__user")
    }
    outcome = ClaimsOutcome()
    names = unit_names(content)
    made: list[Claim] = []
    moved: list[Claim] = []
    for criterion, where in wanted.items():
        claim = standing.get(criterion.pk)
        if criterion in seen:
            if where != seen[criterion] and (
                changed := _with_where(
                    claim, name=_named(criterion, names), seen=seen[criterion], where=where, capacity=capacity
                )
            ):
                moved.append(changed)
        elif claim is None:
            try:
                made.append(_claim_of(unit, content, version=version, criterion=criterion, where=where))
            except ValidationError as refusal:
                outcome.refused += [f"{_named(criterion, names)}: {sentence}" for sentence in refusal.messages]
        elif claim.author.user_id != actor.pk or claim.where != where:
            outcome.refused.append(_claimed_meanwhile(claim, _named(criterion, names)))
    gone = [claim for item in seen if item not in wanted and (claim := standing.get(item.pk)) is not None]
    for claim in gone:
        _require_own_side(claim, capacity, _named(claim.criterion, names))
    outcome.made, outcome.changed, outcome.withdrawn = len(made), len(moved), len(gone)
    if outcome.saved:  # a page on which nothing is new makes nobody take part in the unit
        author = participate(unit=unit, actor=actor, capacity=capacity)
        for claim in made:
            claim.author = author
        claims_record(unit=unit, author=author, made=made, moved=moved, withdrawn=gone)
    return outcome


def claims_record(
    *,
    unit: CandidateUnit,
    author: Participation,
    made: Sequence[Claim],
    moved: Sequence[Claim] = (),
    withdrawn: Sequence[Claim],
) -> None:
    """Save claims that are made, that say another place to look, and that are taken back, and log each.

    For services that hold the unit's lock and have asked the rules. Seven queries at most, for any number.
    """
    now = timezone.now()
    Claim.objects.bulk_create(made)
    if moved:
        Claim.objects.bulk_update(moved, ["where"])
    if withdrawn:
        Claim.objects.filter(pk__in=[claim.pk for claim in withdrawn]).update(withdrawn_at=now, withdrawn_by=author)
    happenings = [_happening("claim.where_changed", unit, claim) for claim in moved]
    happenings += [_happening("claim.made", unit, claim) for claim in made]
    happenings += [_happening("claim.withdrawn", unit, claim) for claim in withdrawn]
    events_add(chain=unit.registration.chain, actor=author.user.uuid, happenings=happenings)


def require_own_side(*, code: str, claimed_as: str, capacity: str) -> None:
    """Raise ValidationError for a claim of the other side. An assessor takes over what the one before claimed."""
    if claimed_as != capacity:
        raise ValidationError(f"{code} was claimed by the {Capacity(claimed_as).label}; only they can change that.")


def _claimant(*, unit: CandidateUnit, evidence: Evidence, actor: User) -> Capacity:
    """Lock the unit and the piece and return as what the actor claims, or refuse."""
    version = version_lock(unit)
    capacity = capacity_in(actor, unit)
    if capacity is None or capacity not in CLAIMING:
        raise PermissionDenied
    if not may_claim_as(capacity, State(version.state)):
        raise InvalidTransition(
            f"This unit is {version.get_state_display().lower()}, so its claims cannot be changed any more. "
            "Nothing was saved."
        )
    if evidence.registration_id != unit.registration_id:
        raise PermissionDenied
    # Locked, so that nobody removes or corrects the piece while it is being claimed.
    if Evidence.objects.select_for_update(no_key=True, of=("self",)).get(pk=evidence.pk).removed_at:
        raise ValidationError("This piece was removed, so it can claim nothing.")
    return capacity


def _claim_of(
    unit: CandidateUnit, content: UnitContent, *, version: EvidenceVersion, criterion: Criterion, where: str
) -> Claim:
    """Return the claim, with no author yet and not saved. Raises ValidationError where the unit does not take it."""
    item = next((one for one in content.claimable if one.pk == criterion.pk), None)
    if item is None:
        raise ValidationError(_not_to_claim(criterion, content))
    if barred := bars_claim(unit=content, criterion=item, kind=version.kind, setting=version.setting):
        raise ValidationError(str(barred))
    claim = Claim(
        candidate_unit=unit,
        evidence=version.evidence,
        criterion=criterion,
        where=where,
        made_at=timezone.now(),
    )
    # The rows it points to were just read: asking for each again would be four queries a claim.
    claim.clean_fields(exclude=["candidate_unit", "evidence", "criterion", "author"])
    return claim


def _not_to_claim(criterion: Criterion, content: UnitContent) -> str:
    for item in content.criteria:
        if item.pk == criterion.pk and item.same_as is not None:
            repeated = unit_names(content)[Criterion.Kind.RANGE, item.same_as]
            return f"This repeats {repeated}: claim that, and one tick serves both."
    return "This unit has no such criterion to claim."


def _with_where(claim: Claim | None, *, name: str, seen: str, where: str, capacity: Capacity) -> Claim | None:
    """Return the claim with the other place to look, not saved yet; None where it says so already."""
    if claim is None:
        raise ChangedMeanwhile(
            f"The claim on {name} was taken back since you opened the page. What you typed is below."
        )
    _require_own_side(claim, capacity, name)
    if claim.where == where:
        return None
    if claim.where != seen:
        raise ChangedMeanwhile(
            f"Where to look for {name} was changed to “{claim.where}” since you opened "
            "the page. What you typed is below."
        )
    claim.where = where
    claim.full_clean()
    return claim


def _named(criterion: Criterion, names: Mapping[CriterionKey, Name]) -> str:
    return str(names.get((criterion.kind, criterion.position), criterion))


def _require_own_side(claim: Claim, capacity: Capacity, name: str) -> None:
    require_own_side(code=name, claimed_as=claim.author.capacity, capacity=capacity)


def _claimed_meanwhile(claim: Claim, name: str) -> str:
    looking = f", with “{claim.where}” as where to look" if claim.where else ""
    return f"{name} was claimed by {claim.author.user} since you opened the page{looking}. That claim stands."


def _happening(kind: str, unit: CandidateUnit, claim: Claim) -> Happening:
    return Happening(
        kind=kind,
        payload={
            "claim": str(claim.uuid),
            "unit": str(unit.uuid),
            "evidence": claim.evidence.number,
            "criterion": {"kind": claim.criterion.kind, "position": claim.criterion.position},
            "where": claim.where,
        },
    )
