"""Records as their page signs them."""

import datetime
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from assessments.models import AssessorRecord, RecordKind
from assessments.observations.services import record_sign
from assessments.observations.session import Recorded, Session
from centres.models import User
from portfolio.models import CandidateUnit
from standards.published import published_content
from tests.cast import PASSWORD

LONDON = ZoneInfo("Europe/London")
SEEN = "Pat asked the customer what had happened and offered a new kettle."


def session_of(kind: RecordKind = RecordKind.OBSERVATION, **changed: Any) -> Session:
    """An hour at the returns desk, in person."""
    if kind == RecordKind.PRIOR_LEARNING:
        return Session(kind=kind)
    said: dict[str, Any] = {
        "place": "Returns desk",
        "began_at": datetime.datetime(2026, 3, 3, 10, 0, tzinfo=LONDON),
        "ended_at": datetime.datetime(2026, 3, 3, 10, 40, tzinfo=LONDON),
        "medium": "in_person",
    }
    return Session(kind=kind, **said | changed)


def said_of(unit: CandidateUnit, *codes: str, words: str = SEEN, **changed: Any) -> Recorded:
    """What was seen of the unit's candidate, met on the criteria with these codes."""
    code = unit.revision.unit.code
    criteria = {item.full_code: item for item in published_content(unit.revision).unit.performance}
    said: dict[str, Any] = {
        "registration": unit.registration,
        "setting": "real_job",
        "words": [("What was seen", words)],
        "met": {unit: {criteria[f"{code}.{number}"]: "" for number in codes}},
    }
    return Recorded(**said | changed)


def sign(actor: User, *said: Recorded, session: Session | None = None, **changed: Any) -> AssessorRecord:
    """Sign a record as its page does."""
    given: dict[str, Any] = {"password": PASSWORD, "form_key": uuid.uuid4()}
    return record_sign(
        centre=said[0].registration.centre,
        actor=actor,
        session=session or session_of(),
        said=said,
        **given | changed,
    )
