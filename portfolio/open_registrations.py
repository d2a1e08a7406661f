"""Whether a registration has ended: then its portfolio is read only, for everybody.

Whoever claims, judges, submits or signs asks `require_open`, by way of `version_lock` and `units_lock` or by itself.
"""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import OuterRef, QuerySet, Subquery

from portfolio.models import Registration, RegistrationStanding, RegistrationState
from record.prepared import prepared


class RegistrationEnded(ValidationError):
    """The registration was withdrawn or transferred, or is completed."""


def require_open(*registrations: Registration) -> None:
    """Raise RegistrationEnded, with a sentence, if one of these registrations has ended; one query.

    For services that hold a lock that whoever ends it waits for: of the registration, or of a unit of it.
    """
    for state, candidate in _ended([registration.pk for registration in registrations]):
        raise RegistrationEnded(ended_sentence(state, candidate))


def registration_lock(registration: Registration) -> None:
    """Wait for whoever adds a unit to the registration or changes how it stands; they wait for the caller."""
    Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)


def open_registration_lock(registration: Registration) -> None:
    """The same, and `require_open`: for what is written of a portfolio as a whole."""
    registration_lock(registration)
    require_open(registration)


def is_open(registration: Registration) -> bool:
    """Whether the registration has not ended, so that people work in its portfolio; one query."""
    return not _ended([registration.pk])


def why_refused(registration: Registration) -> str:
    """Say that the registration has ended, for who may not do something in its portfolio; "" if it has not."""
    return next((ended_sentence(state, candidate) for state, candidate in _ended([registration.pk])), "")


def ended_sentence(state: str, candidate: str) -> str:
    """Say that nothing is changed in a portfolio whose registration stands so."""
    word = RegistrationState(state).label
    was = "is" if state == RegistrationState.COMPLETED else "was"
    return (
        f"The registration of {candidate} {was} {word}, so the portfolio is read only until the coordinator takes it "
        "up again. Nothing was changed."
    )


def left_alone_sentence(state: str) -> str:
    """Say that a registration that stands so is passed over, for who would have added to it."""
    word = RegistrationState(state).label
    return f"Their registration {'is' if state == RegistrationState.COMPLETED else 'was'} {word}, and is left alone."


def ended_state() -> Subquery:
    """The state by which the queried registrations have ended; None of one that has not."""
    return Subquery(RegistrationStanding.objects.ended().filter(registration=OuterRef("pk")).values("state")[:1])


@prepared
def _ended(registrations: Collection[int]) -> QuerySet[RegistrationStanding, tuple[str, str]]:
    ended = RegistrationStanding.objects.ended().filter(registration__pk__in=registrations)
    return ended.values_list("state", "registration__candidate__name")


def standing_of(registration: Registration) -> RegistrationStanding | None:
    """Return how the registration stands; None where nobody ever changed that, so that it is active. One query."""
    return RegistrationStanding.objects.current().filter(registration=registration).select_related("set_by").first()


def state_of(standing: RegistrationStanding | None) -> RegistrationState:
    """The state that a standing says."""
    return RegistrationState(standing.state) if standing else RegistrationState.ACTIVE
