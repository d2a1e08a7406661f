"""Awards, competence and development are on record of staff: who records and reads them, and what follows."""

import csv
import datetime
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from centres.models import ROLES_WITH_AWARD, Role
from centres.permissions import holds_award
from centres.services.people import person_add, role_end
from centres.staff.due import due_of
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from centres.staff.selectors import StaffMember, staff_members, staff_of
from centres.staff.services import StaffDetails, staff_record_add, staff_record_end
from centres.staff.staff_list import staff_rows
from record.models import EventPayload
from tests.assessments.pages import signed_in, text_of
from tests.cast import disqualify, join
from tests.portfolio.files.typed import queries_of
from tests.printing.printed import words_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DAY = datetime.timedelta(days=1)
TODAY = datetime.date(2026, 11, 30)


def page_of(centre, person, *more, name="staff_person") -> str:
    return reverse(f"centres:{name}", args=[centre.uuid, person.uuid, *more])


def add_page(centre, person, kind) -> str:
    return page_of(centre, person, kind, name="staff_record_add")


def record(centre, coordinator, person, kind=StaffKind.AWARD, **said) -> StaffRecord:
    details: dict[str, Any] = {"what": "A1", "since": datetime.date(2010, 5, 3)} | said
    if kind in {StaffKind.AWARD, StaffKind.TOWARDS}:
        details = {"role": Role.ASSESSOR.value} | details
    return staff_record_add(centre=centre, person=person, actor=coordinator, kind=kind, details=StaffDetails(**details))


def told(kind):
    return [json.loads(one.body) for one in EventPayload.objects.filter(event__kind=kind).order_by("pk")]


# --- Who is qualified on a day ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({}, True),
        ({"until": 0}, True),
        ({"until": 1}, True),
        ({"until": -1}, False),
        ({"role": Role.INTERNAL_VERIFIER.value}, False),
    ],
)
def test_an_award_is_held_from_its_date_to_its_end_for_its_role(centre, coordinator, assessor, said, holds):
    disqualify(coordinator, assessor)
    assert not holds_award(assessor, centre, Role.ASSESSOR)
    if "until" in said:
        said = {"until": centre.today + said["until"] * DAY}
    record(centre, coordinator, assessor, **said)
    assert holds_award(assessor, centre, Role.ASSESSOR) is holds
    [member] = staff_members(centre, [assessor])
    assert bool(member.standings[0].held) is holds


def test_whoever_gave_up_the_role_or_works_elsewhere_is_not_qualified_here(centre, coordinator, assessor, outsider):
    role_end(membership=assessor.memberships.get(), actor=coordinator)
    assert not holds_award(assessor, centre, Role.ASSESSOR)
    theirs = outsider.memberships.filter(role=Role.ASSESSOR).get().centre
    record(theirs, outsider, outsider)
    assert holds_award(outsider, theirs, Role.ASSESSOR)
    person_add(centre=centre, actor=coordinator, name="", email=outsider.email, role=Role.ASSESSOR)
    assert not holds_award(outsider, centre, Role.ASSESSOR)  # each centre has records of its own


def test_an_award_takes_the_place_of_what_was_worked_towards(centre, coordinator, assessor):
    disqualify(coordinator, assessor)
    soon = centre.today + 30 * DAY
    record(centre, coordinator, assessor, StaffKind.TOWARDS, what="TAQA", until=soon)
    later = record(centre, coordinator, assessor, StaffKind.TOWARDS, what="TAQA", until=soon + 60 * DAY)
    assert list(StaffRecord.objects.open().filter(user=assessor, kind="towards")) == [later]
    award = record(centre, coordinator, assessor, what="TAQA")
    assert list(StaffRecord.objects.open().filter(user=assessor)) == [award]
    assert [one["staff_record"]["id"] for one in told("award.recorded")[-1]["also"]] == [str(later.uuid)]


def test_one_that_has_ended_takes_the_place_of_nothing_and_one_that_is_held_that_of_one_without_a_name(
    centre, coordinator, assessor
):
    disqualify(coordinator, assessor)
    about = {"centre": centre, "user": assessor, "role": "assessor", "made_at": timezone.now()}
    unnamed = StaffRecord.objects.create(**about, kind="award", what="On record before 30 November 2026, not named")
    past = record(centre, coordinator, assessor, until=centre.today - DAY)
    record(centre, coordinator, assessor, StaffKind.TOWARDS, what="TAQA", until=centre.today)
    assert holds_award(assessor, centre, Role.ASSESSOR)
    award = record(centre, coordinator, assessor, what="TAQA")
    assert set(StaffRecord.objects.open().filter(user=assessor)) == {past, award}
    unnamed.refresh_from_db()
    assert unnamed.ended_by == coordinator


