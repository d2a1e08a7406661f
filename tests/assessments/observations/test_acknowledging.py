"""The candidate says that they have seen what was recorded of them: from their home, or on the spot."""

import pytest
from django.urls import reverse

from assessments.models import Acknowledgement
from tests.assessments.observations.records import SEEN, said_of, sign
from tests.assessments.pages import address, links_of, signed_in, text_of
from tests.cast import PASSWORD, judge_in_bulk
from tests.printing.printed import words_of

pytestmark = pytest.mark.django_db

UNSEEN = "Not yet seen by the candidate"


@pytest.fixture
def part(unit, assessor):
    return sign(assessor, said_of(unit, "1.1")).parts.get()


def page(name, part, app="assessments"):
    of = {"centre": part.registration.centre.uuid, "evidence": part.evidence.uuid}
    return reverse(f"{app}:{name}", kwargs=of)


def test_a_candidate_finds_it_on_their_home_and_disagrees_in_words(part, candidate, assessor):
    client = signed_in(candidate)
    assert page("acknowledge", part) in dict(links_of(client.get("/")))
    assert page("acknowledge", part) in dict(links_of(client.get(page("evidence", part, "portfolio"))))
    assert SEEN in text_of(client.get(page("acknowledge", part)))
    answer = client.post(page("acknowledge", part), {"answer": "disagree", "words": ""})
    assert "Say what you do not agree with" in text_of(answer)
    client.post(page("acknowledge", part), {"answer": "disagree", "words": "It was a toaster."})
    assert Acknowledgement.objects.get().on_the_spot is False
    assert page("acknowledge", part) not in dict(links_of(client.get("/")))
    shown = text_of(signed_in(assessor).get(page("evidence", part, "portfolio")))
    assert "does not agree" in shown
    assert "It was a toaster." in shown


def test_nobody_else_says_it_for_them(part, second_unit, assessor, verifier, coordinator, outsider):
    for person, status in ((assessor, 403), (verifier, 403), (coordinator, 403), (outsider, 404)):
        assert signed_in(person).post(page("acknowledge", part), {"answer": "agree"}).status_code == status
    otto = second_unit.registration.candidate
    for name in ("acknowledge", "observation_pdf"):
        assert signed_in(otto).get(page(name, part)).status_code == 404
    assert not Acknowledgement.objects.exists()


def test_the_sign_off_page_says_what_the_candidate_has_not_seen(submitted_unit, candidate, assessor):
    judge_in_bulk(submitted_unit, assessor)
    part = sign(assessor, said_of(submitted_unit, "1.1")).parts.get()
    assert UNSEEN in text_of(signed_in(assessor).get(address("sign", submitted_unit)))
    signed_in(candidate).post(page("acknowledge", part), {"answer": "agree"})
    assert UNSEEN not in text_of(signed_in(assessor).get(address("sign", submitted_unit)))


def test_on_the_spot_the_device_shows_nothing_else_until_the_assessor_is_back(part, unit, assessor):
    client, here = signed_in(assessor), page("handed_over", part)
    assert client.post(here, {"hand": "1"})["Location"] == here
    shown = text_of(client.get(here))
    assert SEEN in shown
    assert "Sign out instead" in shown
    assert "Main" not in client.get(here).content.decode().partition("<main")[0]  # no way to what is the assessor's
    for address_of in ("/", address("unit", unit), page("evidence", part, "portfolio")):
        assert client.get(address_of)["Location"] == here
    assert client.post(address("judge", unit, evidence=part.evidence.uuid))["Location"] == here
    assert client.get(reverse("whose")).json()["whose"] == ""  # so what the browser remembers goes away

    said = {"say": "1", "answer": "agree", "words": ""}
    assert "That is not your password" in text_of(client.post(here, said | {"password": "Ann's, say"}))
    client.post(here, said | {"password": PASSWORD})
    assert Acknowledgement.objects.get().on_the_spot is True
    assert client.get("/")["Location"] == here  # not before the assessor is back
    assert "That is not your password" in text_of(client.post(here, {"back": "1", "assessor-password": "wrong"}))
    client.post(here, {"back": "1", "assessor-password": PASSWORD})
    assert client.get("/").status_code == 200


def test_only_who_signed_it_hands_the_device_over(part, candidate, coordinator):
    for person in (candidate, coordinator):
        assert signed_in(person).post(page("handed_over", part), {"hand": "1"}).status_code == 403


@pytest.mark.long
def test_it_is_printed_and_so_is_a_blank(part, unit, candidate, assessor):
    printed = signed_in(candidate).get(page("observation_pdf", part))
    assert "Assessor: Ann Assessor" in words_of(printed)
    blank = signed_in(assessor).get(address("observation_blank", unit) + "?kind=questioning")
    assert "Candidate Pat Candidate" in words_of(blank)
    assert "Question, and answer" in words_of(blank)
