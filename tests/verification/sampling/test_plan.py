"""The plan: what the rule chooses and why, that anybody can repeat it, and what a verifier changes with reasons."""

import datetime
import uuid
from collections import Counter
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from record.errors import ChangedMeanwhile
from record.models import Event
from tests.append_only import lifted
from tests.assessments.steps import open_version
from tests.cast import disqualify
from tests.portfolio.registrations.particulars import say
from tests.verification.sampling.conftest import CHOICES
from verification.models import PlannedSample, PlanStep, SampleStage, SamplingPlan, SamplingRecord
from verification.sampling.plan_rule import Before, Choosable, months_before, place_of, plan_of
from verification.sampling.planning import (
    plan_make,
    plan_propose,
    planned_add,
    planned_leave_out,
    planned_move,
    planned_take_up,
)

CENTRE = uuid.UUID(int=1)
ANNA, BEN = uuid.UUID(int=2), uuid.UUID(int=3)
TODAY = datetime.date(2026, 11, 30)
SUMMATIVE = SampleStage.SUMMATIVE


def units(number, assessor=ANNA, called="B10 (NVQ)", kinds=(), first=100, stage=SUMMATIVE):
    return [
        Choosable(
            unit=uuid.UUID(int=first + place), stage=stage, assessor=assessor, called=called, kinds=frozenset(kinds)
        )
        for place in range(number)
    ]


def chosen(there, before=None, **said):
    policy = replace(CHOICES, **said)
    found = plan_of(there, policy=policy, before=before or Before(), centre=CENTRE, period="2026-11", today=TODAY)
    return {one.unit: one.reasons for one in found}


def test_the_share_is_of_each_assessor_rounded_up_and_says_so():
    before = Before(names={("assessor", str(ANNA)): "Anna", ("assessor", str(BEN)): "Ben"})
    there = units(11) + units(2, assessor=BEN, first=500)
    found = chosen(there, before, summative_share=20)
    assert Counter(one.assessor for one in there if one.unit in found) == {ANNA: 3, BEN: 1}
    assert ("share 20 % of the units of Anna: 3 of 11",) in found.values()


def test_which_units_they_are_goes_by_the_digest_alone():
    there = units(10)
    by_digest = sorted((one.unit for one in there), key=lambda unit: place_of(CENTRE, unit, "2026-11"))
    assert set(chosen(there, summative_share=30)) == set(by_digest[:3])
    assert set(chosen(list(reversed(there)), summative_share=30)) == set(by_digest[:3])
    other_month = sorted((one.unit for one in there), key=lambda unit: place_of(CENTRE, unit, "2026-12"))
    assert other_month != by_digest


def test_what_is_planned_this_month_counts_towards_the_share():
    assert chosen(units(8), Before(planned={(SUMMATIVE, ANNA): 2}), summative_share=20) == {}
    assert len(chosen(units(9), Before(planned={(SUMMATIVE, ANNA): 2}), summative_share=20)) == 1


def test_all_of_a_new_assessor_and_that_counts_towards_the_share():
    before = Before(in_full={ANNA: "new assessor"})
    under_way = units(4, first=900, stage=SampleStage.INTERIM)
    found = chosen(units(4) + under_way, before, new_in_full=True, summative_share=50)
    assert set(found.values()) == {("new assessor",)}
    assert len(found) == 4
    assert chosen(units(4), before, summative_share=0) == {}


def test_what_was_not_looked_at_for_long_is_looked_at_once():
    there = units(5, kinds=["observation"]) + units(5, called="B11 (NVQ)", kinds=["audio"], first=300)
    looked = {
        ("assessor", str(ANNA)): datetime.date(2026, 10, 1),
        ("unit", "B10 (NVQ)"): datetime.date(2025, 3, 9),
        ("kind", "observation"): datetime.date(2026, 9, 1),
        ("kind", "audio"): datetime.date(2026, 9, 1),
    }
    found = chosen(there, Before(looked=looked), every_months=12)
    assert sorted(found.values()) == [
        ("unit B10 (NVQ) not looked at since 9 March 2025",),
        ("unit B11 (NVQ) never looked at",),
    ]
    covered = frozenset({("unit", "B10 (NVQ)"), ("unit", "B11 (NVQ)")})
    assert chosen(there, Before(looked=looked, covered=covered), every_months=12) == {}


def test_a_site_is_looked_at_once_in_the_time_and_where_none_is_known_nothing_is_owed():
    there = [replace(one, site="Quay") for one in units(3)] + units(3, first=300)
    looked = {("assessor", str(ANNA)): TODAY, ("unit", "B10 (NVQ)"): TODAY}
    found = chosen(there, Before(looked=looked), every_months=12)
    assert list(found.values()) == [("site Quay never looked at",)]
    assert chosen(there, Before(looked={**looked, ("site", "Quay"): TODAY}), every_months=12) == {}


@given(st.integers(0, 60), st.integers(0, 100), st.integers(0, 60))
def test_a_share_is_never_less_than_it_says_nor_more_than_there_is(number, share, planned):
    found = chosen(units(number), Before(planned={(SUMMATIVE, ANNA): planned}), summative_share=share)
    assert len(found) <= number
    assert (len(found) + planned) * 100 >= min(share * (number + planned), (number + planned) * 100)


def test_months_before_a_day_that_the_month_has_not():
    assert months_before(datetime.date(2026, 3, 31), 1) == datetime.date(2026, 2, 28)
    assert months_before(datetime.date(2026, 12, 5), 12) == datetime.date(2025, 12, 5)
    assert months_before(datetime.date(2026, 1, 15), 1) == datetime.date(2025, 12, 15)


