"""One of each of what verifiers record, made by the services: for tests that look at all tables, and of its pages."""

import datetime
import uuid
from typing import Any

from centres.models import User
from portfolio.files.uploads import IncomingFile
from portfolio.models import CandidateUnit, Evidence
from tests.cast import PASSWORD
from verification.models import MonitoringKind, MonitoringMethod, MonitoringRecord
from verification.monitoring.services import (
    Agreed,
    MonitoringSaid,
    RecordedPoint,
    minutes_add,
    monitoring_acknowledge,
    monitoring_sign,
)

A_DAY = datetime.timedelta(days=1)
IN_PERSON = MonitoringMethod.IN_PERSON


def interview_of(unit: CandidateUnit, **more: Any) -> MonitoringSaid:
    """That the unit's candidate was interviewed today."""
    registration = unit.registration
    said: dict[str, Any] = {"kind": MonitoringKind.INTERVIEW, "method": IN_PERSON, "registration": registration}
    said |= {"day": registration.centre.today, "points": [RecordedPoint(asked="Is it your work?", said="All of it.")]}
    return MonitoringSaid(**said | more)


def observation_of(unit: CandidateUnit, assessor: User, **more: Any) -> MonitoringSaid:
    """That the assessor was observed today, in this unit."""
    said: dict[str, Any] = {"kind": MonitoringKind.OBSERVATION, "method": IN_PERSON, "assessor": assessor}
    said |= {"day": unit.registration.centre.today, "occasion": "Watched Pat at the desk.", "unit": unit}
    said |= {"points": [RecordedPoint(asked="Questioning", said="Two led.")], "words": "Let the silence work."}
    return MonitoringSaid(**said | more)


def meeting_of(unit: CandidateUnit, *present: User, **more: Any) -> MonitoringSaid:
    """That these met today."""
    said: dict[str, Any] = {"kind": MonitoringKind.MEETING, "method": IN_PERSON, "place": "Room 2"}
    said |= {"day": unit.registration.centre.today, "present": present, "words": "Two occasions at least."}
    said |= {"points": [RecordedPoint(asked="B10, 1.1", said="Ann: met. Ivy: in part.")]}
    return MonitoringSaid(**said | more)


def signed(verifier: User, unit: CandidateUnit, said: MonitoringSaid, **more: Any) -> MonitoringRecord:
    """Let a verifier sign it."""
    given: dict[str, Any] = {"password": PASSWORD, "form_key": uuid.uuid4()}
    return monitoring_sign(centre=unit.registration.centre, actor=verifier, said=said, **given | more)


def monitored(unit: CandidateUnit, verifier: User, assessor: User, **more: Any) -> MonitoringRecord:
    """Sign an interview, an observation that the assessor disagrees with, and a meeting with minutes: return that.

    `more` is what else the observation has.
    """
    centre = unit.registration.centre
    signed(verifier, unit, interview_of(unit, words="More time."))
    soon = [Agreed(text="Watch another.", owner=assessor, due=centre.today + 30 * A_DAY)]
    observation = signed(verifier, unit, observation_of(unit, assessor, place="The desk", actions=soon, **more))
    monitoring_acknowledge(record=observation, actor=assessor, agrees=False, words="It was one question.")
    piece = Evidence.objects.kept().filter(registration=unit.registration).order_by("pk").first()
    points = [RecordedPoint(asked="B10, 1.1", said="Ann: met. Ivy: in part.", evidence=piece)]
    meeting = signed(verifier, unit, meeting_of(unit, assessor, others="Mia of the Inn", points=points))
    with IncomingFile.from_content("minutes.txt", b"We met, and agreed.\n") as incoming:
        minutes_add(record=meeting, actor=verifier, incoming=incoming)
    return meeting
