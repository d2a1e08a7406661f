"""What of somebody's work in units is known here: actions that they answer, and signatures that they confirm."""

from collections.abc import Collection, Iterator

from django.db.models import Q

from assessments.models import Action, ActionState, UnitProgress
from centres.models import Centre
from portfolio.allocating.pending import Pending, tell_what_is_pending
from portfolio.models import Allocation, Capacity, State

TO_ANSWER = ("action to answer", "actions to answer")
TO_CONFIRM = ("signature to confirm", "signatures to confirm")
ALLOCATED = (Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER)


def actions_and_confirmations(centre: Centre, people: Collection[int], units: Collection[int]) -> Iterator[Pending]:
    """Yield the open actions of these people in these units and in none, and the signatures that they can confirm."""
    asked = (
        Action.objects.open()
        .in_state(ActionState.OPEN)
        .filter(
            Q(candidate_unit__in=units) | Q(candidate_unit=None),
            Q(centre=centre) | Q(registration__centre=centre),
            owner__in=people,
            owned_as__in=ALLOCATED,
        )
    )
    for unit, person, role in asked.values_list("candidate_unit", "owner", "owned_as"):
        yield Pending(unit, person, role, TO_ANSWER)
    unconfirmed = UnitProgress.objects.filter(pk__in=units, unconfirmed_of__isnull=False)
    given = {
        unit: (Capacity.ASSESSOR if state == State.ASSESSED else Capacity.INTERNAL_VERIFIER, signer)
        for unit, state, signer in unconfirmed.values_list("pk", "state", "unconfirmed_of")
    }
    working = Allocation.objects.current().filter(candidate_unit__in=given, user__in=people)
    for unit, person, capacity in working.values_list("candidate_unit", "user", "capacity"):
        signed_as, signer = given[unit]
        if capacity == signed_as and person != signer:
            yield Pending(unit, person, capacity, TO_CONFIRM)


def begin() -> None:
    """Called once, when Django starts."""
    tell_what_is_pending(actions_and_confirmations)
