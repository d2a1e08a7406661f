"""People take part in a unit in one capacity, from their first act to the end."""

from django.core.exceptions import ValidationError

from centres.models import User
from portfolio.models import CandidateUnit, Capacity, Participation


def participate(*, unit: CandidateUnit, actor: User, capacity: Capacity) -> Participation:
    """Return the person's participation in the unit, made now if this is their first act in it.

    Raises ValidationError where they have acted in another capacity: an internal verifier never
    verifies a unit in which they judged anything, in any of its versions.
    """
    participation, _ = Participation.objects.get_or_create(
        candidate_unit=unit, user=actor, defaults={"capacity": capacity}
    )
    if participation.capacity != capacity:
        raise ValidationError(
            f"You have taken part in this unit as its {participation.get_capacity_display()}, so you cannot "
            f"act as its {capacity.label}. Ask your coordinator to allocate somebody else."
        )
    return participation
