"""The coordinator's pages about people."""

import re
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from centres.invitations.mailing import KEPT_IN_FILES
from centres.models import Membership, Role, User
from centres.services.people import person_add
from centres.sign_in.models import SignIn
from tests.cast import PASSWORD
from tests.centres.sign_in.test_sign_in import letters_sent


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def url(name, centre, **more):
    return reverse(f"centres:{name}", kwargs={"centre": centre.uuid, **more})


def add(client, centre, **said):
    typed = {"name": "Nia New", "email": "nia@harbour.example", "role": "candidate"} | said
    return client.post(url("person_add", centre), typed)


def test_it_lists_everyone_with_their_roles(signed_in, centre, assessor, verifier):
    page = signed_in.get(url("people", centre)).content.decode()
    for words in ("Cora Coordinator", "Ann Assessor", "Ivy Verifier", "Internal verifier", "ann@harbour.example"):
        assert words in page


def test_a_name_leads_to_a_page_with_all_that_can_be_done_about_the_person(signed_in, centre, assessor, outsider):
    assert f'<a href="{assessor.uuid}/">Ann Assessor</a>' in signed_in.get(url("people", centre)).content.decode()
    page = signed_in.get(url("person", centre, person=assessor.uuid)).content.decode()
    held = Membership.objects.get(user=assessor)
    for name in ("sign_ins", "second_step_reset", "person_correct", "role_end"):
        assert url(name, centre, membership=held.uuid) in page
    assert url("staff_person", centre, person=assessor.uuid) in page
    assert signed_in.get(url("person", centre, person=outsider.uuid)).status_code == 404


def test_it_invites_a_person_and_says_where_the_link_goes(signed_in, centre):
    page = signed_in.get(add(signed_in, centre).url).content.decode()
    assert "Nia New is invited as candidate. A link is on its way to nia@harbour.example." in page
    assert "Invited, until" in page


def test_where_no_mail_server_is_set_up_the_link_is_shown_to_be_handed_over(signed_in, centre, settings, tmp_path):
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = KEPT_IN_FILES, tmp_path
    page = signed_in.get(add(signed_in, centre).url).content.decode()
    assert "nothing was sent. Give Nia New this link" in page
    [link] = set(re.findall(r"http://\S+/invitation/[^\s<]+", page))
    assert Client().get(urlsplit(link).path).status_code == 200
    assert SignIn.objects.get().what == "link"  # Nia sees it on her own page


def test_of_a_further_role_nobody_is_said_to_have_been_told_where_nothing_is_sent(
    signed_in, centre, assessor, settings, tmp_path
):
    further = {"name": "Ann", "email": assessor.email, "role": "coordinator"}
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = KEPT_IN_FILES, tmp_path
    page = signed_in.get(add(signed_in, centre, **further).url).content.decode()
    assert "here now. No mail server is set up, so nothing was sent." in page
    assert "is told so" not in page
    assert list(tmp_path.iterdir()) == []


def test_a_role_given_twice_is_refused_in_words(signed_in, centre, assessor):
    response = add(signed_in, centre, name="Ann", email=assessor.email, role="assessor")
    assert "This person has this role already." in response.content.decode()
    assert Membership.objects.filter(centre=centre, user=assessor).count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "\x07\u200b"}, "name"),
        ({"email": "no address"}, "email"),
        ({"role": "king"}, "role"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_adds_nobody(signed_in, centre, said, field):
    response = add(signed_in, centre, **said)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert Membership.objects.filter(centre=centre).count() == 1
    assert mail.outbox == []


def test_the_link_can_be_sent_again(signed_in, centre, coordinator):
    membership = person_add(centre=centre, actor=coordinator, name="Nia", email="nia@x.example", role=Role.CANDIDATE)
    signed_in.post(url("invite", centre, membership=membership.uuid))
    assert [letter.to for letter in letters_sent()] == [["nia@x.example"]]


def test_ending_a_role_ends_what_it_opened(signed_in, client, centre, unit, assessor):
    membership = Membership.objects.get(centre=centre, user=assessor)
    end = url("role_end", centre, membership=membership.uuid)
    assert "Ann Assessor" in signed_in.get(end).content.decode()
    signed_in.post(end)
    signed_in.post(end)  # the button pressed twice
    client.login(email=assessor.email, password=PASSWORD)
    page = reverse("assessments:unit", kwargs={"centre": centre.uuid, "unit": unit.uuid})
    assert client.get(page).status_code == 404


def test_it_says_so_when_the_session_had_ended_before_the_button(signed_in, centre, coordinator, assessor):
    page = url("role_end", centre, membership=assessor.memberships.get().uuid)
    signed_in.get(page)
    del signed_in.cookies["sessionid"]
    signed_in.post(page)
    signed_in.force_login(coordinator)

    assert "You had been signed out. Nothing was saved; please do it again." in signed_in.get(page).content.decode()
    assert assessor.memberships.get().ended_at is None


def test_the_last_coordinator_cannot_be_lost(signed_in, centre, coordinator):
    membership = Membership.objects.get(centre=centre, user=coordinator)
    end = url("role_end", centre, membership=membership.uuid)
    page = signed_in.get(end).content.decode()
    assert "you are the only coordinator" in page
    assert "again later" not in page
    assert "End the role</button>" not in page
    assert "A centre needs a coordinator." in signed_in.post(end).content.decode()
    membership.refresh_from_db()
    assert membership.ended_at is None


def test_one_of_two_coordinators_can_go(signed_in, centre, coordinator, assessor):
    person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.COORDINATOR)
    membership = Membership.objects.get(centre=centre, user=coordinator)
    end = url("role_end", centre, membership=membership.uuid)
    assert "End the role</button>" in signed_in.get(end).content.decode()
    assert signed_in.post(end)["Location"] == reverse("home")


@pytest.mark.long
@pytest.mark.parametrize("more", [0, 40])
def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    signed_in, centre, django_assert_max_num_queries, more
):
    people = User.objects.bulk_create(
        User(email=f"{n}@x.example", name=f"Person {n}", password="!") for n in range(more)
    )
    Membership.objects.bulk_create(
        Membership(centre=centre, user=person, role=Role.CANDIDATE, began_at=centre.chain.events.first().happened_at)
        for person in people
    )
    with django_assert_max_num_queries(8):
        signed_in.get(url("people", centre))
