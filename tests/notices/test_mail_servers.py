"""Letters and the mail server that takes them, late or not at all. Each is a real one, on this machine."""

import datetime
from email import message_from_string

import pytest
from django.utils import timezone

from demo.clock import told_at
from notices.models import Letter
from notices.services import letter_send, letters_ask, letters_make, undelivered
from portfolio.models import WorkLane
from portfolio.services.mail import GIVEN_UP_AFTER
from portfolio.services.waiting_work import work_take
from tests.assessments.pages import signed_in, text_of
from tests.mail_server import running_mail_server
from tests.notices.post import deliver

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOBODY = 9  # a port at which nobody answers


@pytest.fixture
def letter(submitted_unit, assessor) -> Letter:
    """One that waits to be sent to Ann; another waits for Ivy."""
    letters_make()
    return Letter.objects.get(person=assessor)


@pytest.fixture
def server(settings):
    """A mail server to which Django sends."""
    with running_mail_server() as running:
        for name, value in running.settings.items():
            setattr(settings, name, value)
        yield running


def test_an_address_that_is_refused_is_given_up_and_the_coordinator_sees_it(
    letter, assessor, coordinator, centre, server
):
    server.refused[assessor.email] = 550
    deliver()
    letter.refresh_from_db()
    assert letter.given_up_at
    assert len(server.received) == 1  # Ivy's went
    page = text_of(signed_in(coordinator).get(f"/c/{centre.uuid}/people/"))
    assert f"The mail server refused the address {assessor.email}. It is not tried again." in page
    letters_ask()
    assert work_take(WorkLane.SLOW) is None


def test_an_address_that_is_refused_for_now_is_tried_again(letter, assessor, server):
    server.refused[assessor.email] = 450
    letter_send(letter)
    assert letter.given_up_at is None
    server.refused.clear()
    letter_send(letter)
    assert letter.sent_at
    assert len(server.received) == 1


def test_letters_wait_for_a_mail_server_that_is_away_for_a_day(letter, coordinator, centre, server, settings):
    there, settings.EMAIL_PORT = settings.EMAIL_PORT, NOBODY
    back = timezone.now() + datetime.timedelta(days=1)
    deliver()
    for _ in range(20):
        letter.refresh_from_db()
        if letter.next_try_at < back:
            with told_at(letter.next_try_at):
                deliver()
    assert 10 < letter.tries < 20
    assert letter.given_up_at is None
    people = f"/c/{centre.uuid}/people/"
    assert "The mail server did not take it. It is tried again by itself." in text_of(
        signed_in(coordinator).get(people)
    )

    settings.EMAIL_PORT = there
    with told_at(back + datetime.timedelta(hours=2)):
        deliver()
        deliver()
    to = [message_from_string(message)["To"] for message in server.received]
    assert sorted(to) == ["ann@harbour.example", "ivy@harbour.example"]  # once each
    assert "did not take it" not in text_of(signed_in(coordinator).get(people))


def test_in_the_end_a_letter_is_given_up(letter, centre, settings, server):
    settings.EMAIL_PORT = NOBODY
    letter_send(letter)
    assert undelivered(centre) == []  # once is nothing yet
    letter_send(letter)
    assert undelivered(centre) == [letter]
    letter.made_at -= GIVEN_UP_AFTER
    letter_send(letter)
    assert letter.given_up_at


def test_a_slow_mail_server_is_waited_for_and_one_that_is_too_slow_is_tried_again(letter, server, settings):
    settings.EMAIL_TIMEOUT = 0.4
    server.slow_for = 0.8
    letter_send(letter)
    assert (letter.sent_at, letter.problem) == (None, "The mail server did not take it.")
    assert server.received == []
    server.slow_for = 0.1
    letter_send(letter)
    assert letter.sent_at
    assert letter.problem == ""


def test_a_letter_that_is_sent_again_bears_the_same_id(letter, server):
    letter_send(letter)
    letter_send(letter)
    first, second = (message_from_string(message)["Message-ID"] for message in server.received)
    assert first == second
    assert str(letter.uuid) in first
