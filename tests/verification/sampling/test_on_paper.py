"""What verifiers print: the plan, and what was sampled of a unit."""

import datetime

import pytest
from django.urls import reverse

from assessments.actions.services import ActionWanted, action_ask
from assessments.models import Binding
from centres.models import Role
from record.models import Event
from tests.assessments.pages import links_of, signed_in
from tests.printing.printed import words_of
from verification.sampling import board_views
from verification.sampling.planning import planned_add, planned_move

pytestmark = pytest.mark.django_db


def page(name, unit, *named, **asked):
    return reverse(f"verification:{name}", args=[unit.registration.centre.uuid, *named], query=asked)


def test_the_plan_has_each_unit_under_its_assessor_with_its_reasons(unit, verifier, coordinator, monkeypatch):
    planned = planned_add(unit=unit, actor=verifier, reason="A new workplace.")
    later = planned.due + datetime.timedelta(days=3)
    planned_move(planned=planned, actor=verifier, reason="The shop is closed.", due=later)
    before = Event.objects.count()
    for person in (verifier, coordinator):
        said = words_of(signed_in(person).get(page("plan_print", unit)))
        assert "Assessor: Ann Assessor Candidate Unit When" in said
        assert "Pat Candidate" in said
        assert "A new workplace." in said
        assert "Another day by Ivy Verifier" in said
        assert "The shop is closed." in said
    none = words_of(signed_in(verifier).get(page("plan_print", unit, find="Somebody else")))
    assert "Nothing is planned." in none
    assert "Pat Candidate" not in none
    assert Event.objects.count() == before
    monkeypatch.setattr(board_views, "ROWS_AT_MOST", 0)
    refused = signed_in(verifier).get(page("plan_print", unit), follow=True)
    assert "too many for one print" in refused.content.decode()


def test_a_record_has_what_was_looked_at_found_and_asked_for(assessed_unit, sample, assessor, verifier):
    sample(assessed_unit, claims=2, exception="The date is missing.", words="Sound but for one date.")
    action_ask(
        actor=verifier,
        asked_as=Role.INTERNAL_VERIFIER,
        owner=assessor,
        owned_as=Role.ASSESSOR,
        unit=assessed_unit,
        wanted=ActionWanted(text="Put the date in.", binding=Binding.ADVICE),
    )
    client = signed_in(assessor)
    here = page("sample_print", assessed_unit, assessed_unit.uuid)
    assert here in [url for url, _ in links_of(client.get(page("sample", assessed_unit, assessed_unit.uuid)))]
    said = words_of(client.get(here))
    assert "4a, 4b Not by then 4a: The date is missing." in said
    assert "Valid Yes Authentic Yes Current Yes Sufficient Yes Reliable Yes Decision Agreed" in said
    for words in ("Sound but for one date.", "Put the date in.", "Internal verifier: Ivy Verifier"):
        assert words in said
