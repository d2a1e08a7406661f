"""In the demo one click signs in, as people of the demo alone; nowhere else does it exist."""

import pytest
from django.core.management import CommandError, call_command

from centres.models import Centre, Membership, Role, User
from centres.services.people import centre_create, person_add, role_end
from tests.config import pages


@pytest.fixture(autouse=True)
def _a_site_with_a_home(settings) -> None:
    settings.ROOT_URLCONF = pages.__name__


@pytest.fixture
def demo_coordinator(db) -> User:
    return centre_create(
        name="Demo Academy",
        number="",
        time_zone="Europe/London",
        coordinator_name="Dora Demo",
        coordinator_email="dora@demo.example",
        is_demo=True,
    ).user


@pytest.fixture
def demo_centre(demo_coordinator) -> Centre:
    return Centre.objects.get(is_demo=True)


@pytest.fixture
def dan(demo_centre, demo_coordinator) -> Membership:
    """Dan, a candidate of the demo."""
    return person_add(
        centre=demo_centre, actor=demo_coordinator, name="Dan Demo", email="dan@demo.example", role=Role.CANDIDATE
    )


def sign_in(client, person: User, **more: str):
    return client.post("/demo/sign-in/", {"person": str(person.uuid), **more})


def test_the_sign_in_page_offers_each_person_of_the_demo(client, demo_coordinator, dan, candidate):
    page = client.get("/accounts/login/?next=/note/").content.decode()

    assert page.index("Dan Demo") < page.index("Dora Demo")  # the order of the roles
    assert "Centre coordinator" in page
    assert "countersign demo" in page
    assert "Pat Candidate" not in page
    assert page.count('name="next" value="/note/"') == 4  # each person, the form, and the passkey


def test_whatever_next_is_it_signs_in(client, dan):
    for elsewhere in ("%00", "note", "https://evil.example/"):
        assert sign_in(client, dan.user, next=elsewhere).status_code == 302


def test_it_shows_nobody_where_this_is_not_the_demo(client, dan, settings):
    settings.DEMO = False
    page = client.get("/accounts/login/").content.decode()

    assert "Dan Demo" not in page
    assert "countersign demo" not in page


def test_one_click_signs_in_and_leads_on(client, dan):
    answer = sign_in(client, dan.user, next="/note/")

    assert answer["Location"] == "/note/"
    assert client.get("/note/").status_code == 200
    assert client.session["_auth_user_id"] == str(dan.user.pk)


def test_it_leads_home_rather_than_to_another_site(client, dan):
    assert sign_in(client, dan.user, next="https://evil.example/")["Location"] == "/"


def test_what_was_typed_comes_back_after_one_click_too(client, dan):
    sign_in(client, dan.user)
    client.get("/note/")
    del client.cookies["sessionid"]
    client.post("/note/", {"title": "The faulty kettle"})
    sign_in(client, dan.user, next="/note/")

    assert 'value="The faulty kettle"' in client.get("/note/").content.decode()


def test_it_is_refused_where_this_is_not_the_demo(client, dan, settings):
    settings.DEMO = False

    assert sign_in(client, dan.user).status_code == 404
    assert "_auth_user_id" not in client.session


def test_it_refuses_a_person_of_another_centre(client, dan, candidate):
    assert sign_in(client, candidate).status_code == 404
    assert "_auth_user_id" not in client.session


def test_it_refuses_a_person_of_the_demo_who_is_also_elsewhere(client, dan, centre, coordinator):
    role = person_add(centre=centre, actor=coordinator, name="Dan Demo", email=dan.user.email, role=Role.CANDIDATE)
    assert sign_in(client, dan.user).status_code == 404

    role_end(membership=role, actor=coordinator)  # even then: what they did there is not for visitors
    assert sign_in(client, dan.user).status_code == 404


def test_it_refuses_who_has_left_the_demo_or_is_closed(client, dan, demo_coordinator):
    User.objects.filter(pk=dan.user.pk).update(is_active=False)
    assert sign_in(client, dan.user).status_code == 404

    User.objects.filter(pk=dan.user.pk).update(is_active=True)
    role_end(membership=dan, actor=demo_coordinator)
    assert sign_in(client, dan.user).status_code == 404


@pytest.mark.parametrize("person", ["", "1", "dan@demo.example", "00000000-0000-4000-8000-000000000000"])
def test_it_refuses_what_is_nobody(client, dan, person):
    assert client.post("/demo/sign-in/", {"person": person}).status_code == 404


def test_a_link_alone_signs_nobody_in(client, dan):
    assert client.get("/demo/sign-in/", {"person": str(dan.user.uuid)}).status_code == 405


def test_the_sign_in_page_asks_no_more_of_the_database_with_more_people(
    client, demo_centre, demo_coordinator, dan, django_assert_max_num_queries
):
    for number in range(12):
        person_add(
            centre=demo_centre,
            actor=demo_coordinator,
            name=f"Visitor {number}",
            email=f"v{number}@demo.example",
            role=Role.CANDIDATE,
        )
    with django_assert_max_num_queries(2):
        client.get("/accounts/login/")


def test_production_refuses_a_database_that_holds_the_demo(dan, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="holds the demo centre, whose password everybody knows"):
        call_command("check", databases=["default"])


def test_production_takes_a_database_without_the_demo(centre, settings, capsys):
    settings.PRODUCTION = True

    call_command("check", databases=["default"], tags=["database"])


def test_the_demo_is_welcome_on_a_machine_of_its_own(dan):
    call_command("check", databases=["default"], tags=["database"])
