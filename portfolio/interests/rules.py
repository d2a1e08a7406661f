"""What follows from a declared interest. Asked by allocating, signing and sampling alike.

From docs/contributors/domain.md, "Conflicts": family and business ask for a reason, another verifier and a sample in
full; line management is recorded.
"""

from collections import defaultdict
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from centres.models import User
from centres.words import Words
from portfolio.models import Allocation, Capacity, Interest, Participation, Registration
from record.prepared import prepared


def conflicts_of(person: User, registrations: Collection[int]) -> dict[int, Interest]:
    """The family or business interest of a person in each of these portfolios (by primary key); one query."""
    declared = Interest.objects.conflicting().filter(person=person, registration__in=registrations)
    return {one.registration_id: one for one in declared.order_by("-pk")}


def why_not_allocated(interest: Interest | None, person: User, capacity: str, called: Words, reason: str) -> str:
    """Say why somebody with this interest does not work in the portfolio; "" if they may.

    They never verify. They assess if it is said why.
    """
    if interest is None:
        return ""
    declared = f"{person} has declared a {interest.get_kind_display().lower()} interest in this portfolio"
    if capacity == Capacity.INTERNAL_VERIFIER:
        return f"{declared}, so they cannot be {called.of_role(capacity)} in it. Choose somebody else."
    return "" if reason.strip() else f"{declared}. Say why they assess here all the same."


def require_may_verify(registration: Registration, person: User) -> None:
    """Refuse whatever somebody who verifies would do where they have such an interest; one query.

    Raises ValidationError.
    """
    interest = conflicts_of(person, [registration.pk]).get(registration.pk)
    if interest:
        raise ValidationError(
            f"A {interest.get_kind_display().lower()} interest of yours in this portfolio is declared, so another "
            f"{registration.centre.words.of_role(Capacity.INTERNAL_VERIFIER)} looks at it. Nothing was saved."
        )


def sampled_in_full(units: Collection[int] | QuerySet) -> dict[int, str]:
    """Which of these units are to be sampled for a declared interest, by primary key, each with the reason.

    Those that somebody with a family or business interest assesses, or has acted in as assessor; one query. `units` are
    primary keys, or a query that finds them.
    """
    names: dict[int, set[str]] = defaultdict(set)
    for unit, name in _declared_in(units) if isinstance(units, QuerySet) else _declared_among(units):
        names[unit].add(name)
    return {unit: f"a declared interest of {' and '.join(sorted(who))}" for unit, who in names.items()}


@prepared
def _declared_among(units: Collection[int]) -> QuerySet[Interest, tuple[int, str]]:
    return _declared_in(units)


def _declared_in(units: Collection[int] | QuerySet) -> QuerySet[Interest, tuple[int, str]]:
    """Each of the units with the name of somebody who assesses, or has acted in it, with such an interest."""
    assesses = Allocation.objects.current().filter(
        user=OuterRef("person"), capacity=Capacity.ASSESSOR, candidate_unit=OuterRef("registration__candidate_units")
    )
    acted = Participation.objects.filter(
        user=OuterRef("person"), capacity=Capacity.ASSESSOR, candidate_unit=OuterRef("registration__candidate_units")
    )
    declared = Interest.objects.conflicting().filter(
        Q(Exists(assesses)) | Q(Exists(acted)), registration__candidate_units__pk__in=units
    )
    return declared.values_list("registration__candidate_units", "person__name")
