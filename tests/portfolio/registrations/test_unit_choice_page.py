"""The page on which units are chosen, for each who may, and what it says at once."""

import datetime
import uuid

import pytest
from django.urls import reverse

from centres.models import Membership, Role, User
from portfolio.models import CandidateUnit, Capacity, Registration
from portfolio.registrations.services import allocate, registration_create, units_add
from portfolio.registrations.unit_choice import unit_choose, unit_set_aside
from record.models import Chain
from tests.cast import add_evidence, claim_in_bulk, join
from tests.portfolio.files.typed import address, another_unit, queries_of, words
from tests.portfolio.qualified import revision_of, unit_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(qualified) -> str:
    return address("portfolio:units", qualified, portfolio=qualified.uuid)


@pytest.fixture
def signed_in(client, candidate, qualified):
    client.force_login(candidate)
    return client


def press(client, url, **said):
    return words(client.post(url, said, follow=True))


def unit_uuid(code: str) -> str:
    return str(revision_of(code).unit.uuid)


def test_it_says_at_once_what_is_missing(signed_in, url):
    page = words(signed_in.get(url))
    assert "Still missing Choose one unit of “Optional”. 0 of 2 units are verified." in page
    assert "Optional take 1 of 2 units" in page


def test_taking_one_says_that_nothing_more_is_needed_and_who_works_on_it(signed_in, url, qualified):
    page = press(signed_in, url, take=unit_uuid("O1"))
    assert (
        "O1 is one of the units now. As in your other units, Ann Assessor is its assessor and "
        "Ivy Verifier is its internal verifier." in page
    )
    assert "Every unit it needs is chosen. 0 of 3 units are verified." in page


def test_more_than_needed_is_no_fault(signed_in, url):
    press(signed_in, url, take=unit_uuid("O1"))
    page = press(signed_in, url, take=unit_uuid("O2"))
    assert "Every unit it needs is chosen. 0 of 4 units are verified." in page


def test_one_is_set_aside_and_taken_up_again(signed_in, url, qualified, candidate):
    unit = unit_choose(registration=qualified, actor=candidate, revision=revision_of("O1")).unit
    claim_in_bulk(unit, [add_evidence(qualified, candidate)])
    page = press(signed_in, url, set_aside=str(unit.uuid))
    assert "O1 is set aside. What was collected for it stays, and you can take it up again here." in page
    assert "Choose one unit of “Optional”." in page
    assert "Take it up again : O1" in page
    page = press(signed_in, url, take=unit_uuid("O1"))
    assert "Every unit it needs is chosen." in page
    assert unit.claims.count() == 4


def test_a_mandatory_unit_offers_no_button_and_refuses_one(signed_in, url, qualified):
    unit = unit_in(qualified, "M1")
    assert str(unit.uuid) not in signed_in.get(url).content.decode().replace(f"/units/{unit.uuid}/", "")
    assert "M1 is mandatory, so it cannot be set aside." in press(signed_in, url, set_aside=str(unit.uuid))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"take": ""},
        {"take": "x"},
        {"take": str(uuid.uuid4())},
        {"set_aside": str(uuid.uuid4())},
        {"set_aside": "1"},
    ],
)
def test_what_is_no_unit_changes_nothing_and_says_so(signed_in, url, qualified, said):
    assert "There is no such unit to choose. Nothing was changed." in press(signed_in, url, **said)
    assert qualified.candidate_units.count() == 2


@pytest.mark.long
def test_a_unit_of_somebody_elses_portfolio_is_not_set_aside(signed_in, url, centre, coordinator, qualification):
    otto = join(centre, coordinator, "Otto", "otto@harbour.example", Role.CANDIDATE)
    other = registration_create(
        centre=centre,
        actor=coordinator,
        candidate=otto,
        number="",
        qualification=qualification,
        revisions=[revision_of("O1")],
    )
    assert "There is no such unit to choose." in press(signed_in, url, set_aside=str(unit_in(other, "O1").uuid))
    assert unit_in(other, "O1").set_aside_at is None


def test_the_verifier_reads_it_and_is_refused_a_press(client, url, qualified, verifier):
    client.force_login(verifier)
    page = client.get(url).content.decode()
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert client.post(url, {"take": unit_uuid("O1")}).status_code == 403


def test_the_coordinator_may_add_any_unit_that_there_is(client, url, qualified, coordinator):
    client.force_login(coordinator)
    add = address("portfolio:unit_add", qualified, portfolio=qualified.uuid)
    assert add in client.get(url).content.decode()


