"""A witness answers by the link alone, and what they give is evidence in their words."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from assessments.proof.rows import row_faults
from assessments.recording_form.document import unit_document
from assessments.standing.unit_record import unit_record
from portfolio.evidence.services import evidence_remove
from portfolio.evidence.taking import evidence_take
from portfolio.models import Claim, Evidence, Participation, Testimony
from portfolio.registrations.services import registration_create
from portfolio.testimony.giving import DECLARATION
from portfolio.testimony.services import OPEN_FOR, request_withdraw
from record.models import EventPayload
from tests.append_only import lifted
from tests.assessments.pages import address as unit_address
from tests.cast import claim_make
from tests.portfolio.files.typed import address, another_unit, words
from tests.portfolio.testimony.asked import SAW, ask, give, page_of, send

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def criterion(b10):
    return b10.criteria.get(code="B10.1.2")


@pytest.fixture
def asked(unit, candidate, criterion):
    """Dave is asked for one criterion."""
    return ask(unit.registration, candidate, criteria=[str(criterion.uuid)])


def test_the_page_tells_a_stranger_what_is_asked_and_nothing_else(asked, criterion, evidence):
    page = Client().get(page_of(asked))
    shown = words(page)
    assert "Pat Candidate asks what you saw" in shown
    assert asked.words in shown
    assert criterion.text in shown
    assert evidence.versions.get().title not in shown
    assert "C-1001" not in shown
    assert page["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page["X-Robots-Tag"]
    assert "sessionid" not in page.cookies
    assert Client().get("/testimony/wrong/").status_code == 404


def test_what_is_given_becomes_numbered_evidence_that_claims_nothing(asked, unit, criterion, evidence):
    browser = Client(enforce_csrf_checks=True)  # no browser says where this form came from
    answer = browser.post(
        page_of(asked),
        {
            "words": SAW, "happened_from": "2026-03-02", "place": "At the counter", "name": "David Smith",
            "role": "Shift manager", "relation": "manager", "contact": "020 7946 0000", "declared": "on",
            "criteria": [str(criterion.uuid)],
        },
        headers={"origin": "null"},
        follow=True,
    )  # fmt: skip
    assert "Thank you" in words(answer)
    testimony = Testimony.objects.get()
    piece = testimony.evidence
    version = piece.versions.get()
    assert (piece.number, str(piece.witness), version.kind) == (2, "David Smith", "witness_testimony")
    assert version.title == "Testimony of David Smith, Shift manager"
    assert (testimony.criteria, testimony.declaration, testimony.given_on) == (
        [str(criterion.uuid)],
        DECLARATION,
        "own",
    )
    assert not Claim.objects.filter(evidence=piece).exists()
    given = json.loads(EventPayload.objects.get(event__kind="testimony.given").body)
    assert given["testimony"]["evidence"] == str(piece.uuid)
    assert EventPayload.objects.get(event__kind="testimony.given").event.actor is None
    assert [*row_faults(unit.registration.chain, unit.registration)] == []


def test_the_candidate_claims_what_the_witness_ticked_and_all_name_the_witness(
    client, asked, unit, criterion, candidate, assessor
):
    piece = give(asked, criteria=[str(criterion.uuid)]).evidence
    client.force_login(candidate)
    shows = client.get(unit_address("claims", unit, evidence=piece.uuid))
    likely = shows.content.decode().partition("Most likely")[2].partition('<div class="claim-block">')[0]
    assert criterion.text in likely
    claim_make(unit=unit, evidence=piece, criterion=criterion, where="", actor=candidate)
    assert {one.user for one in Participation.objects.filter(candidate_unit=unit)} == {candidate}
    client.force_login(assessor)
    for page in (
        address("portfolio:evidence", unit.registration, evidence=piece.uuid),
        unit_address("judge", unit, evidence=piece.uuid),
    ):
        shown = words(client.get(page))
        assert "Dave Smith, Shift manager" in shown
        assert "How did you reach" not in shown
        assert "Note how you reached them" in shown
        assert SAW in shown
    [told] = unit_document(unit_record(unit))["evidence"]
    assert piece.witness
    assert told["author"] == {"id": str(piece.witness.uuid), "name": "Dave Smith", "capacity": "witness"}


def test_nobody_corrects_or_removes_the_words_of_a_witness(client, asked, candidate, unit):
    piece = give(asked).evidence
    with pytest.raises(PermissionDenied):
        evidence_remove(evidence=piece, actor=candidate)
    client.force_login(candidate)
    assert client.get(address("portfolio:evidence_correct", unit.registration, evidence=piece.uuid)).status_code == 403


def test_it_stays_the_words_of_the_witness_in_another_portfolio(asked, candidate, centre, coordinator, client):
    piece = give(asked).evidence
    other = registration_create(
        centre=centre, actor=coordinator, candidate=candidate, number="", revisions=[another_unit()]
    )
    taken = evidence_take(evidence=piece, into=other, actor=candidate)
    assert taken.witness == piece.witness
    client.force_login(candidate)
    assert "Dave Smith" in words(client.get(address("portfolio:witnesses", other, portfolio=other.uuid)))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"words": ""}, "Say what you saw."),
        ({"words": "x" * 20_001}, "Shorten it"),
        ({"happened_from": "2999-01-01"}, "This date is in the future."),
        ({"declared": ""}, "Without it, it is no testimony."),
        ({"relation": "king"}, "Choose one of these."),
        ({"name": "Pat Candidate"}, "cannot be their own witness"),
        ({"contact": "ivy@harbour.example"}, "never a witness"),
        ({"criteria": "x"}, "Tick only what stands on this page."),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(asked, said, sentence):
    answer = send(Client(), asked, **said)
    assert sentence in words(answer)
    assert "Shift manager" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_second_answer_is_told_that_the_first_stands_and_keeps_its_words(asked):
    assert send(Client(), asked).status_code == 302
    again = send(Client(), asked, words="Something else.")
    assert "This was answered" in words(again)
    assert "Something else." in words(again)
    assert Evidence.objects.count() == 1


def test_a_link_works_no_more_when_it_was_withdrawn_or_is_late(asked, unit, candidate):
    late = ask(unit.registration, candidate, name="Mary")
    with lifted():
        began = late.asked_at - OPEN_FOR - timedelta(days=1)
        type(late).objects.filter(pk=late.pk).update(asked_at=began, until=began + OPEN_FOR)
    request_withdraw(request=asked, actor=candidate)
    for request, sentence in ((asked, "This request was withdrawn."), (late, "The time for this is over")):
        answer = send(Client(), request)
        assert sentence in words(answer)
        assert SAW in words(answer)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(("who", "given_on"), [("candidate", "candidate"), ("assessor", "centre"), ("outsider", "own")])
def test_a_device_on_which_somebody_is_signed_in_is_marked_and_shows_nothing_of_theirs(
    client, asked, who, given_on, request
):
    person = request.getfixturevalue(who)
    client.force_login(person)
    page = client.get(page_of(asked))
    assert "Sign out" not in words(page)
    assert ("is signed in on this device" in words(page)) == (who == "candidate")
    send(client, asked)
    assert Testimony.objects.get().given_on == given_on


def test_a_verifier_of_the_portfolio_gives_nothing_from_their_own_browser(client, asked, verifier):
    client.force_login(verifier)
    assert "never a witness" in words(send(client, asked))
    assert not Evidence.objects.exists()


def test_a_name_stays_once_it_stands_on_a_testimony(asked, unit, candidate):
    dave = give(asked, name="David Smith").evidence.witness
    assert dave
    again = ask(unit.registration, candidate, witness=dave)
    page = Client().get(page_of(again))
    assert "David Smith" in words(page)
    assert 'name="name"' not in page.content.decode()
    send(Client(), again, name="Somebody Else", role="Owner")
    dave.refresh_from_db()
    assert (dave.name, dave.role) == ("David Smith", "Owner")
    assert [*row_faults(unit.registration.chain, unit.registration)] == []


def test_too_many_answers_from_one_address_wait_a_minute_and_nothing_is_lost(asked, settings):
    settings.ACCOUNT_RATE_LIMITS = {"testimony": "1/m/ip"}
    send(Client(), asked, name="Pat Candidate")  # refused, and counted
    answer = send(Client(), asked)
    assert "Wait a minute" in words(answer)
    assert SAW in answer.content.decode()


def test_two_answers_at_once_make_one_piece(asked):
    give(asked)
    with pytest.raises(Exception, match="given"):
        give(asked)
    assert Evidence.objects.count() == 1


def test_a_day_to_come_is_refused_by_the_service_too(asked):
    with pytest.raises(ValidationError, match="in the future"):
        give(asked, happened_from=asked.until.date() + timedelta(days=400))
