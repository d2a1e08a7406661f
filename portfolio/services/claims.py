"""Claims are made, changed and taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import User
from portfolio.models import CandidateUnit, Capacity, Claim, Evidence, Participation, State, UnitVersion
from portfolio.permissions import capacity_in
from portfolio.rules import setting_bars_claim
from portfolio.services.participations import participate
from record.errors import ChangedMeanwhile, InvalidTransition
from record.services.events import event_add
from standards.models import Criterion
from standards.rules import parse_rules

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
) -> ClaimsOutcome:
    """Bring the actor's claims of one piece from what the page showed (`seen`) to what was ticked (`wanted`).

    Both map a criterion to where in the evidence to look. Only the differences are applied, so that two
    people who tick different things at once both keep theirs. What the unit's rules bar is not saved
    and comes back as a sentence; everything else is. Raises PermissionDenied, InvalidTransition once the
    unit is out of the actor's hands, ChangedMeanwhile where somebody else changed the same claim.
    """
    author = _claimant(unit=unit, evidence=evidence, actor=actor)
    standing = {
        claim.criterion_id: claim
        for claim in Claim.objects.filter(
            candidate_unit=unit, evidence=evidence, withdrawn_at__isnull=True
        ).select_related("criterion__parent", "author__user")
    }
    outcome = ClaimsOutcome()
    for criterion, where in wanted.items():
        claim = standing.get(criterion.pk)
        if criterion in seen:
            if where != seen[criterion]:
                _where_change(criterion=criterion, claim=claim, seen=seen[criterion], where=where, author=author)
                outcome.changed += 1
        elif claim is None:
            try:
                _claim_make(unit=unit, evidence=evidence, criterion=criterion, where=where, author=author)
            except ValidationError as refusal:
                outcome.refused += [f"{criterion.full_code}: {sentence}" for sentence in refusal.messages]
            else:
                outcome.made += 1
        elif claim.author_id != author.pk or claim.where != where:
            outcome.refused.append(_claimed_meanwhile(claim))
    for criterion in seen:
        claim = standing.get(criterion.pk)
        if criterion not in wanted and claim is not None:
            _claim_withdraw(claim=claim, author=author)
            outcome.withdrawn += 1
    return outcome


@transaction.atomic
def claim_make(*, unit: CandidateUnit, evidence: Evidence, criterion: Criterion, where: str, actor: User) -> Claim:
    """Claim that a piece meets a criterion. Raises as `claims_set` does, ValidationError where it is barred."""
    author = _claimant(unit=unit, evidence=evidence, actor=actor)
    return _claim_make(unit=unit, evidence=evidence, criterion=criterion, where=where, author=author)


def _claimant(*, unit: CandidateUnit, evidence: Evidence, actor: User) -> Participation:
    """Lock the unit and the piece and return the actor's participation, or refuse."""
    version = UnitVersion.objects.select_for_update().get(candidate_unit=unit, closed_at__isnull=True)
    capacity = capacity_in(actor, unit)
    if capacity not in CLAIMING:
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
    return participate(unit=unit, actor=actor, capacity=capacity)


def _claim_make(
    *, unit: CandidateUnit, evidence: Evidence, criterion: Criterion, where: str, author: Participation
) -> Claim:
    revision = unit.revision
    if criterion.revision_id != revision.pk or not criterion.is_tickable:
        raise ValidationError("This unit has no such criterion to claim.")
    barred = setting_bars_claim(
        kind=criterion.kind,
        setting=evidence.versions.latest("number").setting,
        permitted=parse_rules(revision.rules).settings_for(criterion.element.number if criterion.element else None),
        unit=revision.unit.code,
    )
    if barred:
        raise ValidationError(barred)
    claim = Claim(
        candidate_unit=unit,
        evidence=evidence,
        criterion=criterion,
        author=author,
        where=where,
        made_at=timezone.now(),
    )
    claim.full_clean()
    claim.save()
    _log("claim.made", claim, author)
    return claim


def _where_change(*, criterion: Criterion, claim: Claim | None, seen: str, where: str, author: Participation) -> None:
    if claim is None:
        raise ChangedMeanwhile(
            f"The claim on {criterion.full_code} was taken back since you opened the page. What you typed is below."
        )
    _require_author(claim, author)
    if claim.where == where:
        return
    if claim.where != seen:
        raise ChangedMeanwhile(
            f"Where to look for {criterion.full_code} was changed to “{claim.where}” since you opened "
            "the page. What you typed is below."
        )
    claim.where = where
    claim.full_clean()
    claim.save(update_fields=["where"])
    _log("claim.where_changed", claim, author)


def _claimed_meanwhile(claim: Claim) -> str:
    looking = f", with “{claim.where}” as where to look" if claim.where else ""
    return (
        f"{claim.criterion.full_code} was claimed by {claim.author.user} since you opened the page{looking}. "
        "That claim stands."
    )


def _claim_withdraw(*, claim: Claim, author: Participation) -> None:
    _require_author(claim, author)
    claim.withdrawn_at = timezone.now()
    claim.withdrawn_by = author
    claim.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _log("claim.withdrawn", claim, author)


def _require_author(claim: Claim, author: Participation) -> None:
    """Raise ValidationError for a claim of the other side. An assessor takes over what the one before claimed."""
    if claim.author.capacity != author.capacity:
        raise ValidationError(
            f"{claim.criterion.full_code} was claimed by the {claim.author.get_capacity_display()}; only "
            "they can change that."
        )


def _log(kind: str, claim: Claim, author: Participation) -> None:
    event_add(
        chain=claim.candidate_unit.registration.chain,
        kind=kind,
        actor=author.user.uuid,
        payload={
            "claim": str(claim.uuid),
            "unit": str(claim.candidate_unit.uuid),
            "evidence": claim.evidence.number,
            "criterion": {"kind": claim.criterion.kind, "position": claim.criterion.position},
            "where": claim.where,
        },
    )