# --- On record -----------------------------------------------------------------------------------------------


pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def make(centre, verifier):
    proposal = plan_propose(centre=centre, verifier=verifier)
    assert proposal
    return plan_make(centre=centre, actor=verifier, seen=proposal.digest)


def choices_of(centre, verifier):
    proposal = plan_propose(centre=centre, verifier=verifier)
    return proposal and proposal.chosen


def test_a_site_that_was_not_looked_at_is_planned_once(assessed_unit, centre, coordinator, verifier, choose, sample):
    choose(centre, every_months=12)
    sample(assessed_unit, claims=99)
    assert not choices_of(centre, verifier)
    with lifted():
        SamplingRecord.objects.update(made_at=timezone.now() - datetime.timedelta(days=800))
    say(assessed_unit.registration, coordinator, "", site="Main site")
    [planned] = make(centre, verifier).samples.all()
    assert any(reason.startswith("site Main site not looked at since ") for reason in planned.reasons)
    assert not choices_of(centre, verifier)  # the plan will look at it


def test_a_plan_is_one_event_and_made_again_adds_nothing(assessed_unit, centre, verifier, choose):
    choose(centre, summative_share=10)
    plan = make(centre, verifier)
    [planned] = plan.samples.all()
    assert planned.reasons == ["share 10 % of the units of Ann Assessor: 1 of 1"]
    assert (planned.unit_version, planned.due - plan.made_at.date()) == (
        open_version(assessed_unit),
        datetime.timedelta(days=14),
    )
    event = Event.objects.get(kind="sampling.planned")
    assert event.chain == centre.chain
    assert make(centre, verifier).samples.count() == 0
    assert PlannedSample.objects.count() == 1


def test_somebody_without_an_award_is_looked_at_in_full(assessed_unit, centre, coordinator, assessor, verifier, choose):
    disqualify(coordinator, assessor)
    choose(centre, new_in_full=True)
    [planned] = make(centre, verifier).samples.all()
    assert planned.reasons == ["assessor without an award"]


def test_a_plan_is_refused_without_policy_by_others_and_when_it_has_changed(
    assessed_unit, centre, verifier, coordinator, choose
):
    with pytest.raises(ValidationError, match="has not chosen how it samples"):
        plan_make(centre=centre, actor=verifier, seen="")
    choose(centre, summative_share=10)
    with pytest.raises(PermissionDenied):
        plan_make(centre=centre, actor=coordinator, seen="")
    shown = plan_propose(centre=centre, verifier=verifier)
    assert shown
    choose(centre, summative_share=100)
    with pytest.raises(ChangedMeanwhile):
        plan_make(centre=centre, actor=verifier, seen=shown.digest)
    assert not SamplingPlan.objects.exists()


def test_a_verifier_changes_the_plan_with_reasons(assessed_unit, centre, verifier, sample):
    with pytest.raises(ValidationError, match="reason"):
        planned_add(unit=assessed_unit, actor=verifier, reason=" ")
    planned = planned_add(unit=assessed_unit, actor=verifier, reason="A new workplace.")
    with pytest.raises(ValidationError, match="in the plan already"):
        planned_add(unit=assessed_unit, actor=verifier, reason="Again.")
    with pytest.raises(ValidationError, match="This day is over"):
        planned_move(planned=planned, actor=verifier, reason="Sooner.", due=datetime.date(2020, 1, 1))
    later = planned.due + datetime.timedelta(days=9)
    planned_move(planned=planned, actor=verifier, reason="The shop is closed.", due=later)
    planned_leave_out(planned=planned, actor=verifier, reason="Looked at by the EV.")
    planned_leave_out(planned=planned, actor=verifier, reason="Pressed twice.")
    planned_take_up(planned=planned, actor=verifier, reason="After all.")
    planned.refresh_from_db()
    assert (planned.due, planned.left_out_at) == (later, None)
    kinds = list(PlanStep.objects.values_list("kind", flat=True))
    assert kinds == ["added", "due", "left_out", "taken_up"]
    assert list(Event.objects.filter(kind__startswith="sampling.").values_list("kind", flat=True).order_by("pk")) == [
        f"sampling.{kind}" for kind in kinds
    ]
    sample(assessed_unit)
    with pytest.raises(ValidationError, match="sampled meanwhile"):
        planned_leave_out(planned=planned, actor=verifier, reason="Too late.")


def test_the_pages_lead_from_the_proposal_to_a_change(client, assessed_unit, centre, verifier, choose):
    client.force_login(verifier)
    page = reverse("verification:plan", args=[centre.uuid])
    assert b"Choose the sampling policy" in client.get(page).content
    choose(centre, summative_share=100, risk_notes="The harbour shop is new.")
    shown = client.get(page)
    assert b"Share 100 % of the units of Ann Assessor: 1 of 1" in shown.content
    assert b"The harbour shop is new." in shown.content
    assert b"changed since you opened" in client.post(page, {"seen": "old"}).content
    client.post(page, {"seen": shown.context["proposal"].digest})
    planned = PlannedSample.objects.get()
    change = reverse("verification:planned", args=[centre.uuid, planned.uuid])
    refused = client.post(change, {"do": "leave_out", "reason": ""})
    assert b"Say why: the plan is part of the record." in refused.content
    client.post(change, {"do": "leave_out", "reason": "Too far away."})
    planned.refresh_from_db()
    assert planned.left_out_at
    sample_page = reverse("verification:sample", args=[centre.uuid, assessed_unit.uuid])
    assert b"Too far away." in client.get(sample_page).content
