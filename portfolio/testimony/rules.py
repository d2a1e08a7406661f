"""Who cannot be a witness, and what has become of a request."""

from collections.abc import Collection
from enum import Enum

from centres.models import User
from portfolio.models import Allocation, Capacity, Registration, TestimonyRequest


class Stands(Enum):
    """What has become of a request; each value is the word for it."""

    OPEN = "asked"
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    LATE = "late"


def stands(request: TestimonyRequest) -> Stands:
    """Say what has become of a request."""
    if hasattr(request, "testimony"):
        return Stands.GIVEN
    if request.withdrawn_at:
        return Stands.WITHDRAWN
    return Stands.LATE if request.is_late else Stands.OPEN


def why_no_witness(
    registration: Registration, *, name: str = "", addresses: Collection[str] = (), person: User | None = None
) -> str:
    """Say why somebody cannot be a witness in the portfolio; "" if they can.

    They are known by a name, by addresses or by an account (`person`). From docs/contributors/domain.md, "Records,
    actions, sampling": the candidate and the verifier never are. A name alone tells the candidate, who types it.
    """
    words = registration.centre.words
    known = {address.strip().casefold() for address in addresses if address.strip()}
    candidate = registration.candidate
    is_candidate = person == candidate or candidate.email.casefold() in known
    if is_candidate or " ".join(name.split()).casefold() == candidate.name.casefold():
        return f"A {words.candidate} cannot be their own witness. Ask somebody who saw it."
    working = Allocation.objects.in_force(registration.centre_id).filter(
        candidate_unit__registration=registration, capacity=Capacity.INTERNAL_VERIFIER
    )
    for verifier in User.objects.filter(allocations__in=working).distinct():
        if verifier == person or verifier.email.casefold() in known:
            called = words.of_role(Capacity.INTERNAL_VERIFIER)
            return f"{verifier} is {called} of a unit in this portfolio, and so never a witness. Ask somebody else."
    return ""
