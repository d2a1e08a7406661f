"""People take part in a unit in one capacity, from their first act to the end."""

from django.core.exceptions import ValidationError

from centres.models import User
from portfolio.models import CandidateUnit, Capacity, Participation


def participate(*, unit: CandidateUnit, actor: User, capacity: Capacity) -> Participation:
    """Return the person's participation in the unit, made now if this is their first act in it.

    For services that hold the unit's lock. Raises ValidationError where they have acted in another capacity:
    an internal verifier never verifies a unit in which they judged anything, in any of its versions.
    """
    return participate_again(
        Participation.objects.filter(candidate_unit=unit, user=actor).first(), unit=unit, actor=actor, capacity=capacity
    )


def participate_again(
    before: Participation | None, *, unit: CandidateUnit, actor: User, capacity: Capacity
) -> Participation:
    """Do the same for who has read the participation that there was `before`, if any."""
    participation = before or Participation.objects.create(candidate_unit=unit, user=actor, capacity=capacity)
    if participation.capacity != capacity:
        raise ValidationError(
            f"You have taken part in this unit as its {participation.get_capacity_display()}, so you cannot "
            f"act as its {capacity.label}. Ask your coordinator to allocate somebody else."
        )
    participation.user = actor
    return participation
