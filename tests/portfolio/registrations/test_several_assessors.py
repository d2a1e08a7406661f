"""A unit has one lead assessor, who signs it off, and any number who judge and record beside them."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.recording_form.document import unit_document
from assessments.recording_form.form import recording_form
from assessments.signing.services import unit_sign_off
from assessments.standing.unit_record import unit_record
from assessments.steps_back.services import unit_return, unit_withdraw
from centres.models import Role, User
from demo.clock import told_at
from portfolio.models import Allocation, CandidateUnit, Capacity, Evidence, Registration
from portfolio.registrations.allocatable import Work
from portfolio.registrations.services import allocate, allocations_set
from record.models import Event
from tests.assessments.pages import address, signed_in, text_of, units_actions
from tests.assessments.steps import answer, judge, last_told, open_version
from tests.cast import PASSWORD, add_evidence, claim_make, join, judge_in_bulk, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def second(unit, centre, coordinator) -> User:
    """Ben, a further assessor of Pat's B10."""
    ben = join(centre, coordinator, "Ben Second", "ben@harbour.example", Role.ASSESSOR)
    allocate(unit=unit, actor=coordinator, user=ben, capacity=Capacity.ASSESSOR, leads=False)
    return ben


def working(unit) -> set[tuple[str, str, bool]]:
    standing = Allocation.objects.current().filter(candidate_unit=unit)
    return set(standing.values_list("user__name", "capacity", "leads"))


ANN = ("Ann Assessor", "assessor", True)
IVY = ("Ivy Verifier", "internal_verifier", True)
BEN = ("Ben Second", "assessor", False)


def test_a_further_assessor_replaces_nobody(unit, second):
    assert working(unit) == {ANN, IVY, BEN}


def test_one_leads(unit, second):
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.create(
            candidate_unit=unit,
            user=User.objects.get(name="Cora Coordinator"),
            capacity="assessor",
            began_at=timezone.now(),
        )


def test_who_is_to_lead_replaces_who_did_and_is_no_further_one_any_more(unit, second, coordinator):
    allocate(unit=unit, actor=coordinator, user=second, capacity=Capacity.ASSESSOR)
    assert working(unit) == {("Ben Second", "assessor", True), IVY}


def test_all_are_set_at_once_and_who_stays_is_not_allocated_anew(unit, second, assessor, verifier, coordinator):
    before = set(Allocation.objects.current())
    both = {"unit": unit, "actor": coordinator, "internal_verifier": verifier}
    allocations_set(**both, assessor=assessor)
    assert set(Allocation.objects.current()) == before
    events = Event.objects.count()
    allocations_set(**both, assessor=assessor, others=[Work(second, Capacity.ASSESSOR, False)])
    assert Event.objects.count() == events
    allocations_set(**both, assessor=second, others=[Work(assessor, Capacity.ASSESSOR, False)])
    assert working(unit) == {("Ben Second", "assessor", True), ("Ann Assessor", "assessor", False), IVY}
    allocations_set(**both, assessor=second, others=[])
    assert working(unit) == {("Ben Second", "assessor", True), IVY}


def test_a_further_assessor_is_no_verifier(unit, second, assessor, coordinator, centre):
    for capacity in (Capacity.INTERNAL_VERIFIER,):
        with pytest.raises(ValidationError, match="is no internal verifier"):
            allocate(unit=unit, actor=coordinator, user=second, capacity=capacity, leads=False)


def test_the_event_tells_who_leads_and_until_when(unit, second, coordinator):
    told = last_told(unit)["allocation"]
    assert (told["user"], told["capacity"]) == (str(second.uuid), "assessor")
    assert (told["leads"], told["until"]) == (False, None)


def test_each_of_them_judges_and_records(claimed_unit, second, assessor):
    assert judge(unit=claimed_unit, actor=second, answers=[answer(claimed_unit, 0)])[0].did == "judged"
    assert judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 1)])[0].did == "judged"
    own = add_evidence(claimed_unit.registration, second, kind="observation")
    criterion = claimed_unit.revision.criteria.filter(is_tickable=True, same_as=None)[0]
    claim_make(unit=claimed_unit, evidence=own, criterion=criterion, where="", actor=second)


def test_the_lead_alone_signs_off_returns_and_withdraws(judged_unit, second, assessor):
    stamp = open_version(judged_unit).stamp
    with pytest.raises(PermissionDenied):
        unit_sign_off(unit=judged_unit, actor=second, password=PASSWORD, seen=seen(judged_unit))
    with pytest.raises(PermissionDenied):
        unit_return(unit=judged_unit, actor=second, reason="More.", stamp=stamp)
    unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=seen(judged_unit))
    with pytest.raises(PermissionDenied):
        unit_withdraw(unit=judged_unit, actor=second, reason="More.", stamp=open_version(judged_unit).stamp)


