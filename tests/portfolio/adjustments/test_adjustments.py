"""Adjustments are agreed, shown to who judges and samples, named on records, and ended."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from portfolio.adjustments.selectors import helpers_in_words, in_force
from portfolio.adjustments.services import adjustment_end
from portfolio.files.written import written_text
from portfolio.models import Adjustment, EvidenceFile
from record.models import Event
from tests.assessments.observations.test_record_page import new_page, page_of, typed
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.portfolio.files.typed import queries_of
from tests.portfolio.office import agree

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SAID = {
    "kind": "reader",
    "what": "Reads out every question",
    "helper": "Rita Brown",
    "why": "Dyslexia.",
    "agreed_by": "Ama Cole, learning support",
    "since": "2026-03-02",
    "until": "2999-03-02",
}


def page(name, registration, *more):
    return reverse(f"portfolio:{name}", args=[registration.centre.uuid, registration.uuid, *more])


def kinds(registration):
    return list(Event.objects.filter(chain=registration.chain).order_by("pk").values_list("kind", flat=True))


def test_an_assessor_agrees_on_one_and_the_coordinator_ends_it(unit, assessor, coordinator, candidate):
    registration = unit.registration
    answer = signed_in(assessor).post(page("adjustment_add", registration), SAID, follow=True)
    assert "On record: Reader until 2 March 2999." in text_of(answer)
    row = Adjustment.objects.get()
    end = page("adjustment_end", registration, row.uuid)
    assert "Say why: it stays in the record." in text_of(signed_in(coordinator).post(end, {"why": " "}))
    signed_in(coordinator).post(end, {"why": "Not needed any more."})
    own = text_of(signed_in(candidate).get(page("adjustments", registration)))
    assert "Nothing is adjusted now." in own
    assert "No longer: 1" in own
    assert "Not needed any more." in own
    assert kinds(registration)[-2:] == ["adjustment.agreed", "adjustment.ended"]
    adjustment_end(adjustment=row, actor=coordinator, why="Twice.")  # of a page that is out of date
    assert kinds(registration)[-1] == "adjustment.ended"
    assert kinds(registration).count("adjustment.ended") == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what": " "}, "Say in a few words what is adjusted."),
        ({"why": ""}, "Say why: it is asked for at a visit."),
        ({"agreed_by": "\u200b"}, "Say who agreed to it."),
        ({"kind": "magic"}, "Choose one of these."),
        ({"until": "2026-03-01"}, "It would end before it begins. Look at the two dates."),
        ({"kind": "extra_time"}, "Take the name out."),
        ({"since": "soon"}, "Give a date, such as 22/11/2026."),
        ({"what": "x" * 201}, "This has 201 characters, and 200 fit."),
    ],
)
def test_what_cannot_be_agreed_is_said_and_what_was_typed_is_kept(unit, assessor, wrong, said):
    answer = signed_in(assessor).post(page("adjustment_add", unit.registration), SAID | wrong)
    assert said in text_of(answer)
    assert "2999-03-02" in html_of(answer) or "until" in wrong
    assert not Adjustment.objects.exists()


def test_the_service_refuses_the_same(registration, coordinator, assessor, candidate, outsider):
    with pytest.raises(ValidationError, match="It would end before it begins"):
        agree(registration, coordinator, until=datetime.date(2026, 3, 1))
    with pytest.raises(ValidationError, match="Take the name out"):
        agree(registration, coordinator, kind="other")
    for person in (candidate, outsider, assessor):  # who assesses no unit here yet
        with pytest.raises(PermissionDenied):
            agree(registration, person)
    assert not Adjustment.objects.exists()
    first = agree(registration, coordinator)
    assert agree(registration, coordinator) == first  # a second press of the button
    with pytest.raises(PermissionDenied):
        adjustment_end(adjustment=first, actor=candidate, why="I am well.")
    with pytest.raises(ValidationError):
        adjustment_end(adjustment=first, actor=coordinator, why="")


def test_one_of_another_centre_is_not_found(unit, outsider, coordinator, assessor):
    row = agree(unit.registration, coordinator)
    for name, more in (("adjustments", []), ("adjustment_add", []), ("adjustment_end", [row.uuid])):
        assert signed_in(outsider).get(page(name, unit.registration, *more)).status_code == 404
    assert (
        signed_in(assessor).post(page("adjustment_end", unit.registration, unit.uuid), {"why": "x"}).status_code == 404
    )


@pytest.mark.parametrize(
    ("since", "until", "holds"), [(0, 0, True), (-9, None, True), (1, None, False), (-9, -1, False), (-9, 0, True)]
)
def test_it_holds_from_its_first_day_to_its_last(registration, coordinator, since, until, holds):
    day = datetime.timedelta(days=1)
    today = registration.centre.today
    agree(registration, coordinator, since=today + since * day, until=None if until is None else today + until * day)
    assert bool(in_force([registration])) is holds


def test_who_judges_signs_off_and_samples_is_shown_it(submitted_unit, evidence, assessor, verifier, coordinator):
    pages = [
        (assessor, address("judge", submitted_unit, evidence=evidence.uuid)),
        (assessor, address("judge_same", submitted_unit, evidence=evidence.uuid)),
        (assessor, address("grid", submitted_unit)),
        (assessor, address("unit", submitted_unit)),
        (assessor, address("sign", submitted_unit)),
        (verifier, reverse("verification:sample", args=[submitted_unit.registration.centre.uuid, submitted_unit.uuid])),
    ]
    for person, url in pages:
        assert "Adjusted:" not in text_of(signed_in(person).get(url))
    row = agree(submitted_unit.registration, coordinator, until=datetime.date(2999, 3, 2))
    for person, url in pages:
        assert "Adjusted: Reader until 2 March 2999" in text_of(signed_in(person).get(url))
    adjustment_end(adjustment=row, actor=coordinator, why="Not needed any more.")
    for person, url in pages:
        assert "Adjusted before: Reader" in text_of(signed_in(person).get(url))


def test_who_helped_stands_on_the_record_of_an_assessor(claimed_unit, assessor, coordinator):
    unit = claimed_unit
    agree(unit.registration, coordinator)
    agree(unit.registration, coordinator, kind="extra_time", what="A quarter more", helper="")
    browser, helped = signed_in(assessor), f"{unit.registration.uuid}-helped"
    begun = html_of(browser.get(new_page(unit)))
    assert f'name="{helped}" value="Reader: Rita Brown"' in begun
    assert "helped" not in html_of(browser.get(new_page(unit, kind="prior_learning")))
    kept = browser.post(page_of(unit, unit.uuid), typed(unit, save="1") | {helped: ""}, follow=True)
    assert (
        "Rita Brown"
        not in html_of(kept)
        .partition('<section class="record-part"')[2]
        .partition('name="claimed"')[0]
        .split("</details>")[-1]
    )
    browser.post(page_of(unit, unit.uuid), typed(unit, sign="1") | {helped: "Rita Brown, reader"})
    assert "- Who helped: Rita Brown, reader" in written_text(EvidenceFile.objects.get())


def test_helpers_are_named_with_what_they_do(registration, coordinator):
    agree(registration, coordinator)
    agree(registration, coordinator, kind="scribe", what="Writes the answers", helper="")
    agree(registration, coordinator, kind="other", what="Large print", helper="")
    assert helpers_in_words(in_force([registration])[registration.pk]) == "Reader: Rita Brown; Scribe"


def test_the_page_takes_as_many_queries_however_many_there_are(unit, coordinator, assessor):
    agree(unit.registration, coordinator)
    few = queries_of(signed_in(assessor), page("adjustments", unit.registration))
    for number in range(8):
        agree(unit.registration, coordinator, what=f"Reads out question {number}")
    assert queries_of(signed_in(assessor), page("adjustments", unit.registration)) == few
