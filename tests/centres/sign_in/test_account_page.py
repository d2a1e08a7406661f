"""Where a person is signed in and when they came in: their own page, and what their coordinator sees."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from centres.models import Membership, Role
from centres.services.people import centre_create, person_add, role_end
from centres.sign_in.devices import in_words
from centres.sign_in.log import sweep_sign_ins
from centres.sign_in.models import SignIn
from tests.centres.sign_in.test_sign_in import sign_in, signed_in_as
from tests.portfolio.files.typed import words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile Safari/604.1"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def devices(candidate) -> tuple[Client, Client]:
    """Pat is signed in on two."""
    found = Client(headers={"user-agent": IPHONE}), Client(headers={"user-agent": FIREFOX})
    for client in found:
        sign_in(client, candidate.email)
    return found


def test_a_person_sees_where_they_are_signed_in_and_signs_out_there(devices, candidate):
    phone, desk = devices
    page = desk.get("/accounts/")
    assert "Firefox, Windows , this one" in words(page)
    [other] = [one for one, _ in page.context["sessions"] if one.session_key == phone.session.session_key]
    answer = desk.post("/accounts/", {"end": str(other.pk)}, follow=True)
    assert "Signed out there." in words(answer)
    assert signed_in_as(phone) is None
    assert signed_in_as(desk) == candidate.email
    assert "Safari, iPhone" in words(answer)  # in what happened of late
    assert list(SignIn.objects.values_list("what", flat=True)) == ["ended", "signed_in", "signed_in"]
    assert "That was signed out already." in words(desk.post("/accounts/", {"end": str(other.pk)}, follow=True))


def test_everywhere_but_here_and_never_somebody_else(devices, candidate, assessor):
    phone, desk = devices
    elsewhere = Client()
    sign_in(elsewhere, assessor.email)
    [theirs] = [one for one, _ in elsewhere.get("/accounts/").context["sessions"]]
    desk.post("/accounts/", {"end": str(theirs.pk)})
    desk.post("/accounts/", {"end": "others"})
    assert (signed_in_as(phone), signed_in_as(desk), signed_in_as(elsewhere)) == (None, candidate.email, assessor.email)


def test_the_coordinator_sees_when_a_person_came_in(client, devices, centre, candidate, coordinator):
    sign_in(Client(), candidate.email, "not the password")
    client.force_login(coordinator)
    held = Membership.objects.get(user=candidate)
    address = reverse("centres:sign_ins", args=[centre.uuid, held.uuid])
    assert address in client.get(reverse("centres:person", args=[centre.uuid, candidate.uuid])).content.decode()
    page = words(client.get(address))
    assert page.count("Signed in") == 2
    assert "Refused: wrong password" in page
    assert words(client.get(address + f"?before={SignIn.objects.earliest('pk').pk}")).count("Signed in") == 0
    assert client.get(address + "?before=x").status_code == 404


def test_of_who_belongs_to_another_centre_as_well_a_coordinator_sees_nothing(
    client, devices, centre, candidate, coordinator
):
    rival = centre_create(
        name="Rival College",
        number="",
        time_zone="Europe/London",
        coordinator_name="Ria",
        coordinator_email="ria@rival.example",
    )
    there = person_add(
        centre=rival.centre, actor=rival.user, name=candidate.name, email=candidate.email, role=Role.CANDIDATE
    )
    role_end(membership=there, actor=rival.user)  # what they did there stays theirs
    client.force_login(coordinator)
    held = Membership.objects.get(user=candidate, centre=centre)
    page = words(client.get(reverse("centres:sign_ins", args=[centre.uuid, held.uuid])))
    assert "belongs or belonged to another centre as well" in page
    assert "Signed in" not in page


def test_half_a_year_later_it_is_gone(devices):
    SignIn.objects.filter(device="Safari, iPhone").update(at=timezone.now() - timedelta(days=181))
    assert sweep_sign_ins() == 1
    assert SignIn.objects.get().device == "Firefox, Windows"


@pytest.mark.parametrize(
    ("said", "known"),
    [(IPHONE, "Safari, iPhone"), (FIREFOX, "Firefox, Windows"), ("curl/8.5.0", "curl/8.5.0"), ("", ""), ("é" * 90, "")],
)
def test_a_browser_is_named_as_people_know_it(said, known):
    assert in_words(said) == known
