"""Plans and reviews as their page signs them."""

import datetime
import uuid
from typing import Any

from assessments.models import Sheet, SheetKind
from assessments.plans.said import Covered, Line, SheetSaid
from assessments.plans.services import sheet_sign
from centres.models import Role, User
from portfolio.models import CandidateUnit
from tests.cast import PASSWORD


def line_of(unit: CandidateUnit, **changed: Any) -> Line:
    """An observation of the whole unit at the returns desk, in a week."""
    said: dict[str, Any] = {
        "by": Role.CANDIDATE,
        "due": unit.registration.centre.today + datetime.timedelta(days=7),
        "method": "observation",
        "place": "Returns desk",
        "covers": [Covered(unit=unit)],
        "bring": "The complaints log.",
    }
    return Line(**said | changed)


def said_of(unit: CandidateUnit, **changed: Any) -> SheetSaid:
    """A plan of today with that line."""
    said: dict[str, Any] = {
        "kind": SheetKind.PLAN,
        "title": "Assessment plan",
        "held_on": unit.registration.centre.today,
        "how": "in_person",
        "present": "Mia",
        "sections": [("Needs and adjustments", "Larger print.")],
        "lines": [line_of(unit)],
        "next_review": None,
    }
    return SheetSaid(**said | changed)


def sign(actor: User, unit: CandidateUnit, form_key: uuid.UUID | None = None, **changed: Any) -> Sheet:
    """Sign a plan, or what it is changed to, as the page does."""
    return sheet_sign(
        registration=unit.registration,
        actor=actor,
        password=PASSWORD,
        form_key=form_key or uuid.uuid4(),
        said=said_of(unit, **changed),
    )