def test_the_same_again_adds_nothing(centre, coordinator, assessor):
    first = record(centre, coordinator, assessor)
    events = len(told("award.recorded"))
    assert record(centre, coordinator, assessor, what=" A1 ") == first
    assert len(told("award.recorded")) == events


def test_what_is_taken_off_stays_to_be_read_with_its_reason(centre, coordinator, assessor):
    award = StaffRecord.objects.get(user=assessor)
    browser, page = signed_in(coordinator), page_of(centre, assessor, award.uuid, name="staff_record_end")
    assert "Say why: it stays in the record." in text_of(browser.post(page, {"why": " "}))
    assert holds_award(assessor, centre, Role.ASSESSOR)
    shown = text_of(browser.post(page, {"why": "Belongs to another Ann."}, follow=True))
    assert "Taken off on" in shown
    assert "by Cora Coordinator: Belongs to another Ann." in shown
    assert "Ann Assessor holds no award on record as assessor" in shown
    browser.post(page, {"why": "Again."})
    assert [one["staff_record"]["ended_why"] for one in told("award.ended")] == ["Belongs to another Ann."]
    assert "It was taken off on" in text_of(browser.get(page))


# --- Who may ----------------------------------------------------------------------------------------


def test_a_person_records_their_own_development_and_no_award(centre, assessor, verifier, coordinator):
    browser = signed_in(assessor)
    meeting = {"what": "Standardisation meeting", "since": str(centre.today), "hours": "2.5"}
    shown = text_of(browser.post(add_page(centre, assessor, "development"), meeting, follow=True))
    assert "Standardisation meeting" in shown
    assert "This year: 2.5 hours." in shown
    assert [one["staff_record"]["hours"] for one in told("development.recorded")] == ["2.50"]
    assert browser.get(add_page(centre, assessor, "award")).status_code == 403
    assert browser.get(add_page(centre, assessor, "nonsense")).status_code == 404
    award = StaffRecord.objects.get(user=assessor, kind="award")
    assert browser.post(page_of(centre, assessor, award.uuid, name="staff_record_end"), {"why": "x"}).status_code == 403
    assert browser.get(page_of(centre, verifier)).status_code == 403
    assert browser.post(add_page(centre, verifier, "development"), meeting).status_code == 403
    with pytest.raises(PermissionDenied):
        record(centre, assessor, assessor)
    with pytest.raises(PermissionDenied):
        staff_record_end(record=award, actor=assessor, why="x")


def test_nothing_is_put_on_record_of_who_is_no_staff(centre, coordinator, candidate, outsider):
    with pytest.raises(ValidationError, match="Pat Candidate neither assesses nor verifies here"):
        record(centre, coordinator, candidate)
    browser = signed_in(coordinator)
    assert browser.get(page_of(centre, candidate)).status_code == 404
    assert browser.get(page_of(centre, outsider)).status_code == 404
    assert signed_in(candidate).get(page_of(centre, candidate)).status_code == 403


def test_who_gave_up_the_role_is_still_read_by_the_coordinator(centre, coordinator, assessor):
    role_end(membership=assessor.memberships.get(), actor=coordinator)
    shown = text_of(signed_in(coordinator).get(page_of(centre, assessor)))
    assert "Neither assesses nor verifies any more" in shown
    assert "TAQA" in shown
    assert list(staff_of(centre)) == []


# --- What the forms refuse --------------------------------------------------------------------------

GOOD = {
    "award": {"role": "assessor", "what": "A1", "since": "2010-05-03"},
    "towards": {"role": "assessor", "what": "TAQA", "since": "2026-01-05", "until": "2027-06-01"},
    "approval": {"what": "City & Guilds", "since": "2026-01-05"},
    "competence": {"what": "Customer service", "since": "2010-01-05", "shown_by": "CV"},
    "development": {"what": "A course", "since": "2026-01-05", "hours": "6"},
}


@pytest.mark.parametrize("kind", GOOD)
def test_each_kind_is_saved_and_shown(centre, coordinator, assessor, kind):
    browser = signed_in(coordinator)
    shown = text_of(browser.post(add_page(centre, assessor, kind), GOOD[kind], follow=True))
    assert "Saved." in shown
    assert GOOD[kind]["what"] in shown


