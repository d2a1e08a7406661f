"""An assessor takes down what a witness said, and the witness confirms it, changes it or refuses it."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from assessments.proof.rows import row_faults
from notices.models import Notice
from portfolio.models import Evidence, TakenDown, Testimony, TestimonyRequest
from portfolio.testimony.rules import Stands, stands
from record.models import Event
from tests.portfolio.files.typed import address, words
from tests.portfolio.testimony.asked import ask, deliver_links, give, page_of, take_down

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

CONFIRMED = {
    "words": "Pat found my parcel.",
    "happened_from": "2026-03-02",
    "place": "The collection desk",
    "name": "Mary Jones",
    "role": "Customer",
    "relation": "customer",
    "contact": "020 7946 0001",
    "declared": "on",
}


@pytest.fixture
def taking(unit):
    """The page on which it is taken down."""
    return address("portfolio:testimony_take_down", unit.registration, portfolio=unit.registration.uuid)


@pytest.fixture
def criterion(b10):
    return b10.criteria.get(code="B10.1.2")


def form(**said):
    """What an assessor types who was rung by Mary."""
    more = {"form_key": str(uuid.uuid4()), "email": "mary@home.example", "setting": "real_job"}
    of_the_call = {"reached": "telephone", "reached_on": "2026-03-05"}
    return {name: value for name, value in CONFIRMED.items() if name != "declared"} | more | of_the_call | said


def test_what_is_taken_down_is_evidence_once_the_witness_confirms_it(
    client, unit, assessor, taking, criterion, mailoutbox
):
    client.force_login(assessor)
    answer = client.post(taking, form(criteria=str(criterion.uuid)), follow=True)
    asked = TestimonyRequest.objects.get()
    assert "It is no evidence until Mary Jones confirms it." in words(answer)
    deliver_links()
    assert page_of(asked) in mailoutbox[0].body
    assert "read what was written down" in mailoutbox[0].body
    assert not Evidence.objects.exists()

    page = Client().get(page_of(asked))
    assert "Ann Assessor wrote down what you said on 5 March 2026 (by telephone)" in words(page)
    assert "Pat found my parcel." in page.content.decode()
    assert f'value="{criterion.uuid}" checked' in page.content.decode()
    Client().post(page_of(asked), CONFIRMED | {"criteria": str(criterion.uuid)})

    testimony = Testimony.objects.get()
    version = testimony.evidence.versions.get()
    assert version.title == "Testimony of Mary Jones, Customer, taken down by Ann Assessor"
    shown = words(client.get(address("portfolio:evidence", unit.registration, evidence=testimony.evidence.uuid)))
    assert "Ann Assessor, told by telephone on 5 March 2026. Mary Jones confirmed it as it stood." in shown
    assert Event.objects.filter(kind="testimony.taken_down", actor=assessor.uuid).count() == 1
    assert [*row_faults(unit.registration.chain, unit.registration)] == []


def test_what_the_witness_changes_stands_beside_what_was_taken_down(client, unit, assessor):
    asked = take_down(unit.registration, assessor)
    Client().post(page_of(asked), CONFIRMED | {"words": "Pat found my parcel on the second try."})
    evidence = Testimony.objects.get().evidence
    client.force_login(assessor)
    shown = words(client.get(address("portfolio:evidence", unit.registration, evidence=evidence.uuid)))
    assert "Mary Jones changed it before confirming it." in shown
    assert "Pat found my parcel on the second try." in shown
    assert "What was taken down Pat found my parcel." in shown


def test_what_the_witness_refuses_is_no_evidence_and_the_assessor_is_told(client, unit, assessor):
    asked = take_down(unit.registration, assessor)
    for _ in range(2):
        answer = Client().post(page_of(asked), {"refuse": "1"}, follow=True)
        assert "so it counts for nothing" in words(answer)
    late = Client().post(page_of(asked), CONFIRMED)
    assert "What you typed just now was not taken." in words(late)
    asked.refresh_from_db()
    assert stands(asked) == Stands.REFUSED
    assert not Evidence.objects.exists()
    client.force_login(assessor)
    shown = client.get(address("portfolio:testimony_request", unit.registration, asked=asked.uuid))
    assert "Mary Jones refused it on" in words(shown)
    assert Notice.objects.filter(person=assessor, kind="testimony").count() == 1
    assert [*row_faults(unit.registration.chain, unit.registration)] == []


def test_only_what_was_taken_down_can_be_refused(unit, candidate):
    asked = ask(unit.registration, candidate)
    Client().post(page_of(asked), {"refuse": "1"})
    asked.refresh_from_db()
    assert asked.refused_at is None


def test_the_same_form_sent_twice_takes_it_down_once(client, assessor, taking):
    client.force_login(assessor)
    twice = form()
    for _ in range(2):
        assert client.post(taking, twice).status_code == 302
    assert TakenDown.objects.count() == 1
    other = client.post(taking, twice | {"words": "Something else."})
    assert "This form has asked Mary Jones already." in words(other)
    assert "Something else." in other.content.decode()


def test_of_a_known_witness_the_rest_is_taken_as_they_said_it_last(client, unit, candidate, assessor, taking):
    dave = give(ask(unit.registration, candidate)).evidence.witness
    assert dave
    client.force_login(assessor)
    client.post(taking, form(who=str(dave.uuid), name="", email="", role="", relation="", contact=""))
    asked = TakenDown.objects.get().request
    assert (asked.witness, asked.witness.role, asked.witness.relation) == (dave, "Shift manager", "manager")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"words": ""}, "Write down what they said."),
        ({"reached": ""}, "Say how they told you."),
        ({"reached_on": "2999-01-01"}, "This day is in the future."),
        ({"happened_from": "2999-01-01"}, "This date is in the future."),
        ({"role": ""}, "Say what their job is"),
        ({"contact": "ivy@harbour.example"}, "never a witness"),
        ({"name": "Pat Candidate"}, "cannot be their own witness"),
        ({"name": ""}, "Give their name."),
    ],
)
def test_what_cannot_be_taken_down_is_said_and_nothing_typed_is_lost(client, assessor, taking, said, sentence):
    client.force_login(assessor)
    answer = client.post(taking, form(**said))
    assert sentence in words(answer)
    assert "The collection desk" in answer.content.decode()
    assert not TestimonyRequest.objects.exists()


def test_nobody_but_an_assessor_of_a_unit_takes_anything_down(unit, candidate, verifier, coordinator):
    for person in (candidate, verifier, coordinator):
        with pytest.raises(PermissionDenied):
            take_down(unit.registration, person)


def test_the_candidate_sees_that_it_waits_and_not_the_link(client, unit, candidate, assessor):
    asked = take_down(unit.registration, assessor)
    page = address("portfolio:testimony_request", unit.registration, asked=asked.uuid)
    client.force_login(candidate)
    shown = client.get(page)
    assert "Pat found my parcel." in words(shown)
    assert page_of(asked) not in shown.content.decode()
    assert client.post(page, {"withdraw": "1"}).status_code == 403


def test_it_is_withdrawn_like_any_request(client, unit, assessor):
    asked = take_down(unit.registration, assessor)
    client.force_login(assessor)
    client.post(address("portfolio:testimony_request", unit.registration, asked=asked.uuid), {"withdraw": "1"})
    assert "This request was withdrawn." in words(Client().post(page_of(asked), CONFIRMED))
    with pytest.raises(ValidationError, match="in the future"):
        take_down(unit.registration, assessor, happened_from=asked.until.date())
