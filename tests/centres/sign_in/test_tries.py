"""How often a password may be tried: what stops guessing, and whom it must not keep out."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from centres.models import User
from centres.sign_in import tries
from centres.sign_in.models import PasswordTries, SignIn
from centres.sign_in.password_again import password_again, require_password
from centres.sign_in.tries import OF_ACCOUNT, OF_PLACE, code_take, sweep_tries, try_counted
from tests.at_once import at_once
from tests.cast import PASSWORD
from tests.centres.sign_in.test_sign_in import sign_in, signed_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
TOO_MANY = "That was too many tries. Wait 5 minutes, or set a new password."


def refused(client: Client, email: str, times: int, place: str = "127.0.0.1") -> str:
    """Try wrong passwords; return the last page."""
    for _ in range(times):
        page = client.post("/accounts/login/", {"login": email, "password": "not the password"}, REMOTE_ADDR=place)
    return page.content.decode()


def test_guessing_is_stopped_with_a_plain_sentence_and_goes_on_later(client, candidate):
    assert "do not belong together" in refused(client, candidate.email, 10)
    page = sign_in(client, candidate.email).content.decode()
    assert TOO_MANY in page
    assert f'value="{candidate.email}"' in page
    assert signed_in_as(client) is None
    PasswordTries.objects.update(began_at=F("began_at") - timedelta(minutes=5))
    sign_in(client, candidate.email)
    assert signed_in_as(client) == candidate.email


def test_a_colleague_whom_somebody_names_elsewhere_comes_in(client, candidate):
    assert TOO_MANY in refused(client, candidate.email, 11, place="203.0.113.9")
    sign_in(Client(), candidate.email)
    at_home = Client()
    sign_in(at_home, candidate.email)
    assert signed_in_as(at_home) == candidate.email


def test_a_device_that_they_used_before_lets_them_through_whatever_others_try(client, candidate):
    known = Client()
    sign_in(known, candidate.email)
    known.post("/accounts/logout/")
    refused(client, candidate.email, 11)
    PasswordTries.objects.update(count=500)
    sign_in(known, candidate.email)
    assert signed_in_as(known) == candidate.email
    known.post("/accounts/logout/")
    assert TOO_MANY in refused(known, candidate.email, 11)  # it is counted by itself
    other = Client()
    other.cookies["known_device"] = known.cookies["known_device"].value.replace(":", "0:", 1)  # made up
    assert "That was too many tries." in sign_in(other, candidate.email).content.decode()


def test_a_device_is_known_for_whom_it_knows_and_for_nobody_else(client, candidate, assessor):
    sign_in(client, assessor.email)
    client.post("/accounts/logout/")
    assert TOO_MANY in refused(client, candidate.email, 11)


@pytest.mark.long
def test_a_class_behind_one_address_comes_in(db):
    class_ = [
        User.objects.create_user(email=f"p{n}@school.example", name=f"P {n}", password=PASSWORD) for n in range(30)
    ]
    for person in class_:
        client = Client()
        refused(client, person.email, 2)
        sign_in(client, person.email)
        assert signed_in_as(client) == person.email


@pytest.mark.parametrize(
    ("limit", "account", "place"),
    [(OF_PLACE, "another@harbour.example", "192.0.2.1"), (OF_ACCOUNT, "pat@harbour.example", "192.0.2.200")],
)
def test_many_accounts_from_one_place_and_one_account_from_many_places_are_stopped(db, limit, account, place):
    for number in range(limit.at_most):
        by_place = limit is OF_PLACE
        assert not try_counted(
            account=f"p{number}@harbour.example" if by_place else account,
            place=place if by_place else f"192.0.2.{number}",
        ).wait
    assert try_counted(account=account, place=place).wait > timedelta(minutes=4)


def test_the_right_password_takes_its_own_try_back_and_no_other(client, candidate):
    refused(client, candidate.email, 3)
    sign_in(client, candidate.email)
    assert set(PasswordTries.objects.values_list("count", flat=True)) == {3}


@pytest.mark.django_db(transaction=True)
def test_thirty_guesses_at_once_count_as_thirty():
    def guess(_: int) -> bool:
        try:
            return not try_counted(account="pat@harbour.example", place="192.0.2.1").wait
        finally:
            connection.close()

    with ThreadPoolExecutor(30) as pool:
        allowed = list(pool.map(guess, range(30)))
    assert sum(allowed) == tries.FROM_HERE.at_most
    assert set(PasswordTries.objects.values_list("count", flat=True)) == {30}


def test_only_a_wrong_password_counts_where_it_is_asked_once_more(candidate, rf):
    request = rf.post("/")
    request.user = candidate
    for raised in (ValidationError("Another reason."), ValidationError({"name": "Wrong."}), KeyError("a fault")) * 4:
        with suppress(ValidationError, KeyError), password_again(request):
            raise raised
    with password_again(request):
        pass
    for _ in range(10):
        with pytest.raises(ValidationError, match="That is not your password"), password_again(request):
            require_password(candidate, "a guess")
    with pytest.raises(ValidationError, match="Wait 5 minutes"), password_again(request):
        pytest.fail("it was done")


@pytest.mark.django_db(transaction=True)
def test_a_code_sent_twice_at_once_comes_in_once():
    sent = [partial(code_take, authenticator=1, code="123456")] * 4
    assert sorted(at_once(*sent)) == [False, False, False, True]
    assert code_take(authenticator=2, code="123456")  # somebody else's


def test_what_is_counted_no_more_is_removed(db):
    try_counted(account="pat@harbour.example", place="192.0.2.1")
    assert sweep_tries() == 0
    PasswordTries.objects.update(began_at=timezone.now() - timedelta(hours=2))
    assert sweep_tries() == 3


def test_refusals_are_on_record_and_a_flood_of_them_once(client, candidate):
    refused(client, candidate.email, 14)
    refused(client, "nobody@harbour.example", 1)
    found = [(one.user, one.what) for one in SignIn.objects.order_by("pk")]
    assert found == [(candidate, "wrong_password")] * 10 + [(candidate, "too_many"), (None, "wrong_password")]