def test_the_pages_offer_each_what_they_can_do(judged_unit, second, assessor):
    assert {"sign", "return"} <= units_actions(signed_in(assessor).get(address("unit", judged_unit)))
    page = signed_in(second).get(address("unit", judged_unit))
    assert not {"sign", "return"} & units_actions(page)
    assert "Lead assessor: Ann Assessor Further assessor: Ben Second Internal verifier: Ivy Verifier" in text_of(page)
    for name in ("sign", "return"):
        assert signed_in(second).get(address(name, judged_unit)).status_code == 403


def queue_of(user) -> str:
    return text_of(signed_in(user).get("/")).partition("To assess")[2].partition("Your candidates")[0]


def test_claims_to_judge_are_in_everybodys_queue_and_the_sign_off_in_the_leads(submitted_unit, second, assessor):
    assert "B10" in queue_of(assessor)
    assert "B10" in queue_of(second)
    judge_in_bulk(submitted_unit, assessor)
    assert "all judged: sign off or return" in queue_of(assessor)
    assert "B10" not in queue_of(second)


def test_cover_that_has_an_end_opens_nothing_from_then_on(claimed_unit, second, coordinator):
    unit, now = claimed_unit, timezone.now()
    until = now + datetime.timedelta(days=3)
    allocate(unit=unit, actor=coordinator, user=second, capacity=Capacity.ASSESSOR, leads=False, until=until)
    opened = (Registration, CandidateUnit, Evidence)
    judging = {"unit": unit, "actor": second, "answers": [answer(unit)]}
    with told_at(until - datetime.timedelta(minutes=1)):
        assert all(model.objects.visible_to(second).exists() for model in opened)
        assert "B10" in queue_of(second)
    with told_at(until + datetime.timedelta(minutes=1)):
        assert not any(model.objects.visible_to(second).exists() for model in opened)
        assert "B10" not in queue_of(second)
        with pytest.raises(PermissionDenied):
            judge(**judging)


def page_of(unit) -> str:
    return reverse("portfolio:allocate", args=[unit.registration.centre.uuid, unit.uuid])


def said_on(page, **changes) -> dict:
    """What the page of allocations sends back, with these changes."""
    form = page.context["form"]
    said = {name: field.value() for name, field in ((name, form[name]) for name in form.fields)}
    return {name: value for name, value in (said | changes).items() if value not in (None, False)}


def test_the_coordinator_adds_a_further_assessor_for_a_time_and_takes_them_out_again(unit, centre, coordinator):
    ben = join(centre, coordinator, "Ben Second", "ben@harbour.example", Role.ASSESSOR)
    browser = signed_in(coordinator)
    page = browser.get(page_of(unit))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    said = said_on(page, another=f"assessor:{ben.uuid}", another_until=tomorrow.isoformat())
    answer = browser.post(page_of(unit), said, follow=True)
    assert "Ann Assessor assesses, Ivy Verifier verifies. Beside them on B10: Ben Second." in text_of(answer)
    assert working(unit) == {ANN, IVY, BEN}
    page = browser.get(page_of(unit))
    last = f"{tomorrow.day} {tomorrow:%B %Y}"
    assert f"Ben Second, assessor, until {last}" in text_of(page)
    assert browser.post(page_of(unit), said_on(page)).status_code == 302
    assert working(unit) == {ANN, IVY, BEN}
    assert browser.post(page_of(unit), said_on(page, kept=[])).status_code == 302
    assert working(unit) == {ANN, IVY}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"another_until": "2026-01-02"}, "This day is over."),
        ({"another_until": "2096-01-02", "another": ""}, "Say who works on it until then."),
        ({"another_until": "tomorrow"}, "Give a date, such as 22/11/2026."),
    ],
)
def test_a_cover_needs_somebody_and_a_day_to_come(said, why, unit, centre, coordinator):
    ben = join(centre, coordinator, "Ben Second", "ben@harbour.example", Role.ASSESSOR)
    browser = signed_in(coordinator)
    sent = said_on(browser.get(page_of(unit)), another=f"assessor:{ben.uuid}") | said
    assert why in text_of(browser.post(page_of(unit), sent))
    assert working(unit) == {ANN, IVY}


@pytest.mark.long
def test_the_form_lists_everybody_who_judged(submitted_unit, second, assessor):
    judge(unit=submitted_unit, actor=second, answers=[answer(submitted_unit, 0)])
    for place in range(1, 30):
        judge(unit=submitted_unit, actor=assessor, answers=[answer(submitted_unit, place)])
    form = recording_form(unit_document(unit_record(submitted_unit)), digest=None)
    assert form.assessors == ("Ann Assessor", "Ben Second")


def test_it_lists_nobody_besides_the_one_who_judged_it_all_and_signed(assessed_unit):
    assert recording_form(unit_document(unit_record(assessed_unit)), digest=None).assessors == ()


def test_who_leads_has_no_end(unit, assessor, coordinator):
    until = timezone.now() + datetime.timedelta(days=3)
    with pytest.raises(ValidationError, match="Only further people have an end"):
        allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR, until=until)
    assert Allocation.objects.get(user=assessor, ended_at=None).until is None