def test_single_units_are_shown_without_a_rule(client, unit, coordinator, candidate):
    url = address("portfolio:units", unit.registration, portfolio=unit.registration.uuid)
    client.force_login(candidate)
    assert "Single units, without a qualification." in words(client.get(url))
    client.force_login(coordinator)
    assert "B10 is set aside." in press(client, url, set_aside=str(unit.uuid))


def test_what_is_set_aside_vanishes_from_the_lists_and_stays_in_the_record(
    client, qualified, candidate, assessor, coordinator
):
    unit = unit_choose(registration=qualified, actor=candidate, revision=revision_of("O1")).unit
    claim_in_bulk(unit, [add_evidence(qualified, candidate)])
    unit_set_aside(unit=unit, actor=candidate)
    evidence = qualified.evidence.get()
    unit_page = address("assessments:unit", qualified, unit=unit.uuid)
    for person, pages in (
        (candidate, [reverse("home"), address("portfolio:evidence", qualified, evidence=evidence.uuid)]),
        (assessor, [reverse("home")]),
        (coordinator, [address("portfolio:registrations", qualified)]),
    ):
        client.force_login(person)
        for page in pages:
            assert "Unit O1" not in client.get(page).content.decode(), page
    portfolio = words(client.get(address("assessments:portfolio", qualified, portfolio=qualified.uuid)))
    assert "Set aside: O1 Unit O1 (CVQ)" in portfolio
    assert "This unit was set aside on" in words(client.get(unit_page))
    assert "Choose one unit of “Optional”." in portfolio


def test_two_units_of_one_code_are_told_apart(client, unit, candidate, coordinator):
    revision = another_unit()
    revision.unit.code = "B10"
    revision.unit.save()
    [other] = units_add(registration=unit.registration, actor=coordinator, revisions=[revision])
    piece = add_evidence(unit.registration, candidate)
    claim_in_bulk(unit, [piece])
    claim_in_bulk(other, [piece])
    client.force_login(candidate)
    page = words(client.get(address("assessments:portfolio", unit.registration, portfolio=unit.registration.uuid)))
    assert "B10 (MADE-UP) (4)" in page
    assert "B10 (NVQ) (30)" in page
    home = words(client.get(reverse("home")))
    assert f"{unit.revision.title} (NVQ)" in home
    assert "Every shape (MADE-UP)" in home


@pytest.mark.parametrize("who", ["candidate", "assessor", "verifier", "coordinator"])
def test_it_takes_at_most_sixteen_queries(who, request, client, url, qualified, candidate):
    client.force_login(request.getfixturevalue(who))
    few = queries_of(client, url)
    for code in ("O1", "O2"):
        unit_choose(registration=qualified, actor=candidate, revision=revision_of(code))
    assert queries_of(client, url) <= few <= 16  # with nothing left to take, nothing is read of it
    assert queries_of(client, address("assessments:portfolio", qualified, portfolio=qualified.uuid)) <= 18


@pytest.mark.long
def test_the_list_of_thirty_candidates_with_six_units_says_how_far_each_is(
    client, centre, coordinator, qualified, qualification, assessor
):
    client.force_login(coordinator)
    url = address("portfolio:registrations", qualified)
    few = queries_of(client, url)
    people = User.objects.bulk_create(User(email=f"{n}@x.example", name=f"P {n:02}", password="!") for n in range(29))
    Membership.objects.bulk_create(
        Membership(centre=centre, user=person, role=Role.CANDIDATE, began_at=qualified.registered_at)
        for person in people
    )
    registrations = Registration.objects.bulk_create(
        Registration(
            centre=centre,
            candidate=person,
            registered_at=qualified.registered_at,
            qualification=qualification,
            chain=Chain.objects.create(),
        )
        for person in people
    )
    for registration in registrations:
        for unit in units_add(
            registration=registration, actor=coordinator, revisions=[revision_of(code) for code in ("M1", "M2", "O1")]
        ):
            if registration is registrations[0]:
                allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    assert queries_of(client, url) <= few <= 16  # with nothing left to take, nothing is read of it
    page = words(client.get(url))
    assert "Q2 Service 0 of 3 units are verified." in page
    assert "3 units: 3 collecting; nobody is allocated yet" in page
    assert "Next →" in page


def test_the_day_on_which_a_unit_was_set_aside_is_that_of_the_centre(signed_in, url, qualified, candidate, centre):
    unit = unit_choose(registration=qualified, actor=candidate, revision=revision_of("O1")).unit
    unit_set_aside(unit=unit, actor=candidate)
    at = datetime.datetime(2026, 3, 1, 20, tzinfo=datetime.UTC)
    CandidateUnit.objects.filter(pk=unit.pk).update(set_aside_at=at)
    centre.time_zone = "Pacific/Kiritimati"
    centre.save()
    assert "set aside 2 March 2026" in words(signed_in.get(url))
