"""A candidate or an assessor asks a witness, and sees what became of it."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from assessments.proof.rows import row_faults
from demo.clock import told_at
from portfolio.models import TestimonyRequest, Witness
from portfolio.testimony.rules import Stands, stands
from portfolio.testimony.services import OPEN_FOR, WAITING_AT_MOST, request_withdraw
from portfolio.testimony.tokens import digest_of, token_of
from record.models import Event, EventPayload
from tests.append_only import lifted
from tests.portfolio.files.typed import address, words
from tests.portfolio.testimony.asked import ask, deliver_links, give, page_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def asking(unit):
    """The page that asks."""
    return address("portfolio:witness_ask", unit.registration, portfolio=unit.registration.uuid)


def form(**said):
    """What a person types who asks Dave."""
    return {
        "form_key": str(uuid.uuid4()),
        "name": "Dave Smith",
        "email": "dave@shop.example",
        "words": "What did you see?",
        "setting": "real_job",
    } | said


def test_somebody_new_is_sent_a_link_that_only_they_and_who_asks_can_read(client, candidate, unit, asking, b10):
    client.force_login(candidate)
    criterion = b10.criteria.get(code="B10.1.1")
    page = client.get(asking)
    assert criterion.text in words(page)
    assert not any(item.text in words(page) for item in b10.criteria.filter(kind="knowledge"))
    answer = client.post(asking, form(criteria=str(criterion.uuid)), follow=True)
    asked = TestimonyRequest.objects.get()
    assert mail.outbox == []  # the page waits for no mail server
    assert "The e-mail is about to go." in words(answer)
    deliver_links()
    [sent] = mail.outbox
    assert sent.to == ["dave@shop.example"]
    assert page_of(asked) in sent.body
    assert page_of(asked) in answer.content.decode()
    assert (asked.criteria, asked.until - asked.asked_at) == ([str(criterion.uuid)], OPEN_FOR)
    assert asked.token_digest == digest_of(token_of(asked))
    told = " ".join(EventPayload.objects.values_list("body", flat=True))
    assert token_of(asked) not in told
    assert Event.objects.filter(kind="testimony.asked", actor=candidate.uuid).count() == 1
    assert [*row_faults(unit.registration.chain, unit.registration)] == []


def test_a_verifier_sees_who_was_asked_and_not_the_link(client, unit, candidate, verifier):
    asked = ask(unit.registration, candidate)
    client.force_login(verifier)
    shown = client.get(address("portfolio:testimony_request", unit.registration, asked=asked.uuid))
    assert "Dave Smith" in words(shown)
    assert token_of(asked) not in shown.content.decode()


def test_the_same_form_sent_twice_asks_once(client, candidate, asking):
    client.force_login(candidate)
    twice = form()
    for _ in range(2):
        assert client.post(asking, twice).status_code == 302
    deliver_links()
    assert TestimonyRequest.objects.count() == Witness.objects.count() == len(mail.outbox) == 1
    other = client.post(asking, twice | {"who": "new", "name": "Mary"})
    assert "This form has asked Dave Smith already." in words(other)
    assert 'value="Mary"' in other.content.decode()
    assert TestimonyRequest.objects.count() == 1


def test_a_known_witness_is_asked_by_one_choice(client, unit, candidate, asking):
    dave = ask(unit.registration, candidate).witness
    client.force_login(candidate)
    both = client.post(asking, form(who=str(dave.uuid), name="Mary"))
    assert "You chose Dave Smith and typed another name." in words(both)
    assert "Say whom you ask." in words(client.post(asking, form(name="", email="")))
    client.post(asking, form(who=str(dave.uuid), name="", email=""))
    assert [request.witness for request in TestimonyRequest.objects.all()] == [dave, dave]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": ""}, "Give their name."),
        ({"email": "dave"}, "This is no e-mail address."),
        ({"words": ""}, "Say what you want to know."),
        ({"words": "x" * 2001}, "Shorten it"),
        ({"criteria": str(uuid.uuid4())}, "a criterion that a witness cannot be asked of"),
        ({"email": "PAT@harbour.example"}, "cannot be their own witness"),
        ({"name": "pat  candidate", "email": ""}, "cannot be their own witness"),
        ({"email": "ivy@harbour.example"}, "Ivy Verifier is internal verifier of a unit in this portfolio"),
        ({"form_key": "x"}, "This form did not come whole."),
    ],
)
def test_what_cannot_be_asked_is_said_and_nothing_typed_is_lost(client, candidate, asking, said, sentence):
    client.force_login(candidate)
    typed = form(**said)
    answer = client.post(asking, typed)
    assert sentence in words(answer)
    assert not TestimonyRequest.objects.exists()
    assert mail.outbox == []
    kept = answer.context["form"]
    assert {name: kept[name].value() for name in ("name", "email", "words")} == {
        name: typed[name] for name in ("name", "email", "words")
    }


def test_only_the_candidate_and_their_assessors_ask(unit, candidate, assessor, verifier, coordinator, outsider):
    for person in (verifier, coordinator, outsider):
        with pytest.raises(PermissionDenied):
            ask(unit.registration, person)
    assert ask(unit.registration, assessor).asked_by == assessor


@pytest.mark.long
def test_too_many_requests_are_refused_until_one_is_withdrawn(unit, candidate):
    asked = [ask(unit.registration, candidate, name=f"Dave {number}") for number in range(WAITING_AT_MOST)]
    with pytest.raises(ValidationError, match="wait for an answer already"):
        ask(unit.registration, candidate)
    request_withdraw(request=asked[0], actor=candidate)
    ask(unit.registration, candidate)


def test_a_mail_that_fails_leaves_the_link_is_tried_again_and_told_to_the_coordinator(
    client, candidate, coordinator, asking, unit, settings
):
    centre, there = unit.registration.centre, settings.EMAIL_BACKEND
    client.force_login(candidate)
    client.post(asking, form())
    asked = TestimonyRequest.objects.get()
    shown = address("portfolio:testimony_request", unit.registration, asked=asked.uuid)
    people = reverse("centres:people", args=[centre.uuid])
    settings.EMAIL_BACKEND = "tests.portfolio.testimony.broken_mail.BrokenMail"
    deliver_links()
    page = client.get(shown)
    assert "The mail server did not take it. It is tried again by itself." in words(page)
    assert page_of(asked) in page.content.decode()
    with told_at(asked.letters.get().next_try_at):
        deliver_links()
        assert asked.letters.get().tries == 2
        client.force_login(coordinator)
        told = words(client.get(people))
    assert "Dave Smith , a witness of Pat Candidate: The mail server did not take it." in told

    settings.EMAIL_BACKEND = there
    with told_at(asked.letters.get().next_try_at):
        deliver_links()
        deliver_links()
    assert len(mail.outbox) == 1
    client.force_login(candidate)
    assert "The link was sent." in words(client.get(shown))
    assert "did not take it" not in words(client.get(people))


def test_what_was_withdrawn_meanwhile_is_not_sent_and_again_sends_once_more(client, candidate, asking, unit):
    client.force_login(candidate)
    client.post(asking, form())
    asked = TestimonyRequest.objects.get()
    shown = address("portfolio:testimony_request", unit.registration, asked=asked.uuid)
    client.post(shown, {"again": "1"})  # it waits already
    deliver_links()
    client.post(shown, {"again": "1"})
    deliver_links()
    assert len(mail.outbox) == asked.letters.count() == 2
    client.post(shown, {"again": "1"})
    request_withdraw(request=asked, actor=candidate)
    deliver_links()
    assert len(mail.outbox) == asked.letters.count() == 2


def test_it_stands_on_the_home_and_the_portfolio_until_it_is_answered(client, unit, candidate):
    asked, late = ask(unit.registration, candidate), ask(unit.registration, candidate, name="Mary")
    later = late.asked_at - timedelta(days=1)
    _past_triggers(late, until=later, asked_at=later - OPEN_FOR)
    client.force_login(candidate)
    portfolio = address("assessments:portfolio", unit.registration, portfolio=unit.registration.uuid)
    for page in ("/", portfolio):
        shown = words(client.get(page))
        assert re.search(r"Dave Smith asked \d", shown), page
        assert "Mary late: the time to answer ended" in shown
    give(asked)
    assert "Dave Smith asked" not in words(client.get("/"))


def test_a_request_is_withdrawn_once_and_not_when_it_was_answered(client, unit, candidate):
    asked = ask(unit.registration, candidate)
    client.force_login(candidate)
    page = address("portfolio:testimony_request", unit.registration, asked=asked.uuid)
    for _ in range(2):
        client.post(page, {"withdraw": "1"})
    asked.refresh_from_db()
    assert stands(asked) == Stands.WITHDRAWN
    assert Event.objects.filter(kind="testimony.withdrawn").count() == 1
    given = ask(unit.registration, candidate)
    give(given)
    answer = client.post(
        address("portfolio:testimony_request", unit.registration, asked=given.uuid), {"withdraw": "1"}, follow=True
    )
    assert "has answered already" in words(answer)
    assert [*row_faults(unit.registration.chain, unit.registration)] == []


def _past_triggers(row, **values):
    with lifted():
        type(row).objects.filter(pk=row.pk).update(**values)
