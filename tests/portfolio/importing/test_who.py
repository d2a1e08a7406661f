"""Whom a row is about: candidates who sign in with a number, and candidates under 18."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assessments.proof.check import RecordCheck
from centres.candidate_numbers.services import numbered_add
from centres.guardians.models import ComingOfAge
from centres.guardians.services import coming_of_age_set
from centres.invitations.models import Invitation
from centres.models import Membership, User
from portfolio.models import Import, Registration
from record.models import Event
from tests.assessments.pages import signed_in
from tests.portfolio.importing.spreadsheets import checked, csv_file, imported

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite,
    pytest.mark.usefixtures("assessor", "verifier", "qualification"),
]

COLUMNS = ("Name", "E-mail", "Sign-in number", "Roles", "Qualification", "18 on")
NUMA = ("Numa", "", "0042", "", "Q2", "")


def sheet(*rows) -> bytes:
    return csv_file(*rows, headings=COLUMNS)


def faults(row: Import) -> list[tuple[str, str]]:
    return [(fault["cell"], fault["why"]) for one in row.rows.order_by("number") for fault in one.faults]


def said(row: Import) -> list[tuple[str, str]]:
    return list(row.rows.order_by("number").values_list("state", "sentence"))


def test_a_number_in_place_of_an_address_adds_a_candidate_who_is_found_again_by_it(centre, coordinator):
    row = checked(centre, coordinator, sheet(NUMA))
    assert row.sentence == "It adds 1 person and makes 1 registration."
    assert row.rows.get().sentence == "Joins as candidate with the number 0042. Is registered on Q2 Service."
    row = imported(centre, coordinator, sheet(NUMA))
    [(state, sentence)] = said(row)
    page = signed_in(coordinator).get(reverse("portfolio:import", args=[centre.uuid, row.uuid])).content.decode()
    assert reverse("centres:codes", args=[centre.uuid]) in page
    assert (state, sentence) == (
        "done", "Is candidate now, with the number 0042: print a one-time code for them. Registered."
    )  # fmt: skip
    numa = Registration.objects.get().candidate
    assert (numa.name, numa.candidate_sign_in_name, numa.email) == ("Numa", "90210/0042", "")
    assert not Invitation.objects.exists()
    events = Event.objects.count()
    as_printed = ("Numa", "", "90210/0042", "", "Q2", "")
    for again in (sheet(NUMA), csv_file(NUMA[::2], headings=COLUMNS[::2]), sheet(as_printed)):
        assert checked(centre, coordinator, again).sentence.startswith("It adds 0 people and makes 0 registrations")
        assert said(imported(centre, coordinator, again)) == [("same", "")]
    assert Event.objects.count() == events
    invited = imported(centre, coordinator, sheet(("Mia", "mia@new.example", "", "", "", "")))
    page = signed_in(coordinator).get(reverse("portfolio:import", args=[centre.uuid, invited.uuid])).content.decode()
    assert reverse("centres:codes", args=[centre.uuid]) not in page


def test_a_number_and_an_address_make_one_candidate_who_has_both(centre, coordinator, outsider):
    both = ("Numa", "Numa@new.example", "0042", "", "Q2", "")
    imported(centre, coordinator, sheet(both))
    numa = User.objects.get(candidate_number="0042")
    assert numa.email == "numa@new.example"
    for one in (both, ("Numa", "numa@new.example", "", "", "Q2", ""), NUMA):
        assert said(imported(centre, coordinator, sheet(one))) == [("same", "")]
    theirs = ("Olga", outsider.email, "0043", "", "Q2", "")
    [(state, _)] = said(imported(centre, coordinator, sheet(theirs)))
    assert state == "failed"
    assert not User.objects.filter(candidate_number="0043").exists()  # the whole row or nothing of it
    assert Registration.objects.count() == 1
    assert list(RecordCheck().faults()) == []


def test_who_a_row_is_about_is_said_once_and_clearly(centre, coordinator, candidate):
    numbered_add(centre=centre, actor=coordinator, name="Numa", number="0042")
    row = checked(
        centre,
        coordinator,
        sheet(
            ("Nobody", "", "", "", "", ""),
            ("Slash", "", "1/2/3", "", "", ""),
            ("Staff", "", "0050", "assessor", "", ""),
            ("Numa", candidate.email, "0042", "", "", ""),
            ("Ned", "", "a7", "", "Q2", ""),
            ("Ned", "", "A7", "", "Q2", ""),
            ("Ted", "", "A7", "", "", ""),
        ),
    )
    wrong = dict(faults(row))
    assert list(wrong) == ["B2", "C3", "C4", "C5", "B7", "A8"]
    assert wrong["B2"].startswith("Type an e-mail address, or the sign-in number")
    assert wrong["C4"].startswith("Only candidates sign in with a number.")
    assert wrong["C5"].startswith("The address is one person's here")
    assert wrong["A8"] == "A7 is Ned in row 6. Give one person one name."


def test_the_day_on_which_a_candidate_turns_18_is_recorded_once(centre, coordinator):
    day = centre.today + timedelta(days=90)
    rows = ("Mia", "mia@new.example", "", "", "", day.isoformat()), (*NUMA[:5], day.strftime("%d/%m/%Y"))
    [(_, first), (_, second)] = said(imported(centre, coordinator, sheet(*rows)))
    assert "Turns 18 on" in first
    assert "Turns 18 on" in second
    assert {(row.user.name, row.day) for row in ComingOfAge.objects.all()} == {("Mia", day), ("Numa", day)}
    assert [state for state, _ in said(imported(centre, coordinator, sheet(*rows)))] == ["same", "same"]
    mia = User.objects.get(email="mia@new.example")
    coming_of_age_set(centre=centre, actor=coordinator, person=mia, day=None)
    assert "of when they turn 18 stays" in checked(centre, coordinator, sheet(rows[0])).rows.get().sentence
    imported(centre, coordinator, sheet(rows[0]))
    assert ComingOfAge.objects.filter(user=mia).latest("pk").day is None  # what somebody said since
    assert list(RecordCheck().faults()) == []


def test_a_birthday_is_refused_and_a_day_on_record_that_has_passed_is_not(centre, coordinator, candidate):
    birth = (candidate.name, candidate.email, "", "", "", "2009-05-01")
    staff = ("Abe", "abe@new.example", "", "assessor", "", (centre.today + timedelta(days=9)).isoformat())
    wrong = dict(faults(checked(centre, coordinator, sheet(birth, staff))))
    assert wrong["F2"].startswith("Give the day on which they turn 18.")
    assert wrong["F3"].startswith("Only of candidates")
    coming_of_age_set(centre=centre, actor=coordinator, person=candidate, day=centre.today + timedelta(days=9))
    row = ComingOfAge.objects.get()
    ComingOfAge.objects.create(
        centre=centre, user=candidate, day=date(2009, 5, 1), author=coordinator, made_at=row.made_at
    )  # as if the years had passed
    assert faults(checked(centre, coordinator, sheet(birth))) == []


def test_a_number_finds_nobody_of_another_centre_and_nobody_without_an_address(centre, coordinator, outsider):
    theirs = outsider.memberships.earliest("pk").centre
    numbered_add(centre=centre, actor=coordinator, name="Other", number="0001")
    stranger = User.objects.create_numbered(centre=theirs, number="0042", name="Stranger")
    imported(centre, coordinator, sheet(NUMA))
    numa = Registration.objects.get().candidate
    assert numa not in {stranger, User.objects.get(candidate_number="0001")}
    assert not Membership.objects.filter(user=stranger).exists()
