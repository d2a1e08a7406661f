"""What tests say of a registration."""

import datetime
from dataclasses import replace
from typing import Any

from centres.models import User
from portfolio.models import Registration, RegistrationParticulars
from portfolio.registrations.particulars import ParticularsSaid, current_particulars, particulars_record, said_in

WHOLE: dict[str, Any] = {
    "number": "C-8",
    "uln": "1000000000",
    "awarding_body": "Example Awards",
    "qualification_number": "600/1234/5",
    "registered_on": datetime.date(2026, 3, 2),
    "started_on": datetime.date(2026, 2, 2),
    "target_on": datetime.date(2026, 9, 30),
    "ended_on": datetime.date(2026, 10, 1),
    "site": "Main site",
    "cohort": "Spring 2026",
    "language": "English",
    "claimed_on": datetime.date(2026, 10, 2),
    "certificate_number": "K-1",
}


def say(registration: Registration, actor: User, reason: str = "Mistyped.", **more: Any) -> RegistrationParticulars:
    """Let this be said of it besides what is there, and return what counts then."""
    stands = current_particulars(registration)
    said: ParticularsSaid = replace(said_in(stands, registration), **more)
    seen = stands.version if stands else 0
    particulars_record(registration=registration, actor=actor, said=said, seen=seen, reason=reason)
    registration.refresh_from_db()
    return RegistrationParticulars.objects.current().get(registration=registration)
