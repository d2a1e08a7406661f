"""What follows from a declared interest. Asked by allocating, signing and sampling alike.

From docs/contributors/domain.md, "Conflicts": family and business ask for a reason, another verifier and a sample in
full (`verification.sampling.declared`); line management is recorded.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet

from centres.models import Centre, User
from centres.words import Words
from portfolio.conflicts import conflicts_of
from portfolio.models import Allocation, Capacity, Interest, Registration
from portfolio.models.registration_standings import has_ended
from record.prepared import prepared


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


def unexplained(of: QuerySet[Interest]) -> QuerySet[Interest]:
    """Those of the conflicting interests whose person assesses all the same, and nobody has said why."""
    return of.filter(Exists(assesses_unexplained(OuterRef("registration"), OuterRef("person"))))


def assesses_unexplained(registration: Any, person: Any) -> QuerySet[Allocation]:
    """The allocations by which a person assesses in a portfolio with no reason on record; both as in a filter."""
    given = Allocation.objects.current().filter(candidate_unit__registration=registration, user=person)
    works_on = {"capacity": Capacity.ASSESSOR, "reason__isnull": True, "candidate_unit__set_aside_at__isnull": True}
    return given.filter(~has_ended("candidate_unit__registration"), **works_on)


def unexplained_at(centres: Collection[Centre]) -> dict[int, list[Interest]]:
    """Those of each centre, by its primary key; one query."""
    found: dict[int, list[Interest]] = defaultdict(list)
    for interest in _unexplained_among([centre.pk for centre in centres]):
        found[interest.registration.centre_id].append(interest)
    return found


@prepared
def _unexplained_among(centres: Collection[int]) -> QuerySet[Interest, Interest]:
    declared = Interest.objects.conflicting().filter(registration__centre__pk__in=centres)
    return unexplained(declared).select_related("person", "registration__candidate").order_by("pk")
