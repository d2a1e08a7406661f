"""How a centre stands in numbers: made by the schedule, kept day by day, and each leads to exactly its candidates."""

import datetime
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.home.report import KEPT_FOR, WORDS, reports_make, sweep_reports
from assessments.home.report_picture import one_a_week, report_picture
from assessments.models import CentreDay, UnitProgress
from background.worker import SWEEPS, TaskWorker
from notices.near_dates import cases_due_tell
from tests.assessments.home.test_home import more_units
from tests.assessments.pages import html_of, signed_in, text_of
from tests.portfolio.registrations.endings import stand
from tests.portfolio.registrations.particulars import say

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
A_DAY = datetime.timedelta(days=1)


def happened(unit, days):
    """Nothing has happened in the unit for so many days."""
    UnitProgress.objects.filter(candidate_unit=unit).update(happened_at=timezone.now() - days * A_DAY)


@pytest.fixture
def stands(unit, centre, coordinator, b10, assessor, verifier):
    """Pat was quiet for five weeks and is late; one other is stuck at once, one moves, and one has left."""
    say(unit.registration, coordinator, target_on=centre.today - A_DAY)
    people = {"centre": centre, "coordinator": coordinator, "revision": b10, "assessor": assessor, "verifier": verifier}
    alone, _, gone = more_units(3, **people)
    UnitProgress.objects.filter(candidate_unit=alone).update(turn="nobody")
    stand(gone.registration, coordinator, "withdrawn")
    happened(unit, 35)
    return centre


def test_each_number_leads_to_exactly_its_candidates(stands, coordinator):
    browser = signed_in(coordinator)
    page = html_of(browser.get(reverse("assessments:how_it_stands", args=[stands.uuid])))
    found = re.findall(r'<li><a href="([^"]+)">([^<]+)</a> <strong>(\d+)</strong>', page)
    assert [(words, int(number)) for _, words, number in found[:5]] == [
        ("Candidates at work", 3),
        ("Stuck", 2),
        ("Past their target date", 1),
        ("Quiet for four weeks", 1),
        ("Nobody is allocated", 1),
    ]
    assert len(found) == len(WORDS)
    for address, words, number in found:
        listed = browser.get(html.unescape(address)).context["listed"].page.rows
        assert len(listed) == int(number), words


def test_they_are_made_once_a_quarter_of_an_hour_and_one_row_a_day_stays(stands, coordinator):
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    assert [reports_make(noon + minutes * datetime.timedelta(minutes=1)) for minutes in (0, 14, 15, 16)] == [1, 0, 1, 0]
    row = CentreDay.objects.get()
    assert row.made_at == noon + datetime.timedelta(minutes=15)
    assert (row.numbers["open"], row.numbers["stuck"], row.numbers["candidate"]) == (3, 2, 1)
    long_ago = stands.today - KEPT_FOR
    for day in (long_ago - 2 * A_DAY, long_ago + 2 * A_DAY):
        CentreDay.objects.create(centre=stands, day=day, made_at=noon, numbers=row.numbers)
    assert sweep_reports() == 1


def test_the_worker_makes_them_between_its_tasks_and_forgets_old_ones(centre):
    TaskWorker()._make_reports()
    assert CentreDay.objects.get().centre == centre
    assert {sweep_reports, cases_due_tell} <= set(SWEEPS)


def test_the_home_reads_what_was_kept_and_says_of_when_it_is(stands, coordinator):
    browser = signed_in(coordinator)
    assert "1 registration past its target date" in text_of(browser.get("/"))  # nothing is kept yet: it is counted
    kept = dict.fromkeys(WORDS, 7)
    for days in (1, 0):
        day = stands.today - days * A_DAY
        CentreDay.objects.create(centre=stands, day=day, made_at=timezone.now() - A_DAY, numbers=kept)
    page = browser.get("/")
    assert "7 registrations past their target date" in text_of(page)
    assert "Stuck: 7, then 7" in html_of(page)
    assert f"Counted {timezone.localtime(timezone.now() - A_DAY):%-d %B %Y}" in text_of(page)


def test_making_them_takes_as_many_queries_for_many_candidates(
    unit, centre, coordinator, assessor, verifier, b10, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8) as few:
        reports_make()
    people = {"centre": centre, "coordinator": coordinator, "revision": b10, "assessor": assessor, "verifier": verifier}
    more_units(3, **people)
    with django_assert_max_num_queries(8) as many:
        assert reports_make(timezone.now() + datetime.timedelta(minutes=15)) == 1
    assert len(many) == len(few)


def test_a_picture_has_a_point_a_week_and_no_day_alone():
    first = datetime.date(2026, 11, 2)  # a Monday
    days = [(first + number * A_DAY, {"stuck": number}) for number in range(15)]
    weeks = one_a_week(days)
    assert [day.isoformat() for day, _ in weeks] == ["2026-11-08", "2026-11-15", "2026-11-16"]
    drawn = report_picture(weeks, {"stuck": "Stuck"})
    assert drawn
    assert drawn.lines[0].points == "0.0,90.3 525.0,18.3 600.0,8.0"
    assert drawn.in_words == "Stuck: 6, then 14"
    assert report_picture(weeks[:1], {"stuck": "Stuck"}) is None