@pytest.mark.parametrize(
    ("kind", "wrong", "sentence"),
    [
        ("award", {"role": ""}, "Say for which role the award is."),
        ("award", {"role": "candidate"}, "Say for which role the award is."),
        ("award", {"what": " "}, "Fill this in."),
        ("award", {"what": "x" * 201}, "This has 201 characters, and 200 fit."),
        ("award", {"since": ""}, "Give a date, such as 22/11/2026."),
        ("award", {"since": "last year"}, "Give a date, such as 22/11/2026."),
        ("award", {"since": "2999-01-01"}, "This day has not come yet."),
        ("award", {"until": "2010-05-02"}, "It would end before it begins."),
        ("towards", {"until": ""}, "Give a date, such as 22/11/2026."),
        ("competence", {"shown_by": ""}, "Fill this in."),
        ("development", {"hours": ""}, "Give the hours as a number"),
        ("development", {"hours": "many"}, "Give the hours as a number"),
        ("development", {"hours": "0"}, "Give the hours as a number"),
        ("development", {"hours": "1000"}, "Give the hours as a number"),
        ("development", {"hours": "NaN"}, "Give the hours as a number"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_kept(centre, coordinator, assessor, kind, wrong, sentence):
    before = StaffRecord.objects.count()
    answered = signed_in(coordinator).post(add_page(centre, assessor, kind), GOOD[kind] | wrong)
    assert sentence in text_of(answered)
    assert answered.context["form"].data["what"] == (GOOD[kind] | wrong)["what"]
    assert StaffRecord.objects.count() == before


# --- What is due ------------------------------------------------------------------------------------


def member(centre, user, *records, roles=(Role.ASSESSOR,), today=TODAY) -> StaffMember:
    found = StaffMember(centre=centre, user=user, roles=roles, records=records)
    vars(found)["today"] = today
    return found


def award(**said) -> StaffRecord:
    return StaffRecord(**{"kind": "award", "role": "assessor", "what": "A1", "since": datetime.date(2010, 5, 3)} | said)


def towards(until) -> StaffRecord:
    return award(kind="towards", what="TAQA", until=until)


DONE = StaffRecord(kind="development", what="A course", since=datetime.date(2026, 3, 2), hours=Decimal(2))
EARLIER = StaffRecord(kind="development", what="A course", since=datetime.date(2025, 3, 2), hours=Decimal(2))
APPROVED = StaffRecord(kind="approval", what="City & Guilds", since=datetime.date(2024, 3, 2))


@pytest.mark.parametrize(
    ("records", "says"),
    [
        ([award(), DONE], []),
        ([award(until=TODAY + 91 * DAY), DONE], []),
        ([award(until=TODAY + 90 * DAY), DONE], ["holds A1 as assessor until 28 February 2027"]),
        ([award(until=TODAY + 5 * DAY), award(what="TAQA"), DONE], []),
        ([award(until=TODAY - DAY), DONE], ["held A1 as assessor until 29 November 2026"]),
        ([DONE], ["has no award on record as assessor, so what they sign is confirmed by another"]),
        ([towards(TODAY + 91 * DAY), DONE], []),
        ([towards(TODAY + 90 * DAY), DONE], ["works towards TAQA as assessor: the target date is 28 February 2027"]),
        ([towards(TODAY - DAY), DONE], ["works towards TAQA as assessor: the target date was 29 November 2026"]),
        ([award(), EARLIER], ["has no development on record in 2026"]),
        ([award(), DONE, APPROVED], []),
    ],
)
def test_what_ends_or_is_missing_is_told_ninety_days_before(centre, assessor, records, says):
    assert [one.says for one in due_of(member(centre, assessor, *records))] == says


def test_a_later_approval_by_the_same_body_counts(centre, assessor):
    def ends(days):
        return StaffRecord(kind="approval", what="City & Guilds", since=TODAY, until=TODAY + days * DAY)

    assert due_of(member(centre, assessor, award(), DONE, ends(10), ends(400))) == []
    [one] = due_of(member(centre, assessor, award(), DONE, ends(10)))
    assert one.says == "is approved by City & Guilds until 10 December 2026"


def test_development_is_not_missed_while_the_year_is_young(centre, assessor):
    assert due_of(member(centre, assessor, award(), today=datetime.date(2026, 10, 1))) == []
    assert due_of(member(centre, assessor, award(), today=datetime.date(2026, 10, 2)))


def test_the_coordinator_s_home_and_the_person_s_own_page_say_what_is_due(centre, coordinator, assessor, verifier):
    for person, role in ((assessor, Role.ASSESSOR), (verifier, Role.INTERNAL_VERIFIER)):
        record(
            centre, coordinator, person, StaffKind.DEVELOPMENT, what="A course", since=centre.today, hours=Decimal(1)
        )
        assert holds_award(person, centre, role)
    assert "within 90 days" not in text_of(signed_in(coordinator).get("/"))
    disqualify(coordinator, assessor)
    soon = centre.today + 20 * DAY
    record(centre, coordinator, assessor, StaffKind.TOWARDS, what="TAQA", until=soon)
    shown = text_of(signed_in(coordinator).get("/"))
    assert "Staff: 1 thing to see to within 90 days" in shown
    assert "First: Ann Assessor works towards TAQA as assessor: the target date is" in shown
    own = text_of(signed_in(assessor).get(page_of(centre, assessor)))
    assert "1 thing to see to within 90 days" in own
    assert "Your centre coordinator keeps your awards; you add your development." in own


# --- Lists ------------------------------------------------------------------------------------------


def test_the_list_is_searched_by_name_and_by_what_is_on_record(centre, coordinator, assessor, verifier):
    record(centre, coordinator, assessor, StaffKind.COMPETENCE, what="Hairdressing", shown_by="CV")
    browser, page = signed_in(coordinator), reverse("centres:staff", args=[centre.uuid])
    everybody = text_of(browser.get(page))
    assert "Ann Assessor Assessor TAQA since 2 March 2015" in everybody
    assert "Ivy Verifier Internal verifier TAQA" in everybody
    names = lambda find: [str(user) for user in browser.get(page, {"find": find}).context["page"]]  # noqa: E731
    assert names("ivy") == ["Ivy Verifier"]
    assert names("hairdress") == ["Ann Assessor"]
    assert names("\x00" + "x" * 500) == []
    assert "Nobody's name or record has these words." in text_of(browser.get(page, {"find": "nobody"}))


def test_a_spreadsheet_takes_nothing_for_a_formula(centre, coordinator, assessor, verifier):
    record(centre, coordinator, assessor, what='=HYPERLINK("x")')
    answered = signed_in(coordinator).get(reverse("centres:staff_csv", args=[centre.uuid]))
    assert answered["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answered.content.decode("utf-8-sig"))))
    assert [row[5] for row in rows] == ["What", "TAQA", '\'=HYPERLINK("x")', "TAQA"]
    assert rows[1][:5] == ["Ann Assessor", "ann@harbour.example", "Assessor", "Award held", "assessor"]
    disqualify(coordinator, verifier)
    assert ["Ivy Verifier", "ivy@harbour.example", "Internal verifier", "Nothing"] in staff_rows(
        centre, staff_members(centre, list(staff_of(centre)))
    )


def test_the_list_is_printed(centre, coordinator, assessor, verifier):
    answered = signed_in(coordinator).get(reverse("centres:staff_pdf", args=[centre.uuid]))
    said = words_of(answered)
    for line in ("Centre Harbour College", "Ann Assessor: Assessor", "Award held, assessor TAQA", "Ivy Verifier"):
        assert line in said


@pytest.mark.long
def test_the_pages_take_as_many_queries_with_many_staff(unit, centre, coordinator, assessor):
    browser = signed_in(coordinator)
    pages = [
        reverse("home"),
        reverse("centres:staff", args=[centre.uuid]),
        page_of(centre, assessor),
        reverse("portfolio:allocate", args=[centre.uuid, unit.uuid]),
    ]
    disqualify(coordinator, assessor)  # so that who could confirm is looked for, too
    before = [queries_of(browser, page) for page in pages]
    for number in range(3):
        new = join(centre, coordinator, f"Abe {number}", f"abe{number}@harbour.example", Role.ASSESSOR)
        record(centre, coordinator, new, StaffKind.APPROVAL, what="City & Guilds", until=centre.today)
    assert [queries_of(browser, page) for page in pages] == before
    assert max(before) <= 16, before  # of allocating, with case loads


def test_staff_who_are_added_are_led_to_their_awards(centre, coordinator):
    page = reverse("centres:person_add", args=[centre.uuid])
    for role in ROLES_WITH_AWARD:
        said = {"name": f"Nia {role.label}", "email": f"{role.value}@harbour.example", "role": role.value}
        shown = text_of(signed_in(coordinator).post(page, said, follow=True))
        assert "Now put their award on record" in shown
        assert "Record an award" in shown
