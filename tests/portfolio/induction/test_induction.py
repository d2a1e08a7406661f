"""Candidates read and sign an induction, once for each portfolio; nothing waits for it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from portfolio.induction.services import induction_sign
from portfolio.induction.text import OURS, induction_text_set, induction_words
from portfolio.models import Induction, InductionText
from record.errors import ChangedMeanwhile
from record.models import Event
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.at_once import raised_at_once
from tests.cast import PASSWORD
from tests.portfolio.office import induct, say_other_words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def page(registration):
    return reverse("portfolio:induction", args=[registration.centre.uuid, registration.uuid])


def seen_on(answer):
    return html_of(answer).partition('name="seen" value="')[2].partition('"')[0]


def test_the_candidate_reads_it_and_signs_with_their_password(registration, candidate):
    browser = signed_in(candidate)
    assert "Read and sign your induction" in text_of(browser.get("/"))
    read = browser.get(page(registration))
    assert OURS["appeals"] in text_of(read)
    seen = seen_on(read)
    assert "Type your password to sign." in text_of(browser.post(page(registration), {"seen": seen}))
    wrong = browser.post(page(registration), {"seen": seen, "password": "wrong"})
    assert "That is not your password. Nothing was signed." in text_of(wrong)
    assert not Induction.objects.exists()
    browser.post(page(registration), {"seen": seen, "password": PASSWORD})
    signed = Induction.objects.get()
    assert signed.digest == seen == induction_words(registration.centre).digest
    assert "You read this and signed it on" in text_of(browser.get(page(registration)))
    assert "Read and sign your induction" not in text_of(browser.get("/"))
    again = browser.post(page(registration), {"seen": seen, "password": PASSWORD}, follow=True)
    assert "You have signed this already." in text_of(again)
    assert Event.objects.filter(kind="induction.signed", chain=registration.chain).count() == 1


def test_a_text_that_changed_meanwhile_is_read_again(registration, candidate, centre, coordinator):
    browser = signed_in(candidate)
    seen = seen_on(browser.get(page(registration)))
    say_other_words(centre, coordinator, appeals="Write to Cora within a week.")
    answer = browser.post(page(registration), {"seen": seen, "password": PASSWORD})
    assert "The text was changed since you opened the page." in text_of(answer)
    assert "Write to Cora within a week." in text_of(answer)
    browser.post(page(registration), {"seen": seen_on(answer), "password": PASSWORD})
    say_other_words(centre, coordinator, appeals="Telephone.")
    assert "Write to Cora within a week." in text_of(browser.get(page(registration)))  # as it was signed


def test_nobody_else_signs_it(unit, assessor, coordinator, outsider):
    registration = unit.registration
    for person in (assessor, coordinator):
        shown = text_of(signed_in(person).get(page(registration)))
        assert "Pat Candidate has not signed this yet." in shown
        assert signed_in(person).post(page(registration), {"password": PASSWORD}).status_code == 403
    assert signed_in(outsider).get(page(registration)).status_code == 404
    with pytest.raises(PermissionDenied):
        induction_sign(registration=registration, actor=assessor, password=PASSWORD, seen="")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_signed_four_times_at_once_it_is_signed_once(registration):
    assert raised_at_once(*[lambda: induct(registration)] * 4) == []
    assert Induction.objects.count() == 1
    assert Event.objects.filter(kind="induction.signed").count() == 1


def test_a_wrong_password_too_often_is_told_to_wait(registration, candidate):
    browser = signed_in(candidate)
    seen = seen_on(browser.get(page(registration)))
    answers = [text_of(browser.post(page(registration), {"seen": seen, "password": "wrong"})) for _ in range(12)]
    assert "That was a wrong password too often." in answers[-1]


def test_the_assessor_is_told_at_the_sign_off_and_the_coordinator_counts(submitted_unit, assessor, coordinator):
    registration = submitted_unit.registration
    sign_off, home = address("sign", submitted_unit), "/"
    waiting = reverse("portfolio:inductions", args=[registration.centre.uuid])
    assert "Pat Candidate has not signed the induction." in text_of(signed_in(assessor).get(sign_off))
    assert "Induction not signed: 1" in text_of(signed_in(coordinator).get(home))
    assert "Pat Candidate" in text_of(signed_in(coordinator).get(waiting))
    induct(registration)
    assert "has not signed the induction" not in text_of(signed_in(assessor).get(sign_off))
    assert "Induction not signed" not in text_of(signed_in(coordinator).get(home))
    assert "Everybody has signed." in text_of(signed_in(coordinator).get(waiting))


def test_who_has_nothing_left_to_do_is_not_counted(verified_unit, coordinator):
    assert "Induction not signed" not in text_of(signed_in(coordinator).get("/"))


def test_the_coordinator_puts_in_the_centre_s_own_words(centre, coordinator):
    browser, url = signed_in(coordinator), reverse("portfolio:induction_text", args=[centre.uuid])
    assert "These words came with the site." in text_of(browser.get(url))
    said = OURS | {"seen": "0", "complaints": "Ask for Cora."}
    assert "Say something here" in text_of(browser.post(url, said | {"data": " "}))
    assert not InductionText.objects.exists()
    browser.post(url, said)
    assert induction_words(centre).said["complaints"] == "Ask for Cora."
    stale = browser.post(url, said | {"complaints": "Ask for Carl."})
    assert "This text was changed since you opened the page." in text_of(stale)
    assert "Ask for Carl." in html_of(stale)
    assert InductionText.objects.count() == 1
    browser.post(url, said)  # the same again
    assert InductionText.objects.count() == 1


def test_only_the_coordinator_does(centre, coordinator, assessor):
    with pytest.raises(PermissionDenied):
        induction_text_set(centre=centre, actor=assessor, seen=0, said=OURS)
    with pytest.raises(ValidationError):
        induction_text_set(centre=centre, actor=coordinator, seen=0, said=OURS | {"data": ""})
    say_other_words(centre, coordinator, data="Ours.")
    with pytest.raises(ChangedMeanwhile):
        induction_text_set(centre=centre, actor=coordinator, seen=0, said=OURS)
