"""What an awarding body asks of a registration: recorded, corrected with a reason, read, and told."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assessments.models import Signature
from assessments.recording_form.document import unit_document
from assessments.recording_form.form import recording_form
from assessments.standing.unit_record import unit_record
from portfolio.models import Registration, RegistrationParticulars
from portfolio.models.particulars import uln_is_right
from portfolio.registrations.particulars import NOT_YET, ParticularsSaid, particulars_changes, particulars_record
from record.errors import ChangedMeanwhile
from record.models import Event
from tests.assessments.pages import html_of, signed_in, text_of
from tests.assessments.proof.test_verify_against import verify
from tests.cast import seen
from tests.portfolio.registrations.particulars import WHOLE, say

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def address(registration: Registration) -> str:
    return reverse("portfolio:particulars", args=[registration.centre.uuid, registration.uuid])


def typed(page) -> dict[str, str]:
    """What a browser sends of the page as it stands."""
    form = page.context["form"]
    return {field.name: field.value() or "" for field in form} | {"seen": str(form["seen"].value())}


def versions(registration: Registration) -> list[tuple[int, str, bool]]:
    rows = registration.particulars.values_list("version", "number", "replaced_at")
    return [(version, number, replaced is None) for version, number, replaced in rows]


@pytest.mark.parametrize(
    ("uln", "is_right"),
    [("1000000000", True), ("1000000001", False), ("0000000000", False), ("100000000", False), ("１000000000", False)],
)
def test_the_last_digit_of_a_uln_checks_the_others(uln, is_right):
    assert uln_is_right(uln) is is_right


def test_all_of_it_is_recorded_and_what_was_there_stays_on_record(registration, coordinator, capsys):
    row = say(registration, coordinator, **WHOLE)
    assert {name: getattr(row, name) for name in WHOLE} == WHOLE
    assert registration.number == "C-8"
    assert versions(registration) == [(1, "C-1001", False), (2, "C-8", True)]
    [change] = particulars_changes(registration, registration.centre.words)
    assert (change.by, change.reason) == ("Cora Coordinator", "Mistyped.")
    assert ("Candidate number", "C-1001", "C-8") in change.parts
    assert ("Target date", "", "30 September 2026") in change.parts
    kinds = Event.objects.filter(chain=registration.chain).order_by("sequence").values_list("kind", flat=True)
    assert list(kinds)[-1] == "particulars.corrected"
    assert Event.objects.filter(chain=registration.centre.chain, kind="portfolio.corrected").count() == 1
    assert verify(capsys)[1]


def test_a_change_of_what_was_there_asks_for_a_reason_and_an_addition_does_not(registration, coordinator):
    say(registration, coordinator, "", site="Main site")
    assert Event.objects.latest("pk").kind == "particulars.recorded"
    for change in ({"site": "Harbour"}, {"site": ""}, {"number": ""}):
        with pytest.raises(ValidationError) as refused:
            say(registration, coordinator, " ", **change)
        assert "reason" in refused.value.message_dict
    assert say(registration, coordinator, "", cohort="Spring").version == 3
    assert say(registration, coordinator, "Moved.", site="Harbour").reason == "Moved."


def test_the_same_again_changes_nothing_and_capitals_can_be_corrected(registration, coordinator):
    say(registration, coordinator, "", site="main site")
    assert say(registration, coordinator, "", site=" main  site ").version == 2
    assert RegistrationParticulars.objects.count() == 2
    assert say(registration, coordinator, site="Main site").site == "Main site"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"uln": "1000000001"}, "the last does not fit the others"),
        ({"uln": "12"}, "This is no ULN"),
        ({"started_on": date(2026, 3, 2), "target_on": date(2026, 3, 1)}, "The target date is before the start."),
        ({"registered_on": date(2026, 3, 2), "ended_on": date(2026, 3, 1)}, "The end is before the registration."),
        ({"registered_on": date(2126, 3, 2)}, "Look at the year"),
        ({"target_on": date(26, 3, 2)}, "Look at the year"),
        ({"registered_on": date(2099, 3, 2)}, NOT_YET),
        ({"certificate_number": "K-1"}, "Give the day on which the certificate was claimed"),
        ({"site": "x" * 61}, "60"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(registration, coordinator, said, words):
    with pytest.raises(ValidationError) as refused:
        say(registration, coordinator, **said)
    assert words in " ".join(refused.value.messages)
    assert not RegistrationParticulars.objects.exists()


def test_the_page_shows_what_is_wrong_beside_its_field_and_keeps_what_was_typed(registration, coordinator):
    browser = signed_in(coordinator)
    sent = typed(browser.get(address(registration))) | {"uln": "100 000 000 1", "site": "Main site"}
    page = browser.post(address(registration), sent)
    assert "uln" in page.context["form"].errors
    assert 'value="Main site"' in html_of(page)
    page = browser.post(address(registration), sent | {"uln": "100 000 0000"}, follow=True)
    assert "Saved. What was signed keeps what it says" in text_of(page)
    assert "ULN 1000000000" in text_of(page)
    assert "Site Main site" in text_of(page)
    again = browser.post(address(registration), typed(browser.get(address(registration))), follow=True)
    assert "Nothing differs from what was there before." in text_of(again)


def test_two_at_once_lose_nothing(registration, coordinator):
    first = second = signed_in(coordinator)
    sent = typed(first.get(address(registration)))
    first.post(address(registration), sent | {"site": "Main site", "cohort": "Spring"})
    page = second.post(address(registration), sent | {"target_on": "2026-09-30"})
    assert "The particulars were changed since you opened the page." in text_of(page)
    over = typed(page)
    assert (over["site"], over["cohort"], over["target_on"]) == ("Main site", "Spring", "2026-09-30")
    second.post(address(registration), over)
    row = RegistrationParticulars.objects.current().get()
    assert (row.site, row.cohort, row.target_on) == ("Main site", "Spring", date(2026, 9, 30))
    of_before = ParticularsSaid(number="C-9")
    with pytest.raises(ChangedMeanwhile):
        particulars_record(registration=registration, actor=coordinator, said=of_before, seen=1, reason="x")


def test_only_a_coordinator_of_the_centre_records_and_all_who_see_the_portfolio_read(
    unit, coordinator, candidate, assessor, outsider
):
    registration = unit.registration
    say(registration, coordinator, "", target_on=date(2026, 9, 30))
    for person in (candidate, assessor, outsider):
        with pytest.raises(PermissionDenied):
            say(registration, person, site="Elsewhere")
    portfolio = reverse("assessments:portfolio", args=[registration.centre.uuid, registration.uuid])
    for person, corrects in ((candidate, False), (assessor, False), (coordinator, True)):
        page = text_of(signed_in(person).get(portfolio))
        assert "Target date 30 September 2026" in page
        assert ("Correct particulars" in page) is corrects


def test_what_was_signed_keeps_what_it_said_and_a_later_form_has_the_new(submitted_unit, coordinator, capsys):
    unit, registration = submitted_unit, submitted_unit.registration
    shown = seen(unit)
    say(registration, coordinator, **WHOLE)
    unit = type(unit).objects.get(pk=unit.pk)
    assert seen(unit) != shown  # so nobody signs what they did not see
    submission = json.loads(Signature.objects.get().document.body)
    assert submission["candidate"]["number"] == "C-1001"
    assert "registration" not in submission
    now = unit_document(unit_record(unit))
    assert now["registration"] == {
        "uln": "1000000000", "awarding_body": "Example Awards", "registered_on": "2026-03-02",
    }  # fmt: skip
    said = recording_form(now, digest=None).candidate.details
    assert said == "Candidate number C-8, ULN 1000000000, registered with Example Awards on 2 Mar 2026"
    assert recording_form(submission, digest=None).candidate.details == "Candidate number C-1001"
    assert verify(capsys)[1]


def test_who_registers_says_what_the_awarding_body_asks(centre, coordinator, candidate, b10, registration):
    say(registration, coordinator, "", site="Main site")
    browser = signed_in(coordinator)
    page = reverse("portfolio:registration_add", args=[centre.uuid])
    shown = browser.get(page)
    assert '<option value="Main site">' in html_of(shown)
    sent = {"candidate": candidate.uuid, "number": "C-9", "revisions": [b10.uuid], "site": "MAIN SITE"}
    sent |= {"form_key": shown.context["form"]["form_key"].value(), "uln": "1"}
    refused = browser.post(page, sent)
    assert "This is no ULN" in text_of(refused)
    assert "open" in html_of(refused).partition("<summary>What the awarding body asks")[0].rpartition("<details")[2]
    sent |= {"uln": "1000000000", "form_key": refused.context["form"]["form_key"].value()}
    assert browser.post(page, sent)["Location"] == browser.post(page, sent)["Location"]
    row = RegistrationParticulars.objects.latest("pk")
    assert (row.registration.number, row.number, row.uln, row.site) == ("C-9", "C-9", "1000000000", "Main site")
    another = browser.post(page, sent | {"cohort": "Autumn"})
    assert "has registered Pat Candidate already" in text_of(another)
    assert Registration.objects.count() == 2


def test_the_list_finds_by_site_cohort_and_target(centre, coordinator, registration):
    browser = signed_in(coordinator)
    list_at = reverse("portfolio:registrations", args=[centre.uuid])

    def found(query: str) -> int:
        return len(browser.get(list_at + query).context["candidates"])

    assert "All sites" not in html_of(browser.get(list_at))
    say(registration, coordinator, "", site="Main site", cohort="Spring", target_on=centre.today - timedelta(days=1))
    say(registration, coordinator, site="Harbour")
    assert [found(f"?site={site}") for site in ("Harbour", "Main+site")] == [1, 1]
    assert "Main site" not in html_of(browser.get(list_at))  # it is nobody's site now
    assert [found(f"?cohort={cohort}") for cohort in ("Spring", "Autumn")] == [1, 1]
    assert [found(f"?target={which}") for which in ("past", "near")] == [1, 0]
    home = text_of(browser.get(reverse("home")))
    assert "1 registration past its target date" in home
    say(registration, coordinator, ended_on=centre.today)
    assert found("?target=past") == 0
    assert "past its target date" not in text_of(browser.get(reverse("home")))
