"""People are invited: whoever belongs elsewhere is asked, and a rival coordinator learns nothing of them."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.proof.check import RecordCheck
from centres.invitations.mailing import KEPT_IN_FILES
from centres.invitations.models import Invitation
from centres.invitations.services import invitation_renew, invitation_withdraw, person_invite, sweep_invitations
from centres.models import Membership, Role, User
from centres.services.people import person_add, role_end
from record.models import Event
from tests.assessments.pages import text_of
from tests.cast import PASSWORD
from tests.centres.sign_in.test_sign_in import NEW_PASSWORD, letters_sent, signed_in_as

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CHOSEN = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def invite(centre, coordinator, email, role=Role.ASSESSOR, name="Nia New"):
    return person_invite(centre=centre, actor=coordinator, name=name, email=email, role=role)


def link() -> str:
    [*_, letter] = letters_sent()
    return re.findall(r"http://[^/]+(/invitation/\S+)", str(letter.body))[0]


def held(centre, person) -> set[str]:
    return set(Membership.objects.current().filter(centre=centre, user=person).values_list("role", flat=True))


def test_a_new_person_chooses_a_password_by_the_link_and_is_in(centre, coordinator):
    invite(centre, coordinator, " NIA@harbour.example ")
    address, browser = link(), Client()

    assert "asks you to come in as assessor" in text_of(browser.get(address))
    assert "same password each time" in text_of(browser.post(address, CHOSEN | {"password2": "four quiet goats"}))
    assert "too common" in text_of(browser.post(address, {"password1": "password123", "password2": "password123"}))
    assert browser.post(address, CHOSEN)["Location"] == "/"

    nia = User.objects.get(email="nia@harbour.example")
    assert signed_in_as(browser) == nia.email
    assert held(centre, nia) == {"assessor"}
    assert list(RecordCheck().faults()) == []
    assert "This link does not work any more" in text_of(Client().post(address, CHOSEN))  # twice


def test_who_belongs_elsewhere_is_asked_and_nothing_is_said_of_them(centre, coordinator, outsider):
    browser = signed_in(coordinator)
    said = {"name": "O. Typed", "role": "assessor"}
    page = reverse("centres:person_add", args=[centre.uuid])
    known = text_of(browser.post(page, said | {"email": outsider.email}, follow=True))
    address = link()
    new = text_of(browser.post(page, said | {"email": "nobody@elsewhere.example"}, follow=True))

    assert outsider.name not in known
    message = "O. Typed is invited as assessor. A link is on its way to {}."
    assert message.format(outsider.email) in known
    assert message.format("nobody@elsewhere.example") in new
    assert held(centre, outsider) == set()
    again = text_of(browser.post(page, said | {"email": outsider.email}))
    assert f"{outsider.email} is invited as assessor already, until" in again

    asked = text_of(Client().get(address))
    assert outsider.name not in asked
    assert "Sign in and answer" in asked
    refused = text_of(Client().post(address, CHOSEN))
    assert "You have an account already." in refused
    assert User.objects.get(pk=outsider.pk).check_password(PASSWORD)


def test_the_membership_begins_when_they_accept_and_the_record_says_who_asked(centre, coordinator, outsider):
    invite(centre, coordinator, outsider.email)
    address = link()
    theirs = signed_in(outsider)
    assert "Accept" in text_of(theirs.get(address))
    assert held(centre, outsider) == set()  # opening it is no answer
    theirs.post(address, {"do": "accept"})

    assert held(centre, outsider) == {"assessor"}
    event = Event.objects.filter(chain=centre.chain, kind="role.given").latest("sequence")
    assert (event.actor, json.loads(event.payload.body)["asked_by"]) == (outsider.uuid, str(coordinator.uuid))
    assert list(RecordCheck().faults()) == []
    assert "does not work any more" in text_of(theirs.get(address))


def test_an_answer_of_somebody_else_counts_for_nothing(centre, coordinator, outsider, candidate):
    invite(centre, coordinator, outsider.email)
    address = link()
    for answer in ("accept", "decline"):
        assert "another address" in text_of(signed_in(candidate).post(address, {"do": answer}))
    assert held(centre, candidate) == {"candidate"}
    assert Invitation.objects.get().state == "waiting"


def test_who_declines_has_no_role_and_the_coordinator_sees_it(centre, coordinator, outsider):
    invite(centre, coordinator, outsider.email)
    Client().post(link(), {"do": "decline"})
    invite(centre, coordinator, "nia@harbour.example")
    Client().post(link(), {"do": "decline"})

    assert held(centre, outsider) == held(centre, User.objects.get(email="nia@harbour.example")) == set()
    page = text_of(signed_in(coordinator).get(reverse("centres:people", args=[centre.uuid])))
    assert page.count("Declined") == 2
    assert list(RecordCheck().faults()) == []


@pytest.mark.parametrize("email", ["nia@harbour.example", "olga@elsewhere.example"])
def test_a_link_that_was_replaced_withdrawn_or_has_ended_opens_nothing(centre, coordinator, outsider, email):
    invitation = invite(centre, coordinator, email)
    browser, page = signed_in(coordinator), reverse("centres:invitation", args=[centre.uuid, invitation.uuid])
    first = link()
    assert "A link is on its way" in text_of(browser.post(page, {"do": "again"}, follow=True))
    second = link()
    assert "does not work any more" in text_of(Client().get(first))
    assert "asks you to come in" in text_of(Client().get(second))

    Invitation.objects.update(until=timezone.now() - timedelta(minutes=1))
    assert "does not work any more" in text_of(Client().post(second, CHOSEN))
    assert "Over: the link works no more" in text_of(browser.get(page))
    browser.post(page, {"do": "again"})
    third = link()
    assert "is withdrawn" in text_of(browser.post(page, {"do": "withdraw"}, follow=True))
    assert "does not work any more" in text_of(Client().post(third, CHOSEN))
    assert "answered meanwhile" in text_of(browser.post(page, {"do": "again"}, follow=True))
    assert held(centre, User.objects.get(email=email)) == set()
    assert not User.objects.filter(email="nia@harbour.example").exclude(password__startswith="!").exists()


def test_a_link_to_an_address_that_was_corrected_opens_nothing(centre, coordinator):
    invitation = invite(centre, coordinator, "mistyped@harbour.example")
    first = link()
    User.objects.filter(pk=invitation.user.pk).update(email="nia@harbour.example")
    assert "does not work any more" in text_of(Client().get(first))

    signed_in(coordinator).post(
        reverse("centres:invite", args=[centre.uuid, Membership.objects.get(user=invitation.user).uuid])
    )
    assert letters_sent()[-1].to == ["nia@harbour.example"]
    assert "nia@harbour.example" in text_of(Client().get(link()))


def test_without_a_mail_server_the_link_is_shown_and_can_be_seen_again(centre, coordinator, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = KEPT_IN_FILES, tmp_path
    invitation = invite(centre, coordinator, "nia@harbour.example")
    browser, page = signed_in(coordinator), reverse("centres:invitation", args=[centre.uuid, invitation.uuid])
    [shown] = re.findall(r"http://[^/]+(/invitation/[^\s<]+)", browser.get(page).content.decode())
    assert Client().post(shown, CHOSEN)["Location"] == "/"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert "/invitation/" not in browser.get(page).content.decode().partition("<main")[2].replace(page, "")


def test_a_link_that_a_coordinator_was_shown_opens_no_account_of_another_centre(
    centre, coordinator, outsider, settings, tmp_path
):
    theirs = outsider.memberships.earliest("pk").centre
    person_add(centre=theirs, actor=outsider, name="Xenia", email="xenia@elsewhere.example", role=Role.ASSESSOR)
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = KEPT_IN_FILES, tmp_path
    shown = reverse("invitation_answer", args=[invite(centre, coordinator, "xenia@elsewhere.example").key])
    assert "You have an account already" in text_of(Client().post(shown, CHOSEN))
    assert not User.objects.get(email="xenia@elsewhere.example").has_usable_password()


def test_a_role_that_was_ended_is_not_given_back_by_its_link(centre, coordinator):
    invite(centre, coordinator, "nia@harbour.example")
    address = link()
    nia = User.objects.get(email="nia@harbour.example")
    role_end(membership=Membership.objects.get(user=nia), actor=coordinator)
    assert "does not work any more" in text_of(Client().post(address, CHOSEN))
    assert held(centre, nia) == set()


def test_who_coordinates_no_more_invites_nobody(centre, coordinator, assessor, outsider):
    asked = invite(centre, coordinator, outsider.email)
    address, browser = link(), signed_in(outsider)
    person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.COORDINATOR)
    role_end(membership=Membership.objects.get(user=coordinator), actor=assessor)
    assert "This link does not work any more" in text_of(browser.post(address))
    assert held(centre, outsider) == set()
    invitation_renew(invitation=asked, actor=assessor)  # who stays answers for it
    browser.post(link())
    assert held(centre, outsider) == {"assessor"}
    assert json.loads(Event.objects.filter(kind="role.given").latest("pk").payload.body)["asked_by"] == str(
        assessor.uuid
    )


def test_who_came_in_another_way_loses_the_role_by_no_letter(centre, coordinator):
    invitation = invite(centre, coordinator, "nia@harbour.example")
    address = link()
    nia = User.objects.get(email="nia@harbour.example")
    nia.set_password(NEW_PASSWORD)
    nia.save()
    assert "You have an account already" in text_of(Client().post(address, {"do": "decline"}))
    invitation_withdraw(invitation=invitation, actor=coordinator)
    assert held(centre, nia) == {"assessor"}


def test_a_mail_server_that_is_down_loses_nobody(centre, coordinator, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    invitation = invite(centre, coordinator, "nia@harbour.example")
    assert letters_sent() == []
    page = reverse("centres:invitation", args=[centre.uuid, invitation.uuid])
    assert "Not sent yet" in text_of(signed_in(coordinator).get(page))


def test_only_coordinators_of_the_centre_invite_and_withdraw(centre, coordinator, outsider, assessor):
    invitation = invite(centre, coordinator, "nia@harbour.example")
    for actor in (outsider, assessor):
        with pytest.raises(PermissionDenied):
            invite(centre, actor, "x@x.example")
        with pytest.raises(PermissionDenied):
            invitation_withdraw(invitation=invitation, actor=actor)
    assert Invitation.objects.get().state == "waiting"


def test_who_left_for_another_centre_is_asked_to_come_back(centre, coordinator, outsider):
    invite(centre, coordinator, outsider.email)
    signed_in(outsider).post(link(), {"do": "accept"})
    role_end(membership=Membership.objects.get(centre=centre, user=outsider), actor=coordinator)
    assert isinstance(invite(centre, coordinator, outsider.email), Invitation)
    assert held(centre, outsider) == set()


def test_who_is_here_has_a_further_role_at_once(centre, coordinator, assessor):
    invite(centre, coordinator, assessor.email, role=Role.INTERNAL_VERIFIER)
    assert held(centre, assessor) == {"assessor", "internal_verifier"}
    assert not Invitation.objects.exists()
    with pytest.raises(ValidationError, match="has this role already"):
        invite(centre, coordinator, assessor.email)


def test_who_let_the_link_run_out_is_invited_anew_whoever_they_are(centre, coordinator, outsider):
    for email in ("nia@harbour.example", outsider.email):
        invite(centre, coordinator, email)
        with pytest.raises(ValidationError, match="is invited as assessor already"):
            invite(centre, coordinator, email)
        Invitation.objects.update(until=timezone.now())
        assert isinstance(invite(centre, coordinator, email), Invitation)
        assert "asks you to come in" in text_of(Client().get(link()))


def test_what_ended_long_ago_is_forgotten(centre, coordinator):
    invite(centre, coordinator, "nia@harbour.example")
    assert sweep_invitations() == 0
    Invitation.objects.update(until=timezone.now() - timedelta(days=31))
    assert sweep_invitations() == 1
