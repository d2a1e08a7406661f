"""Two requests that really run at once: one record, and one acknowledgement."""

import uuid

import pytest

from assessments.models import Acknowledgement, AssessorRecord, Judgement
from assessments.observations.services import acknowledge
from portfolio.models import Evidence
from record.models import Event
from tests.assessments.observations.records import said_of, sign
from tests.at_once import raised_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_pressed_twice_a_record_is_signed_once_and_acknowledged_once(unit, second_unit, candidate, assessor):
    key = uuid.uuid4()
    there, back = [said_of(unit, "1.1"), said_of(second_unit)], [said_of(second_unit), said_of(unit, "1.1")]
    acts = [lambda said=said: sign(assessor, *said, form_key=key) for said in (there, back)]  # in any order
    assert raised_at_once(*acts) == []
    assert (AssessorRecord.objects.count(), Evidence.objects.count(), Judgement.objects.count()) == (1, 2, 1)

    part = AssessorRecord.objects.get().parts.get(registration=unit.registration)
    assert raised_at_once(*[lambda: acknowledge(part=part, actor=candidate, agrees=True)] * 2) == []
    assert Acknowledgement.objects.count() == 1
    assert Event.objects.filter(kind="observation.acknowledged").count() == 1
