"""Lets the assessor of a story record what they saw."""

import datetime
import uuid
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from assessments.models import Medium, RecordKind
from assessments.observations.services import record_sign
from assessments.observations.session import Recorded, Session
from centres.demo import DEMO_PASSWORD
from centres.models import User
from demo.stories import TIME_ZONE, Observe
from portfolio.models import CandidateUnit
from standards.evidence_kinds import Setting
from standards.models import Criterion
from standards.published import published_content


def observe(
    step: Observe, *, unit: CandidateUnit, actor: User, met: Mapping[Criterion, str], day: datetime.date
) -> None:
    """Sign what the assessor saw on this day from ten o'clock on; `met` are criteria with where to look."""
    ten = datetime.datetime.combine(day, datetime.time(10), ZoneInfo(TIME_ZONE))
    content = published_content(unit.revision).criterion_by_pk
    said = Recorded(
        registration=unit.registration,
        setting=Setting.REAL_JOB,
        words=[("What was seen", step.seen)],
        met={unit: {content[criterion.pk]: where for criterion, where in met.items()}},
    )
    session = Session(
        kind=RecordKind.OBSERVATION,
        place=step.place,
        began_at=ten,
        ended_at=ten + datetime.timedelta(minutes=50),
        present=step.present,
        medium=Medium.IN_PERSON,
    )
    centre = unit.registration.centre
    record_sign(centre=centre, actor=actor, password=DEMO_PASSWORD, form_key=uuid.uuid4(), session=session, said=[said])
