"""Ending a registration, as the tests do it."""

import datetime
from typing import Any

from centres.models import User
from portfolio.models import Registration, RegistrationStanding, RegistrationState
from portfolio.open_registrations import standing_of, state_of
from portfolio.registrations.standing import StandingSaid, standing_change


def stand(registration: Registration, actor: User, state: str, **changed: Any) -> RegistrationStanding:
    """Say that the registration stands so from today on, as the page does that shows how it stood."""
    seen = changed.pop("seen", state_of(standing_of(registration)))
    said: dict[str, Any] = {"day": registration.centre.today, "reason": "They moved away."}
    if state == "transferred":
        said["to_centre"] = "Elsewhere Institute"
    said = {"state": RegistrationState(state)} | said | changed
    return standing_change(registration=registration, actor=actor, seen=seen, said=StandingSaid(**said))


def days(number: int) -> datetime.timedelta:
    """So many days."""
    return datetime.timedelta(days=number)
