"""Requests that really run at once: one plan, one answer, and numbers that follow each other."""

import uuid

import pytest

from assessments.models import Action, Sheet, SheetAnswer
from assessments.plans.services import sheet_answer
from record.models import Event
from tests.assessments.plans.sheets import sign
from tests.at_once import raised_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_pressed_twice_a_plan_is_signed_once_and_answered_once(unit, candidate, assessor):
    key = uuid.uuid4()
    assert raised_at_once(*[lambda: sign(assessor, unit, form_key=key)] * 2) == []
    assert (Sheet.objects.count(), Action.objects.count()) == (1, 1)

    sheet = Sheet.objects.get()
    assert raised_at_once(*[lambda: sheet_answer(sheet=sheet, actor=candidate, agrees=True)] * 2) == []
    assert SheetAnswer.objects.count() == 1
    assert Event.objects.filter(kind="plan.acknowledged").count() == 1

    assert raised_at_once(*[lambda: sign(assessor, unit)] * 2) == []  # two forms: the later replaces the earlier
    first, second, third = Sheet.objects.order_by("number")
    assert (first.replaced_by, second.replaced_by, third.replaced_by) == (second, third, None)
