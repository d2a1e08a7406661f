"""Names and addresses are corrected: by the coordinator, by oneself, and never behind the back of another centre."""

import json
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.proof.check import RecordCheck
from centres.corrections.models import Correction
from centres.corrections.services import own_correction_ask, person_correct, sweep_corrections
from centres.invitations.mailing import KEPT_IN_FILES
from centres.invitations.models import Invitation
from centres.invitations.services import invitation_for, invitation_of, person_invite
from centres.models import Membership, Role, User
from centres.services.people import person_add
from centres.sign_in.tasks import password_link_send
from record.models import Event
from tests.assessments.pages import text_of
from tests.cast import PASSWORD
from tests.centres.sign_in.test_sign_in import letters_sent, sign_in, signed_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def link() -> str:
    [*_, letter] = letters_sent()
    return re.findall(r"http://[^/]+(/accounts/confirm/\S+)", str(letter.body))[0]


def page_of(centre, person) -> str:
    held = Membership.objects.filter(centre=centre, user=person).latest("pk")
    return reverse("centres:person_correct", args=[centre.uuid, held.uuid])


def named(person) -> tuple[str, str]:
    person.refresh_from_db()
    return person.name, person.email


def test_a_coordinator_corrects_a_person_of_theirs_with_a_reason_in_the_record(centre, coordinator, candidate):
    browser, page = signed_in(coordinator), page_of(centre, candidate)
    assert page in browser.get(reverse("centres:person", args=[centre.uuid, candidate.uuid])).content.decode()
    said = {"name": "Pat Pike", "email": candidate.email, "reason": ""}
    assert "Say why it is corrected." in text_of(browser.post(page, said))
    done = browser.post(page, said | {"reason": "Married name"}, follow=True)
    assert "Corrected. What was signed keeps what it says." in text_of(done)
    assert named(candidate) == ("Pat Pike", "pat@harbour.example")
    event = Event.objects.get(kind="person.corrected")
    assert (event.actor, json.loads(event.payload.body)["reason"]) == (coordinator.uuid, "Married name")
    assert list(RecordCheck().faults()) == []
    assert letters_sent() == []


def test_no_coordinator_takes_over_the_account_of_who_has_come_in(centre, coordinator, assessor):
    browser, page = signed_in(coordinator), page_of(centre, assessor)
    said = {"name": assessor.name, "email": "MINE@harbour.example", "reason": "Mistyped."}
    assert "signs in already" in text_of(browser.get(page))
    assert "was sent a link to confirm it" in text_of(browser.post(page, said, follow=True))
    address = link()  # which the coordinator reads
    for reader in (browser, Client()):
        assert "Only the person themselves confirms this." in text_of(reader.post(address))
    password_link_send.call("mine@harbour.example")
    assert letters_sent()[-1].subject == "Confirm your new name or address on Countersign"
    EmailAddress.objects.create(user=assessor, email="ann@harbour.example")  # as django-allauth may have kept it
    phone, desk = Client(), Client()
    for theirs in (phone, desk):
        sign_in(theirs, "ann@harbour.example")
    assert "MINE@harbour.example".lower() in text_of(phone.get("/accounts/"))
    phone.post(address)
    assert named(assessor)[1] == "mine@harbour.example"
    sign_in(desk, "ann@harbour.example")  # with the address that is not theirs any more
    assert (signed_in_as(phone), signed_in_as(desk)) == ("mine@harbour.example", None)
    assert letters_sent()[-1].to == ["ann@harbour.example"]  # the old one is told


def test_of_who_never_came_in_it_is_corrected_at_once_and_the_link_to_the_old_address_ends(centre, coordinator):
    asked = person_invite(centre=centre, actor=coordinator, name="Nia", email="nai@x.example", role=Role.ASSESSOR)
    assert isinstance(asked, Invitation)
    said = {"name": "Nia", "email": "nia@x.example", "reason": "Mistyped."}
    done = signed_in(coordinator).post(page_of(centre, asked.user), said, follow=True)
    assert "send them a new one" in text_of(done)
    assert named(asked.user)[1] == "nia@x.example"
    assert invitation_of(asked.key) is None
    again = invitation_for(membership=Membership.objects.get(user=asked.user), actor=coordinator)
    assert (again.email, again.is_open) == ("nia@x.example", True)


