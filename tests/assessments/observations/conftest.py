"""Records of Ann's, of Pat's B10 and of Otto's, who is a second candidate of hers."""

import datetime
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assessments.models import AssessorRecord, RecordKind
from assessments.observations.services import record_sign
from assessments.observations.session import Said, Session
from centres.models import Role, User
from portfolio.models import CandidateUnit, Capacity
from portfolio.registrations.services import allocate, registration_create
from standards.published import published_content
from tests.cast import PASSWORD, join

LONDON = ZoneInfo("Europe/London")
SEEN = "Pat asked the customer what had happened and offered a new kettle."


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR, settings.INCOMING_DIR = tmp_path / "files", tmp_path / "incoming"


@pytest.fixture
def second_unit(unit, centre, coordinator, assessor, b10) -> CandidateUnit:
    """Otto's B10, which Ann assesses too."""
    otto = join(centre, coordinator, "Otto Other", "otto@harbour.example", Role.CANDIDATE)
    registration = registration_create(centre=centre, actor=coordinator, candidate=otto, number="", revisions=[b10])
    second = registration.candidate_units.get()
    allocate(unit=second, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    return second


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


def said_of(unit: CandidateUnit, *codes: str, words: str = SEEN, **changed: Any) -> Said:
    """What was seen of the unit's candidate, met on the criteria with these codes."""
    criteria = {item.full_code: item for item in published_content(unit.revision).unit.performance}
    said: dict[str, Any] = {
        "registration": unit.registration,
        "setting": "real_job",
        "words": [("What was seen", words)],
        "met": {unit: {criteria[f"B10.{code}"]: "" for code in codes}},
    }
    return Said(**said | changed)


def sign(actor: User, *said: Said, session: Session | None = None, **changed: Any) -> AssessorRecord:
    """Sign a record as its page does."""
    given: dict[str, Any] = {"password": PASSWORD, "form_key": uuid.uuid4()}
    return record_sign(
        centre=said[0].registration.centre,
        actor=actor,
        session=session or session_of(),
        said=said,
        **given | changed,
    )
