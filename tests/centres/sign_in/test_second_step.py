"""A second step when people sign in: set up, used, lost, taken away, and asked for by their centre."""

import json
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client
from django.urls import reverse

from centres.models import Membership, Role, User
from centres.services.people import centre_create, person_add
from centres.sign_in.models import PasswordTries, SignIn
from record.models import Event, EventPayload
from tests.cast import PASSWORD
from tests.centres.policies import choose
from tests.centres.sign_in.test_sign_in import letters_sent, sign_in, signed_in_as
from tests.config import pages
from tests.portfolio.files.typed import words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
CODE, ASKED, APP, CODES = (
    f"/accounts/second-step/{page}" for page in ("code/", "", "app/", "codes/")
)  # the pages on which a code is typed, what there is, the app, the recovery codes
TYPED = {"title": "A day at the desk", "words": "What I saw"}


@pytest.fixture(autouse=True)
def _pages_to_type_on(settings) -> None:
    settings.ROOT_URLCONF = pages.__name__
    cache.clear()


def code_of(secret: str, *, steps: int = 0) -> str:
    """What an app with this secret shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def app_of(person: User) -> str:
    """Set up an app and recovery codes for somebody, past the pages; return the secret."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def codes_of(person: User) -> list[str]:
    return Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()


def log_of(person: User) -> list[str]:
    return list(SignIn.objects.filter(user=person).order_by("pk").values_list("what", flat=True))


def at_the_second_step(person: User) -> Client:
    """Somebody who has given the right password and is asked for a code, with `next`."""
    client = Client()
    assert sign_in(client, person.email, next="/note/")["Location"] == CODE
    return client


def test_a_person_sets_up_an_app_and_signs_in_with_its_code(client, assessor, django_capture_on_commit_callbacks):
    sign_in(client, assessor.email)
    assert "Your password alone is enough" in words(client.get("/accounts/"))
    page = client.get(APP)
    secret = page.context["form"].secret
    assert "data:image/svg+xml;base64" in page.content.decode()
    assert "This was not right." in words(client.post(APP, {"code": "000000"}))
    with django_capture_on_commit_callbacks(execute=True):
        shown = client.post(APP, {"code": code_of(secret)}, follow=True)
    assert shown.redirect_chain == [(CODES, 302)]
    assert set(codes_of(assessor)) <= set(words(shown).split())
    assert client.post(APP, {"code": code_of(secret)})["Location"] == ASKED  # the button, pressed twice
    assert secret not in json.dumps(list(Authenticator.objects.values_list("data", flat=True)))

    elsewhere = at_the_second_step(assessor)
    assert elsewhere.get("/note/")["Location"].startswith("/accounts/login/")
    assert elsewhere.post(CODE, {"code": code_of(secret)})["Location"] == "/note/"
    assert signed_in_as(elsewhere) == assessor.email
    assert log_of(assessor) == ["signed_in", "step_set_up", "signed_in"]


def test_a_code_is_taken_once_also_a_little_early_or_late(assessor):
    secret = app_of(assessor)
    late = code_of(secret, steps=-1)
    assert at_the_second_step(assessor).post(CODE, {"code": late}).status_code == 302
    cache.delete(f"allauth.mfa.totp.used?user={assessor.pk}&code={late}")  # which it forgets before the code is too old
    spaced = f"{late[:3]} {late[3:]}"
    assert "This was not right." in words(at_the_second_step(assessor).post(CODE, {"code": spaced}))
    assert "This was not right." in words(at_the_second_step(assessor).post(CODE, {"code": code_of(secret, steps=-3)}))


def test_a_recovery_code_lets_in_once(assessor):
    app_of(assessor)
    first = codes_of(assessor)[0]
    assert at_the_second_step(assessor).post(CODE, {"code": first})["Location"] == "/note/"
    cache.clear()
    again = at_the_second_step(assessor)
    assert "This was not right." in words(again.post(CODE, {"code": first}))
    assert signed_in_as(again) is None
    assert len(codes_of(assessor)) == 9


def test_guessing_codes_is_stopped_wherever_it_comes_from_and_goes_on_later(assessor):
    secret = app_of(assessor)
    for _ in range(10):
        assert "This was not right." in words(at_the_second_step(assessor).post(CODE, {"code": "000000"}))
    stopped = at_the_second_step(assessor)
    page = words(stopped.post(CODE, {"code": code_of(secret)}, REMOTE_ADDR="203.0.113.9"))
    assert "That was too many tries. Wait 60 minutes, and try again." in page
    assert signed_in_as(stopped) is None
    assert log_of(assessor) == ["wrong_step"] * 10 + ["too_many"]
    PasswordTries.objects.update(began_at=F("began_at") - timedelta(hours=1))
    stopped.post(CODE, {"code": code_of(secret)})
    assert signed_in_as(stopped) == assessor.email


