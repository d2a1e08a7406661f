"""People sign in by e-mail, set their own passwords, and learn nothing of others' accounts by it."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from centres.models import Membership, Role, User
from centres.services.people import invitation_send, person_add
from centres.sign_in.models import SignIn
from tests.cast import PASSWORD
from tests.config import pages

NEW_PASSWORD = "four quiet green boats"


@pytest.fixture(autouse=True)
def _nobody_has_tried_before(settings) -> Iterator[None]:
    settings.ROOT_URLCONF = pages.__name__
    cache.clear()
    yield


@pytest.fixture
def invited(centre, coordinator) -> Membership:
    """Nia has been added and has not come in yet."""
    return person_add(centre=centre, actor=coordinator, name="Nia New", email="nia@harbour.example", role=Role.ASSESSOR)


def letters_sent() -> list[mail.EmailMessage]:
    """Do what waits for the background worker; return what was mailed by now."""
    for waiting in DBTaskResult.objects.ready():
        waiting.task.func(*waiting.args_kwargs["args"], **waiting.args_kwargs["kwargs"])
        waiting.delete()
    return mail.outbox


def link_in(message: mail.EmailMessage) -> str:
    """The path of the link in a message."""
    found = re.search(r"^http://127\.0\.0\.1:8000(/\S*)$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[1]


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def signed_in_as(client: Client) -> str | None:
    user_id = client.session.get("_auth_user_id")
    return User.objects.get(pk=user_id).email if user_id else None


def test_a_page_asks_a_stranger_to_sign_in_and_then_opens(client, candidate):
    assert client.get("/note/")["Location"] == "/accounts/login/?next=/note/"

    page = client.get("/accounts/login/?next=/note/").content.decode()
    assert '<input type="hidden" name="next" value="/note/"' in page
    assert sign_in(client, candidate.email, next="/note/")["Location"] == "/note/"
    assert client.get("/note/").status_code == 200


def test_the_address_is_taken_in_any_case_and_as_it_was_pasted(client, candidate):
    sign_in(client, "\u200bPat@Harbour.Example\u00a0\ufeff")

    assert signed_in_as(client) == candidate.email


def test_nobody_is_led_to_another_site(client, candidate):
    assert sign_in(client, candidate.email, next="https://evil.example/")["Location"] == "/"


def test_a_wrong_password_is_said_plainly_and_the_address_stays(client, candidate):
    page = sign_in(client, candidate.email, "not the password").content.decode()

    assert "This e-mail address and password do not belong together." in page
    assert f'value="{candidate.email}"' in page
    assert "not the password" not in page
    assert signed_in_as(client) is None


def test_an_unknown_address_is_answered_like_a_wrong_password(client, candidate):
    known = sign_in(client, candidate.email, "not the password").content.decode()
    unknown = sign_in(client, "bob@harbour.example", "not the password").content.decode()

    hide = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert hide.sub("", known).replace(candidate.email, "?") == hide.sub("", unknown).replace(
        "bob@harbour.example", "?"
    )


def test_a_closed_account_does_not_open(client, candidate):
    User.objects.filter(pk=candidate.pk).update(is_active=False)
    page = client.post("/accounts/login/", {"login": candidate.email, "password": PASSWORD}, follow=True)

    assert SignIn.objects.get().what == "closed"
    assert "This account is closed" in page.content.decode()
    assert signed_in_as(client) is None


def test_signing_out_is_a_button_and_says_so(client, candidate):
    client.force_login(candidate)
    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert signed_in_as(client) == candidate.email

    page = client.post("/accounts/logout/", follow=True)

    assert signed_in_as(client) is None
    assert "You have signed out." in page.content.decode()


def test_a_forgotten_password_is_set_by_a_link_that_works_once(client, candidate):
    asked = client.post("/accounts/password/reset/", {"email": candidate.email}, follow=True)
    assert "Look in your e-mail" in asked.content.decode()
    (message,) = letters_sent()
    assert message.to == [candidate.email]
    assert message.subject == "A new password for Countersign"
    assert "Hello Pat Candidate" in message.body
    assert "Harbour College" in message.body
    link = link_in(message)

    form = client.get(link, follow=True)
    assert "Choose a new password" in form.content.decode()
    address = form.redirect_chain[-1][0]
    assert link.rstrip("/").rsplit("-", 1)[1] not in address  # the key is not left in the address
    saved = client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert saved["Location"] == "/"
    assert signed_in_as(client) == candidate.email
    assert "This link does not work any more" in Client().get(link).content.decode()
    other = Client()
    sign_in(other, candidate.email, NEW_PASSWORD)
    assert signed_in_as(other) == candidate.email


def test_the_link_ends_other_sessions(client, candidate):
    elsewhere = Client()
    elsewhere.force_login(candidate)
    client.post("/accounts/password/reset/", {"email": candidate.email})
    address = client.get(link_in(letters_sent()[0]))["Location"]
    client.post(address, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert elsewhere.get("/note/").status_code == 302


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("short", "short", "at least 10 characters"),
        ("password123", "password123", "too common"),
        (NEW_PASSWORD, "four quiet green goats", "same password each time"),
        ("pat@harbour.example", "pat@harbour.example", "too similar"),
    ],
)
def test_a_bad_new_password_is_refused_with_the_reason(client, candidate, first, second, sentence):
    client.post("/accounts/password/reset/", {"email": candidate.email})
    address = client.get(link_in(letters_sent()[0]))["Location"]
    page = client.post(address, {"password1": first, "password2": second})

    assert sentence in page.content.decode()
    assert User.objects.get(pk=candidate.pk).check_password(PASSWORD)


def test_asking_for_an_unknown_address_says_the_same_and_sends_nothing(client, candidate):
    unknown = client.post("/accounts/password/reset/", {"email": "bob@harbour.example"}, follow=True)
    known = client.post("/accounts/password/reset/", {"email": candidate.email}, follow=True)

    assert unknown.redirect_chain == known.redirect_chain
    assert [message.to for message in letters_sent()] == [[candidate.email]]


def test_asking_again_and_again_is_stopped_with_a_plain_page(client, candidate):
    answers = [client.post("/accounts/password/reset/", {"email": candidate.email}) for _ in range(6)]

    assert answers[-1].status_code == 429
    assert "That was too many tries in a short time" in answers[-1].content.decode()
    assert len(letters_sent()) == 5


def test_a_mail_server_that_is_down_does_not_give_the_account_away(client, candidate, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there

    answer = client.post("/accounts/password/reset/", {"email": candidate.email}, follow=True)

    assert "Look in your e-mail" in answer.content.decode()
    letters_sent()
    assert "could not be sent: ConnectionRefusedError" in caplog.text
    assert candidate.email not in caplog.text
    again = DBTaskResult.objects.get()
    assert again.run_after > timezone.now()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    DBTaskResult.objects.update(run_after=timezone.now())
    assert [message.to for message in letters_sent()] == [[candidate.email]]


def test_a_broken_link_is_explained(client, db):
    page = client.get("/accounts/password/reset/key/1-nonsense/").content.decode()

    assert "This link does not work any more" in page
    assert "Your password is as it was." in page


def test_an_invitation_lets_a_person_choose_a_password_and_come_in(client, invited):
    invitation_send(membership=invited)
    (message,) = mail.outbox
    assert message.subject == "Harbour College has added you to Countersign"
    assert "Hello Nia New" in message.body
    assert "Your role there: assessor." in message.body
    assert "It works for 7 days" in message.body

    form = client.get(link_in(message), follow=True)
    assert "Welcome, Nia New" in form.content.decode()
    assert "nia@harbour.example" in form.content.decode()
    client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    assert signed_in_as(client) == "nia@harbour.example"


def test_an_invitation_to_someone_who_has_an_account_leads_to_it(candidate, coordinator, centre):
    membership = person_add(
        centre=centre, actor=coordinator, name=candidate.name, email=candidate.email, role=Role.ASSESSOR
    )
    invitation_send(membership=membership)

    (message,) = mail.outbox
    assert "You have an account already." in message.body
    assert link_in(message) == "/"


def test_who_was_invited_and_lost_the_link_can_ask_for_another(client, invited):
    client.post("/accounts/password/reset/", {"email": invited.user.email})

    assert "Welcome, Nia New" in client.get(link_in(letters_sent()[0]), follow=True).content.decode()


def test_a_name_is_written_into_a_message_as_it_is(centre, coordinator):
    membership = person_add(
        centre=centre, actor=coordinator, name="Aoife O'Brien & Co", email="aoife@harbour.example", role=Role.ASSESSOR
    )
    invitation_send(membership=membership)

    assert "Hello Aoife O'Brien & Co," in mail.outbox[0].body


def test_a_password_is_changed_by_who_knows_it(client, candidate):
    client.force_login(candidate)
    wrong = {"oldpassword": "not the password", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert "This is not the password you have now." in client.post("/accounts/password/change/", wrong).content.decode()

    right = wrong | {"oldpassword": PASSWORD}
    answer = client.post("/accounts/password/change/", right, follow=True)

    assert "Your new password is saved." in answer.content.decode()
    assert signed_in_as(client) == candidate.email
    assert User.objects.get(pk=candidate.pk).check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_set_password", "mfa_reauthenticate", "socialaccount_connections"],
)
def test_pages_that_we_do_not_want_are_not_there(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_nobody_signs_up(client, db):
    answer = client.post("/accounts/signup/", {"email": "x@y.example", "password1": NEW_PASSWORD})

    assert answer.status_code == 404
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/", "/accounts/logout/", "/accounts/inactive/", "/accounts/password/change/",
        "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/password/reset/key/done/",
        "/accounts/password/reset/key/1-nonsense/", "/accounts/password/", "/accounts/second-step/",
        "/accounts/second-step/app/", "/accounts/second-step/passkeys/new/", "/accounts/second-step/codes/",
        "/accounts/second-step/codes/new/", "/accounts/second-step/app/remove/",
        "/accounts/second-step/passkeys/{pk}/remove/",
    ],
)  # fmt: skip
def test_every_page_is_ours_and_none_allauth_s_own(client, candidate, path):
    if "second-step" in path:
        sign_in(client, candidate.email)
        TOTP.activate(candidate, generate_totp_secret())
        RecoveryCodes.activate(candidate)
        passkey = Authenticator.objects.create(user=candidate, type="webauthn", data={"name": "A phone"})
        path = path.format(pk=passkey.pk)
        if path.endswith(("/app/", "/new/")):
            Authenticator.objects.exclude(type="recovery_codes").delete()
    elif "password/change" in path or "logout" in path or path.endswith("/password/"):
        client.force_login(candidate)
    answer = client.get(path)

    assert answer.status_code == 200
    assert "base.html" in [template.name for template in answer.templates]
    assert not [template.name for template in answer.templates if "/allauth/" in template.origin.name]
