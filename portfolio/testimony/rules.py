"""Who cannot be a witness, who cannot work where they are one, and what has become of a request."""

from collections.abc import Collection
from enum import Enum

from django.db.models import Q
from django.utils import timezone

from centres.models import User
from centres.words import Words
from portfolio.models import Allocation, Capacity, Registration, TakenDown, TestimonyRequest, Witness


class Stands(Enum):
    """What has become of a request; each value is the word for it."""

    OPEN = "asked"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    LATE = "late"


def stands(request: TestimonyRequest) -> Stands:
    """Say what has become of a request."""
    if hasattr(request, "testimony"):
        return Stands.GIVEN
    if request.withdrawn_at:
        return Stands.WITHDRAWN
    if request.refused_at:
        return Stands.REFUSED
    return Stands.LATE if request.is_late else Stands.OPEN


def is_known_as(person: User, addresses: Collection[str], account: User | None = None) -> bool:
    """Whether a person is who has one of these addresses, or who is signed in with this account."""
    known = {address.strip().casefold() for address in addresses if address}
    return person == account or person.email.casefold() in known


def why_no_witness(
    registration: Registration, *, name: str = "", addresses: Collection[str] = (), person: User | None = None
) -> str:
    """Say why somebody cannot be a witness in the portfolio; "" if they can.

    They are known by a name, by addresses or by an account (`person`). From docs/contributors/domain.md, "What
    witnesses give": nobody has two capacities. A name alone tells the candidate, who types it. An assessor may lend
    their device to the witness, so their account does not tell.
    """
    words = registration.centre.words
    candidate = registration.candidate
    is_candidate = is_known_as(candidate, addresses, person)
    if is_candidate or " ".join(name.split()).casefold() == candidate.name.casefold():
        return f"A {words.candidate} cannot be their own witness. Ask somebody who saw it."
    working = Allocation.objects.in_force(registration.centre_id).filter(candidate_unit__registration=registration)
    for allocation in working.select_related("user").order_by("pk"):
        worker, called = allocation.user, words.of_role(allocation.capacity)
        if allocation.capacity == Capacity.INTERNAL_VERIFIER and is_known_as(worker, addresses, person):
            return f"{worker} is {called} of a unit in this portfolio, and so never a witness. Ask somebody else."
        if allocation.capacity == Capacity.ASSESSOR and is_known_as(worker, addresses):
            return f"{worker} is {called} of a unit in this portfolio, and records what they saw as an observation."
    return ""


def why_no_work(registration: Registration, person: User, capacity: str) -> str:
    """Say why somebody cannot assess or verify in the portfolio, because of a testimony in it; "" if they can.

    A witness is asked or has given something. Who took a testimony down wrote evidence, and so never verifies.
    """
    called = registration.centre.words
    return why_no_work_each([registration.pk], person, capacity, called).get(registration.pk, "")


def why_no_work_each(registrations: Collection[int], person: User, capacity: str, called: Words) -> dict[int, str]:
    """The same of several portfolios of one centre, by primary key; three queries at most. Who can is not in it."""
    waits = Q(requests__in=TestimonyRequest.objects.waiting(), requests__until__gt=timezone.now())
    given = Witness.objects.filter(evidence__registration__in=registrations)
    asked = Witness.objects.filter(waits, registration__in=registrations)
    contacts = ("email", "contact", "evidence__testimony__contact")
    known_as = {*given.values_list("evidence__registration", *contacts), *asked.values_list("registration", *contacts)}
    found = {
        portfolio: f"{person} is a witness in this portfolio, so they cannot be {called.of_role(capacity)} in it."
        for portfolio, *addresses in known_as
        if is_known_as(person, addresses)
    }
    if capacity == Capacity.INTERNAL_VERIFIER:
        written = TakenDown.objects.filter(
            request__asked_by=person,
            request__witness__registration__in=registrations,
            request__withdrawn_at__isnull=True,
            request__refused_at__isnull=True,
        )
        why = f"{person} took down a testimony in this portfolio, so they cannot be {called.of_role(capacity)} in it."
        for portfolio in written.values_list("request__witness__registration", flat=True):
            found.setdefault(portfolio, why)
    return found