def test_ones_own_is_changed_on_the_page_of_the_account(centre, coordinator):
    said = {"name": "Cora", "email": "cora@new.example", "reason": "Mine."}
    browser = signed_in(coordinator)
    assert browser.post(page_of(centre, coordinator), said)["Location"] == reverse("account_change")
    with pytest.raises(ValidationError, match="on the page of your account"):
        person_correct(centre=centre, actor=coordinator, person=coordinator, **said)
    assert named(coordinator)[1] == "cora@harbour.example"


def test_the_operator_helps_who_has_lost_both_address_and_password(assessor, candidate):
    sign_in(Client(), assessor.email)
    for new, sentence in (("nonsense", "valid email"), (candidate.email, "Another account has this")):
        with pytest.raises(CommandError, match=sentence):
            call_command("correct_address", assessor.email, new, reason="Lost")
    with pytest.raises(CommandError, match="Nobody signs in with"):
        call_command("correct_address", "", "x@x.example", reason="Lost")
    call_command("correct_address", "ANN@harbour.example", "Ann@new.example", reason="Asked in person")
    assert named(assessor)[1] == "ann@new.example"
    assert Event.objects.get(kind="person.corrected").actor is None
    assert list(RecordCheck().faults()) == []


@pytest.mark.long
def test_what_is_signed_keeps_the_name_and_the_record_agrees(verified_unit, centre, coordinator, candidate):
    person_correct(
        centre=centre, actor=coordinator, person=candidate, name="Pat Pike", email=candidate.email, reason="Married."
    )
    assert list(RecordCheck().faults()) == []
    said = verified_unit.versions.get().signatures.first().document.body
    assert "Pat Candidate" in said
    assert "Pat Pike" not in said


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"email": "ann@harbour.example"}, "Another account has this e-mail address."),
        ({"email": "Ann@Harbour.example "}, "Another account has this e-mail address."),
        ({"email": "pat"}, "Give an e-mail address, such as ann@example.org."),
        ({"name": " "}, "Type a name."),
        ({}, "This is their name and address already."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(centre, coordinator, candidate, assessor, said, sentence):
    whole = {"name": candidate.name, "email": candidate.email, "reason": "Mistyped."} | said
    assert sentence in text_of(signed_in(coordinator).post(page_of(centre, candidate), whole))
    assert named(candidate) == ("Pat Candidate", "pat@harbour.example")
    assert not Event.objects.filter(kind="person.corrected").exists()


def test_who_belongs_elsewhere_too_confirms_it_themselves(centre, coordinator, outsider):
    person_add(centre=centre, actor=coordinator, name=outsider.name, email=outsider.email, role=Role.CANDIDATE)
    page = page_of(centre, outsider)
    said = {"name": "Olga Orwell", "email": outsider.email, "reason": "She told me."}
    asked = signed_in(coordinator).post(page, said, follow=True)
    assert "was sent a link to confirm it" in text_of(asked)
    assert named(outsider)[0] == "Olga Outsider"
    address = link()
    stranger = Client()
    assert "Olga Orwell" in text_of(stranger.get(address))
    assert named(outsider)[0] == "Olga Outsider"  # opened, by a mail server perhaps, and not confirmed
    for nobody in (stranger, signed_in(coordinator)):  # who typed the address may read what is sent there
        assert "Only the person themselves confirms this." in text_of(nobody.post(address))
    assert named(outsider)[0] == "Olga Outsider"
    signed_in(outsider).post(address)
    assert named(outsider)[0] == "Olga Orwell"
    assert Event.objects.get(kind="person.corrected").actor == outsider.uuid
    assert "does not work any more" in text_of(stranger.post(address))
    assert list(RecordCheck().faults()) == []


def test_without_a_mail_server_the_link_is_handed_over_and_nobody_is_said_to_have_been_sent_one(
    centre, coordinator, outsider, settings, tmp_path
):
    person_add(centre=centre, actor=coordinator, name=outsider.name, email=outsider.email, role=Role.CANDIDATE)
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = KEPT_IN_FILES, tmp_path
    said = {"name": "Olga Orwell", "email": outsider.email, "reason": "She told me."}
    shown = signed_in(coordinator).post(page_of(centre, outsider), said, follow=True).content.decode()
    assert "nothing was sent. Give Olga Outsider this link to confirm it: " in shown
    assert "was sent a link" not in shown
    [address] = re.findall(r"http://[^/]+(/accounts/confirm/[^\s<]+)", shown)
    assert "Only the person themselves confirms this." in text_of(signed_in(coordinator).post(address))
    letters_sent()  # the task runs, and leaves the link as it was shown
    signed_in(outsider).post(address)
    assert named(outsider)[0] == "Olga Orwell"
    own, browser = reverse("account_change"), signed_in(outsider)
    typed = {"name": "Olga", "email": "other@new.example", "password": PASSWORD}
    assert "Ask the coordinator of your centre" in text_of(browser.post(own, typed))
    assert not Correction.objects.filter(done_at=None).exists()


def test_a_person_changes_their_own_with_password_and_link(candidate):
    browser = signed_in(candidate)
    page = reverse("account_change")
    said = {"name": candidate.name, "email": "pat@new.example", "password": "not the password"}
    assert "That is not your password." in text_of(browser.post(page, said))
    assert "A link was sent to pat@new.example." in text_of(
        browser.post(page, said | {"password": PASSWORD}, follow=True)
    )
    address = link()
    assert named(candidate)[1] == "pat@harbour.example"
    stranger = Client()  # at an address that was mistyped
    assert "Yes, change it" not in stranger.get(address).content.decode()
    assert "Only the person themselves confirms this." in text_of(stranger.post(address))
    assert named(candidate)[1] == "pat@harbour.example"
    browser.post(address)
    assert named(candidate)[1] == "pat@new.example"
    assert signed_in_as(browser) == "pat@new.example"
    assert letters_sent()[-1].to == ["pat@harbour.example"]


def test_a_second_request_ends_the_first_and_the_account_page_withdraws_it(candidate):
    own_correction_ask(person=candidate, name="Pat One", email="pat@on.example")
    first = link()
    own_correction_ask(person=candidate, name="Pat Two", email="pat@one.example")
    second, browser = link(), signed_in(candidate)
    assert "does not work any more" in text_of(browser.post(first))
    page = browser.get("/accounts/")
    [waiting] = page.context["corrections"]
    assert "pat@one.example" in text_of(page)
    for nonsense in ("nonsense", "", str(candidate.uuid)):
        assert "It did not wait any more." in text_of(browser.post("/accounts/", {"withdraw": nonsense}, follow=True))
    assert "Withdrawn." in text_of(browser.post("/accounts/", {"withdraw": str(waiting.uuid)}, follow=True))
    assert "does not work any more" in text_of(browser.post(second))
    assert named(candidate) == ("Pat Candidate", "pat@harbour.example")


def test_a_link_ends_with_a_week_with_another_change_and_with_an_address_that_was_taken(centre, coordinator, candidate):
    browser = signed_in(candidate)
    own_correction_ask(person=candidate, name="Pat One", email=candidate.email)
    first = link()
    Correction.objects.update(asked_at=timezone.now() - timedelta(days=8))
    assert "does not work any more" in text_of(browser.post(first))
    assert sweep_corrections() == 1

    own_correction_ask(person=candidate, name="Pat Two", email="pat@new.example")
    second = link()
    person_add(centre=centre, actor=coordinator, name="Somebody", email="pat@new.example", role=Role.CANDIDATE)
    assert "Another account has this e-mail address." in text_of(browser.post(second))

    person_correct(
        centre=centre, actor=coordinator, person=candidate, name="Pat Three", email=candidate.email, reason="So."
    )
    assert "does not work any more" in text_of(Client().get(second))
    assert named(candidate)[0] == "Pat Three"
    assert "does not work any more" in text_of(Client().get(reverse("correction_confirm", args=["made-up"])))


def test_nobody_corrects_people_of_another_centre(centre, coordinator, outsider, candidate, assessor):
    for actor, person in ((coordinator, outsider), (assessor, candidate)):
        with pytest.raises(PermissionDenied):
            person_correct(centre=centre, actor=actor, person=person, name="X", email="x@x.example", reason="So.")
    with pytest.raises(ValidationError):
        own_correction_ask(person=candidate, name=candidate.name, email=assessor.email)
    assert User.objects.filter(name="X").count() == 0
