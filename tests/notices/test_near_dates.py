"""Dates that come near are told once to whom they concern: of actions, of sampling, of what is on record of staff."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.actions.services import ActionWanted, action_ask
from assessments.models import Binding
from background import worker
from centres.models import Role
from centres.staff.kinds import StaffKind
from centres.staff.services import StaffDetails, staff_record_add
from notices import near_dates
from notices.models import Notice
from notices.near_dates import due_tell, samples_due_tell, staff_due_tell, targets_tell
from notices.words import said_by_letter, said_here
from portfolio.models import Allocation
from tests.assessments.pages import signed_in, text_of
from tests.cast import disqualify, join, seen
from tests.notices.post import deliver, told
from tests.portfolio.registrations.particulars import say
from tests.verification.sampling.conftest import finding
from verification.sampling.planning import planned_add
from verification.sampling.services import unit_sample

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DAY = datetime.timedelta(days=1)


def test_the_worker_asks_for_all_of_them_daily():
    assert {due_tell, samples_due_tell, staff_due_tell, targets_tell} <= set(worker.SWEEPS)


def test_what_is_due_is_told_once(unit, assessor, verifier):
    today = timezone.localdate()
    for days in (2, 9):
        action_ask(
            actor=verifier,
            asked_as=Role.INTERNAL_VERIFIER,
            owner=assessor,
            owned_as=Role.ASSESSOR,
            unit=unit,
            wanted=ActionWanted(text="See her on a Saturday.", binding=Binding.DATE, due=today + days * DAY),
        )
    assert (due_tell(), due_tell()) == (1, 0)
    assert told(assessor).count("due") == 1


# --- Sampling ---------------------------------------------------------------------------------------


@pytest.fixture
def planned(claimed_unit, verifier):
    """Ivy looks at the unit within two days."""
    Notice.objects.all().delete()
    return planned_add(unit=claimed_unit, actor=verifier, reason="A new workplace.", due=timezone.localdate() + 2 * DAY)


def test_a_waiting_sample_is_told_to_its_verifier_once_until_it_is_done(planned, claimed_unit, verifier):
    assert (samples_due_tell(), samples_due_tell()) == (1, 0)
    notice = Notice.objects.get(person=verifier)
    assert (notice.kind, notice.about, notice.seen_at) == ("sample_due", "B10", None)
    browser = signed_in(verifier)
    assert "B10 of Pat Candidate waits for your sampling" in text_of(browser.get("/"))
    assert browser.get(notice.path).status_code == 200
    unit_sample(
        unit=claimed_unit, actor=verifier, seen=seen(claimed_unit), form_key=uuid.uuid4(), finding=finding(claimed_unit)
    )
    notice.refresh_from_db()
    assert notice.seen_at
    Notice.objects.all().delete()
    assert samples_due_tell() == 0


def test_nobody_is_told_of_a_sample_that_is_not_theirs_any_more_or_not_near(planned, verifier):
    assert samples_due_tell(timezone.localdate() - 5 * DAY) == 0
    Allocation.objects.filter(user=verifier).update(ended_at=timezone.now())
    assert samples_due_tell() == 0


# --- Target dates ---------------------------------------------------------------------------------


def test_a_target_date_is_told_90_and_30_days_before_once_each(unit, coordinator, candidate, assessor, monkeypatch):
    registration = unit.registration
    target = registration.centre.today + 100 * DAY
    say(registration, coordinator, "", target_on=target)
    numbers, now = [], [target]
    monkeypatch.setattr(type(registration.centre), "today", property(lambda _: now[0]))
    for days in (91, 90, 60, 30, 10, -1):
        now[0] = target - days * DAY
        numbers.append((targets_tell(), targets_tell()))
    assert numbers == [(0, 0), (2, 0), (0, 0), (2, 0), (0, 0), (0, 0)]
    assert [told(person).count("target") for person in (candidate, assessor, coordinator)] == [2, 2, 0]
    first = Notice.objects.filter(person=assessor, kind="target").earliest("pk")
    day = f"{target:%-d %B %Y}"
    assert said_here(first) == f"The target date comes within 90 days, on {day}, for the portfolio of Pat Candidate"
    assert "Pat" not in said_by_letter(first)


def test_nobody_is_told_of_the_target_date_of_what_is_finished(verified_unit, coordinator):
    registration = verified_unit.registration
    say(registration, coordinator, "", target_on=registration.centre.today + 9 * DAY)
    assert targets_tell() == 0


# --- Staff ------------------------------------------------------------------------------------------


def works_towards(person, coordinator, centre, days: int) -> None:
    """Put on record that they work towards an award, whose target date is in so many days."""
    disqualify(coordinator, person)
    details = StaffDetails(what="TAQA", role="assessor", since=centre.today, until=centre.today + days * DAY)
    staff_record_add(centre=centre, person=person, actor=coordinator, kind=StaffKind.TOWARDS, details=details)


def develops(person, coordinator, centre) -> None:
    details = StaffDetails(what="A course", since=centre.today, hours=Decimal(1))
    staff_record_add(centre=centre, person=person, actor=coordinator, kind=StaffKind.DEVELOPMENT, details=details)


def test_a_target_date_is_told_to_the_person_and_the_coordinator_once(centre, coordinator, assessor):
    develops(assessor, coordinator, centre)
    works_towards(assessor, coordinator, centre, 90)
    assert (staff_due_tell(), staff_due_tell()) == (2, 0)
    own, theirs = Notice.objects.get(person=assessor), Notice.objects.get(person=coordinator)
    assert own.about.startswith("Your target date for an award is ")
    assert theirs.about == "Of staff, 1 more to see to within 90 days"
    for notice in (own, theirs):
        page = signed_in(notice.person).get(f"/notices/{notice.uuid}/", follow=True)
        assert "works towards TAQA as assessor: the target date is" in text_of(page)
    deliver()
    assert {letter.to[0] for letter in mail.outbox} == {assessor.email, coordinator.email}
    assert not [letter for letter in mail.outbox if "TAQA" in letter.body]
    assert [letter.to for letter in mail.outbox if "Your target date for an award is" in letter.body] == [
        [assessor.email]
    ]


def test_a_date_that_is_far_or_over_is_not_told(centre, coordinator, assessor, monkeypatch):
    develops(assessor, coordinator, centre)
    works_towards(assessor, coordinator, centre, 91)
    assert staff_due_tell() == 0
    monkeypatch.setattr(type(centre), "today", property(lambda self: timezone.localdate() + 92 * DAY))
    staff_due_tell()
    assert not Notice.objects.filter(about__contains="target date").exists()


def test_missing_development_is_told_when_the_year_comes_to_its_end(centre, coordinator, assessor, monkeypatch):
    def told_on(month, day):
        monkeypatch.setattr(type(centre), "today", property(lambda self: datetime.date(2026, month, day)))
        staff_due_tell()
        return [*Notice.objects.filter(person=assessor, kind="staff_due").values_list("about", flat=True)]

    assert told_on(10, 1) == []
    assert told_on(10, 2) == ["No development of yours is on record in 2026"]
    assert len(told_on(12, 31)) == 1


def test_as_many_queries_for_one_of_the_staff_as_for_many(centre, coordinator):
    def queries(number):
        Notice.objects.all().delete()
        for n in range(number):
            new = join(centre, coordinator, f"A {n}", f"a{n}-{number}@harbour.example", Role.ASSESSOR)
            works_towards(new, coordinator, centre, 30)
        with CaptureQueriesContext(connection) as asked:
            assert near_dates.staff_due_tell() > number
        return len(asked)

    assert queries(1) == queries(8)