def test_guessing_keeps_nobody_from_coming_in_on_their_own_device(assessor):
    secret = app_of(assessor)
    known = at_the_second_step(assessor)
    known.post(CODE, {"code": code_of(secret)})
    known.post("/accounts/logout/")
    for _ in range(11):
        at_the_second_step(assessor).post(CODE, {"code": "000000"})
    sign_in(known, assessor.email)
    known.post(CODE, {"code": code_of(secret, steps=1)})
    assert signed_in_as(known) == assessor.email


def test_a_new_password_by_link_does_not_go_round_the_second_step(client, assessor):
    app_of(assessor)
    client.post("/accounts/password/reset/", {"email": assessor.email})
    [link] = [line for line in str(letters_sent()[0].body).splitlines() if "/key/" in line]
    form = client.get(link.partition(":8000")[2])["Location"]
    chosen = {"password1": "four quiet green boats", "password2": "four quiet green boats"}
    assert client.post(form, chosen)["Location"] == CODE
    assert signed_in_as(client) is None


@pytest.mark.parametrize("credential", ["", "x", "[]", "1", "null", "{}", '{"response": 1}', '{"id": "\\u0000"}'])
def test_what_is_no_passkey_is_refused_in_a_sentence(client, assessor, credential):
    app_of(assessor)
    step = at_the_second_step(assessor)
    assert step.post(CODE, {"credential": credential}).status_code == 200
    assert signed_in_as(step) is None
    alone = client.post("/accounts/passkey/", {"credential": credential, "next": "/note/"}, follow=True)
    assert alone.redirect_chain == [("/accounts/login/?next=%2Fnote%2F", 302)]
    assert "This passkey was not accepted." in words(alone)
    sign_in(client, assessor.email)
    client.post(CODE, {"code": codes_of(assessor)[0]})
    added = client.post("/accounts/second-step/passkeys/new/", {"credential": credential, "name": "x" * 101})
    assert "fit. Shorten it" in words(added)
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_what_changes_the_second_step_asks_for_the_password_which_is_counted(client, assessor):
    app_of(assessor)
    client.force_login(assessor)
    asked = client.get("/accounts/second-step/app/remove/")["Location"]
    assert asked.startswith("/accounts/password/?next=")
    for _ in range(10):
        assert "This is not your password." in words(client.post(asked, {"password": "not the password"}))
    cache.clear()  # so that it is the count of passwords that stops them
    assert "That was too many tries." in words(client.post(asked, {"password": PASSWORD}))
    PasswordTries.objects.all().delete()
    page = client.post(asked, {"password": PASSWORD}, follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/second-step/app/remove/"
    client.post("/accounts/second-step/app/remove/")
    assert not Authenticator.objects.exists()
    assert log_of(assessor)[-1] == "step_removed"


def test_nobody_takes_away_a_passkey_of_somebody_else(client, assessor, candidate):
    theirs = Authenticator.objects.create(user=candidate, type="webauthn", data={"name": "Pat's"})
    sign_in(client, assessor.email)
    address = reverse("mfa_remove_webauthn", args=[theirs.pk])
    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    assert Authenticator.objects.get() == theirs


def test_whose_role_asks_for_it_sets_it_up_before_anything_else_and_loses_nothing(
    client, centre, coordinator, assessor, candidate
):
    sign_in(client, assessor.email)
    client.get("/note/")  # the page is open
    choose(centre, coordinator, second_step_roles="assessor")

    led = client.post("/note/", TYPED, follow=True, headers={"referer": "http://testserver/note/"})
    assert led.redirect_chain == [(ASKED, 302)]
    assert "Harbour College asks you, as assessor, for a second step when you sign in." in words(led)
    assert "Go on" not in words(led).replace("you go on", "")
    for open_still in ("/accounts/", "/accounts/password/change/", "/health", "/whose/"):
        assert client.get(open_still).status_code == 200, open_still
    script = client.post("/send/", "{}", content_type="application/json")
    assert (script.status_code, "second step" in script.json()["error"]) == (401, True)

    form = client.get(APP).context["form"]
    codes = client.post(APP, {"code": code_of(form.secret)}, follow=True)
    assert codes.context["onward"] == "/note/"
    back = client.get("/note/").content.decode()
    assert TYPED["title"] in back
    assert "What you typed is back; it is not saved yet." in back

    other = Client()
    sign_in(other, candidate.email)
    assert other.get("/note/").status_code == 200


def test_who_held_the_role_is_not_asked_any_more(client, centre, coordinator, assessor):
    choose(centre, coordinator, second_step_roles="assessor coordinator")
    client.force_login(assessor)
    assert client.get("/note/")["Location"] == ASKED
    choose(centre, coordinator, second_step_roles="coordinator")
    assert client.get("/note/").status_code == 200
    choose(centre, coordinator, second_step_roles="assessor")
    Membership.objects.filter(user=assessor).update(ended_at=F("began_at"))
    assert client.get("/note/").status_code == 200


def test_the_policy_tells_of_it_only_where_it_is_asked(centre, coordinator):
    assert "second_step_roles" not in choose(centre, coordinator, largest_file_mb=20).told()
    assert choose(centre, coordinator, second_step_roles="assessor").told()["second_step_roles"] == "assessor"


@pytest.fixture
def reset_page(centre, assessor) -> str:
    held = Membership.objects.get(centre=centre, user=assessor)
    return reverse("centres:second_step_reset", args=[centre.uuid, held.uuid])


def test_a_coordinator_takes_away_what_somebody_lost(client, reset_page, assessor, coordinator):
    app_of(assessor)
    theirs = at_the_second_step(assessor)
    theirs.post(CODE, {"code": codes_of(assessor)[0]})
    client.force_login(coordinator)
    assert "Say why it is taken away." in words(client.post(reset_page, {"reason": " "}))
    assert Authenticator.objects.filter(user=assessor).exists()
    client.post(reset_page, {"reason": "Lost her phone"})

    assert not Authenticator.objects.filter(user=assessor).exists()
    assert theirs.get("/note/").status_code == 302
    event = Event.objects.get(kind="person.second_step_reset")
    assert event.actor == coordinator.uuid
    assert json.loads(EventPayload.objects.get(event=event).body)["reason"] == "Lost her phone"
    assert [(letter.to, letter.subject) for letter in letters_sent()] == [
        ([assessor.email], "Your second step when you sign in was taken away")
    ]
    assert log_of(assessor)[-1] == "step_removed"
    assert "has no second step" in words(client.post(reset_page, {"reason": "Lost her phone"}))  # pressed twice
    sign_in(theirs, assessor.email)
    assert signed_in_as(theirs) == assessor.email


def test_who_belongs_elsewhere_as_well_is_for_the_operator(client, reset_page, assessor, coordinator, capsys):
    rival = centre_create(
        name="Rival College",
        number="",
        time_zone="Europe/London",
        coordinator_name="Ria",
        coordinator_email="ria@rival.example",
    )
    person_add(centre=rival.centre, actor=rival.user, name=assessor.name, email=assessor.email, role=Role.ASSESSOR)
    app_of(assessor)
    client.force_login(coordinator)
    assert "whoever runs this site" in words(client.get(reset_page))
    assert "whoever runs this site" in words(client.post(reset_page, {"reason": "Lost"}))
    client.force_login(rival.user)
    assert client.post(reset_page, {"reason": "Lost"}).status_code == 404
    assert Authenticator.objects.filter(user=assessor).exists()
    with pytest.raises(CommandError, match="Nobody signs in with nobody@"):
        call_command("reset_second_step", "nobody@x.example", reason="Lost")
    call_command("reset_second_step", assessor.email.upper(), reason="Lost")
    assert not Authenticator.objects.filter(user=assessor).exists()
    assert Event.objects.get(kind="person.second_step_reset").actor is None
    with pytest.raises(CommandError, match="no second step"):
        call_command("reset_second_step", assessor.email, reason="Lost")
    assert not mail.outbox  # it waits for the worker


def test_nobody_resets_their_own(client, centre, coordinator):
    app_of(coordinator)
    client.force_login(coordinator)
    held = Membership.objects.get(user=coordinator)
    address = reverse("centres:second_step_reset", args=[centre.uuid, held.uuid])
    assert "on the page of your account" in words(client.post(address, {"reason": "Lost"}))
    assert Authenticator.objects.filter(user=coordinator).exists()
