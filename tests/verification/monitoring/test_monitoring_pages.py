"""The pages of what verifiers record: what is kept of a form that is refused, and what each person reads."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import Action
from centres.models import Membership
from centres.services.people import role_end
from tests.assessments.pages import html_of, links_of, signed_in, text_of
from tests.cast import PASSWORD, add_evidence
from tests.verification.monitoring.whole import interview_of, meeting_of, monitored, observation_of, signed
from verification.models import MeetingMinutes, MonitoringRecord
from verification.models.sampling_choices import QUESTIONS

pytestmark = pytest.mark.django_db


def at(name, centre, **named):
    return reverse(f"verification:{name}", kwargs={"centre": centre.uuid, **named})


def new(centre, what):
    return at("monitoring_new", centre, what=what)


def filled(page, **values):
    """What a browser sends of the page's form: its fields as they stand, and what was typed."""
    html = html_of(page)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)"[^>]*? value="([^"]*)"', html)
    sent: dict[str, Any] = {}
    for name, value in hidden:
        sent.setdefault(name, []).append(value)
    return sent | {"method": "in_person", "day": html_day(html), "password": PASSWORD} | values


def html_day(html):
    [day] = re.findall(r'name="day" value="([0-9-]+)"', html)
    return day


def test_an_interview_keeps_what_was_typed_until_it_is_signed_once(unit, centre, verifier):
    browser, page = signed_in(verifier), new(centre, "interview")
    shown = browser.get(page)
    assert QUESTIONS[0] in text_of(shown)
    answers = {"registration": str(unit.registration.uuid), "answer-1": "By a letter to Cora.", "words": "Nothing."}
    sent = filled(shown, **answers)
    wrong = browser.post(page, sent | {"password": "guess"})
    assert "That is not your password. Nothing was signed" in text_of(wrong)
    assert "By a letter to Cora." in html_of(wrong)
    future = browser.post(page, sent | {"day": (centre.today + timedelta(days=1)).isoformat()})
    assert "This day has not come yet" in text_of(future)
    assert not MonitoringRecord.objects.exists()
    for _ in range(2):  # pressed twice
        done = browser.post(page, sent, follow=True)
    record = MonitoringRecord.objects.get()
    assert [(one.asked, one.said) for one in record.points.all()] == [(QUESTIONS[0], "By a letter to Cora.")]
    assert "By a letter to Cora." in text_of(done)


def test_an_interview_asks_what_the_policy_asks(unit, centre, verifier, coordinator):
    browser = signed_in(coordinator)
    policy = at("sampling_policy", centre)
    sent = {"seen": "0", "summative_share": "20", "interim_share": "0", "new_months": "6", "due_days": "14"}
    browser.post(policy, sent | {"interview_questions": "Are you well?\n\n  Who helps you? \n"})
    browser = signed_in(verifier)
    shown = browser.get(new(centre, "interview"))
    assert "Who helps you?" in text_of(shown)
    assert QUESTIONS[0] not in text_of(shown)
    answers = {"registration": str(unit.registration.uuid), "answer-2": "Ann."}
    browser.post(policy, sent | {"seen": "1", "interview_questions": ""})  # meanwhile; each question keeps its answer
    browser.post(new(centre, "interview"), filled(shown, **answers))
    assert MonitoringRecord.objects.get().points.get().asked == "Who helps you?"


def test_an_observation_is_read_by_its_assessor_who_may_disagree(unit, centre, verifier, assessor):
    browser, page = signed_in(verifier), new(centre, "observation")
    assert "Whom did you observe?" in text_of(browser.get(page))
    shown = browser.get(page, {"assessor": assessor.uuid})
    typed = {"occasion": "Watched Pat.", "looked-1": "on", "exception-3": "Two led.", "unit": str(unit.uuid)}
    refused = browser.post(page, filled(shown, **typed))
    assert "Write the feedback: the assessor reads it." in text_of(refused)
    assert "Two led." in html_of(refused)
    due = (centre.today + timedelta(days=9)).isoformat()
    half = browser.post(page, filled(shown, words="Well done.", **typed, **{"action-1": "Watch another."}))
    assert "Say by which day." in text_of(half)
    asked = {"action-1": "Watch another.", "owner-1": str(assessor.uuid), "due-1": due}
    browser.post(page, filled(shown, words="Well done.", **typed, **asked))
    record = MonitoringRecord.objects.get()
    assert record.points.count() == 2
    assert Action.objects.get().owner == assessor
    browser = signed_in(assessor)
    there = at("monitoring_acknowledge", centre, monitoring=record.uuid)
    assert there in [url for url, _ in links_of(browser.get(at("monitoring_record", centre, monitoring=record.uuid)))]
    assert "Say what you do not agree with." in text_of(browser.post(there, {"answer": "disagree", "words": ""}))
    done = browser.post(there, {"answer": "disagree", "words": "It was one."}, follow=True)
    assert "Read, and not agreed" in text_of(done)
    assert "You have said already" in text_of(browser.get(there, follow=True))


def test_nothing_is_lost_where_the_assessor_left_meanwhile(unit, centre, coordinator, verifier, assessor):
    browser, page = signed_in(verifier), new(centre, "observation")
    shown = browser.get(page, {"assessor": assessor.uuid})
    role_end(membership=Membership.objects.get(user=assessor), actor=coordinator)
    typed = {"occasion": "Watched Pat.", "looked-1": "on", "words": "Kept words"}
    refused = browser.post(page, filled(shown, **typed))
    assert "Ann Assessor does not assess here now, so nothing was signed." in text_of(refused)
    assert "Kept words" in html_of(refused)
    assert not MonitoringRecord.objects.exists()
    own = browser.post(page, filled(shown, **typed) | {"assessor": str(verifier.uuid)})
    assert "You cannot observe yourself" in text_of(own)


def test_a_meeting_gets_more_lines_and_loses_none(unit, centre, verifier, assessor, candidate):
    piece = add_evidence(unit.registration, candidate)
    browser, page = signed_in(verifier), new(centre, "meeting")
    typed = {"place": "Room 2", "present": [str(assessor.uuid)], "compared-1": "B10, 1.1", "words": "Two at least."}
    more = browser.post(page, filled(browser.get(page), more="1", **typed))
    assert "Not signed yet" not in text_of(more)
    assert 'name="compared-5"' in html_of(more)
    assert re.search(rf'<input[^>]* value="{assessor.uuid}"[^>]* checked', html_of(more))
    assert "B10, 1.1" in html_of(more)
    address = reverse("portfolio:evidence", kwargs={"centre": centre.uuid, "evidence": piece.uuid})
    sent = filled(more, **typed)
    alone = browser.post(page, sent | {"present": []})
    assert "One person alone is no meeting" in text_of(alone)
    assert "Say what each decided." in text_of(alone)
    odd = browser.post(page, sent | {"decided-1": "Met.", "evidence-1": "https://harbour.example/evidence/x"})
    assert "not the address of a piece of evidence that you may read" in text_of(odd)
    browser.post(page, sent | {"decided-1": "Met.", "evidence-1": f"http://testserver{address}"})
    record = MonitoringRecord.objects.get()
    assert record.points.get().evidence == piece
    assert {one.person for one in record.attendances.all()} == {verifier, assessor}


def test_minutes_arrive_as_a_file_and_are_read_by_who_was_there(unit, centre, verifier, assessor):
    record = signed(verifier, unit, meeting_of(unit, assessor))
    page = at("monitoring_minutes", centre, monitoring=record.uuid)
    browser = signed_in(verifier)
    assert "Choose the file with the minutes." in text_of(browser.post(page, {}))
    browser.post(page, {"file": SimpleUploadedFile("minutes.txt", b"We met.")})
    kept = MeetingMinutes.objects.get()
    there = at("monitoring_minutes_file", centre, monitoring=record.uuid, minutes=kept.uuid)
    assert signed_in(assessor).get(there).getvalue() == b"We met."
    other = signed(verifier, unit, interview_of(unit))
    assert (
        browser.get(at("monitoring_minutes_file", centre, monitoring=other.uuid, minutes=kept.uuid)).status_code == 404
    )


@pytest.mark.long
def test_each_is_printed_and_so_is_its_blank(unit, centre, verifier, assessor):
    monitored(unit, verifier, assessor)
    browser = signed_in(verifier)
    for record, words in zip(
        MonitoringRecord.objects.order_by("pk"), ("All of it.", "It was one question.", "Mia of the Inn"), strict=True
    ):
        printed = browser.get(at("monitoring_print", centre, monitoring=record.uuid))
        assert words in _text(printed)
        assert _text(browser.get(at("monitoring_blank", centre, what=record.kind)))
    assert browser.get(at("monitoring_blank", centre, what="wish")).status_code == 404


def test_the_board_and_the_figures_say_who_is_to_be_observed(unit, centre, verifier, assessor, coordinator):
    browser = signed_in(coordinator)
    assert "Last standardisation meeting: none on record" in text_of(browser.get(at("board", centre)))
    shares = {"seen": "0", "summative_share": "20", "interim_share": "0", "new_months": "6", "due_days": "14"}
    asked = {"observations_a_year": "1", "candidates_an_interview": "10", "meetings_a_year": "2"}
    browser.post(at("sampling_policy", centre), shares | asked)
    long_ago = {"day": centre.today - timedelta(days=366)}
    signed(verifier, unit, observation_of(unit, assessor, **long_ago))
    board = text_of(browser.get(at("board", centre)))
    assert re.search(r"Ann Assessor is to be observed by [^:]+: overdue", board)
    signed(verifier, unit, observation_of(unit, assessor))
    signed(verifier, unit, meeting_of(unit, assessor))
    assert "is to be observed" not in text_of(browser.get(at("board", centre)))
    figures = text_of(browser.get(at("figures", centre)))
    assert "Observations of assessors 1 1 Interviews 1 0 Standardisation meetings 2 1" in figures
    assert "Observations of assessors,1,1" in browser.get(at("figures_file", centre)).content.decode()


def _text(response):
    assert response.status_code == 200
    return " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(response.content)).pages)
