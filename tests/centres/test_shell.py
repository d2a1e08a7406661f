"""What stands around every page: the centre, the person's name and roles, and where they may go."""

import pytest
from django.test import RequestFactory
from django.urls import resolve

from centres.context import Shell
from centres.models import Role, User
from centres.services.people import centre_create, person_add
from tests.config import pages


@pytest.fixture(autouse=True)
def _a_site_with_a_home(settings) -> None:
    settings.ROOT_URLCONF = pages.__name__


def shell_of(user: User, **kwargs: object) -> Shell:
    request = RequestFactory().get("/")
    request.user = user
    request.resolver_match = resolve("/")
    request.resolver_match.kwargs = kwargs
    return Shell(request)


def test_a_page_names_the_centre_the_person_and_their_roles(client, centre, coordinator, assessor):
    person_add(centre=centre, actor=coordinator, name=assessor.name, email=assessor.email, role=Role.INTERNAL_VERIFIER)
    client.force_login(assessor)
    page = client.get("/").content.decode()

    assert "Harbour College" in page
    assert "Ann Assessor" in page
    assert "Assessor, internal verifier" in page


def test_in_two_centres_the_address_says_which(centre, coordinator, outsider):
    person_add(centre=centre, actor=coordinator, name=outsider.name, email=outsider.email, role=Role.ASSESSOR)

    assert shell_of(outsider).centre is None
    assert shell_of(outsider, centre=centre.uuid).centre == centre
    assert shell_of(outsider, centre=centre.uuid).roles == "Assessor"


def test_a_centre_of_others_is_not_named(centre, outsider):
    assert shell_of(outsider, centre=centre.uuid).centre is None
    assert shell_of(outsider, centre=centre.uuid).roles == ""


def test_a_role_that_has_ended_is_not_named(centre, assessor):
    assessor.memberships.update(ended_at=centre.memberships.first().began_at)

    assert shell_of(assessor).roles == ""


def test_the_shell_costs_one_query(client, coordinator, django_assert_num_queries):
    client.force_login(coordinator)
    client.get("/")

    with django_assert_num_queries(3):  # the session, the person, their memberships
        client.get("/")


def test_it_costs_the_same_in_many_centres(client, coordinator, django_assert_num_queries):
    for number in range(5):
        centre_create(
            name=f"Centre {number}",
            number="",
            time_zone="Europe/London",
            coordinator_name=coordinator.name,
            coordinator_email=coordinator.email,
        )
    client.force_login(coordinator)
    client.get("/")

    with django_assert_num_queries(3):
        client.get("/")


def test_a_stranger_s_page_costs_none(client, db, settings, django_assert_num_queries):
    settings.DEMO = False

    with django_assert_num_queries(0):
        client.get("/accounts/login/")
