"""Two requests that really run at once: one piece, one claim, and no number twice."""

import uuid

import pytest

from assessments.cells.changes import GONE
from centres.models import Role
from centres.services.people import person_add
from portfolio.evidence.services import evidence_remove
from portfolio.models import Allocation, CandidateUnit, Capacity, Claim, Evidence, Registration
from portfolio.registrations.services import allocation_end, allocations_set, registration_create
from record.models import Event
from tests.at_once import raised_at_once
from tests.cast import add_evidence, claims_make, join
from tests.portfolio.evidence.test_evidence_service import add
from tests.portfolio.qualified import CODES, people_on, revision_of, unit_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def test_the_button_pressed_twice_makes_one_piece(unit, candidate):
    form_key = uuid.uuid4()
    said = {"location": "Cabinet 3", "relevance": "Shows it", "form_key": form_key}
    assert raised_at_once(*[lambda: add(unit.registration, candidate, **said)] * 4) == []
    assert Evidence.objects.count() == 1


def test_two_people_who_add_at_once_get_two_numbers(unit, candidate, assessor):
    acts = [lambda person=person: add_evidence(unit.registration, person) for person in (candidate, assessor) * 2]
    assert raised_at_once(*acts) == []
    assert list(Evidence.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_the_same_page_of_ticks_sent_twice_claims_once(unit, evidence, candidate, b10):
    wanted = dict.fromkeys(b10.criteria.filter(is_tickable=True).select_related("parent", "element")[:5], "page 1")
    act = lambda: claims_make(unit=unit, evidence=evidence, actor=candidate, wanted=wanted)  # noqa: E731
    assert raised_at_once(act, act) == []
    assert Claim.objects.count() == 5


@pytest.mark.long
def test_a_piece_is_not_claimed_while_it_is_removed(unit, evidence, candidate, b10):
    wanted = {b10.criteria.filter(is_tickable=True).first(): ""}
    refused: list[str] = []
    raised = raised_at_once(
        lambda: evidence_remove(evidence=evidence, actor=candidate),
        lambda: refused.extend(
            one.refused for one in claims_make(unit=unit, evidence=evidence, actor=candidate, wanted=wanted)
        ),
    )
    assert len(raised) + refused.count(GONE) == 1  # whichever came second was told that it came too late
    evidence.refresh_from_db()
    assert (evidence.removed_at is None) == Claim.objects.exists()


def test_a_person_added_twice_at_once_is_one_person(centre, coordinator):
    act = lambda: person_add(centre=centre, actor=coordinator, name="N", email="n@x.example", role=Role.ASSESSOR)  # noqa: E731
    raised = raised_at_once(*[act] * 4)
    assert [str(error) for error in raised] == ["{'__all__': ['This person has this role already.']}"] * 3


def test_a_candidate_is_registered_once_however_often_the_button_is_pressed(centre, coordinator, candidate, b10):
    said = {"centre": centre, "actor": coordinator, "candidate": candidate, "number": "", "revisions": [b10]}
    form_key = uuid.uuid4()
    assert raised_at_once(*[lambda: registration_create(**said, form_key=form_key)] * 4) == []
    assert Registration.objects.count() == 1


@pytest.mark.long
def test_two_coordinators_who_allocate_at_once_leave_one_assessor(registration, centre, coordinator, assessor):
    unit = registration.candidate_units.get()
    other = join(centre, coordinator, "Abe Assessor", "abe@harbour.example", Role.ASSESSOR)
    acts = [
        lambda person=person: allocations_set(unit=unit, actor=coordinator, assessor=person, internal_verifier=None)
        for person in (assessor, other) * 2
    ]
    assert raised_at_once(*acts) == []
    assert Allocation.objects.current().filter(candidate_unit=unit).count() == 1


@pytest.mark.long
def test_units_of_one_portfolio_that_are_allocated_at_once_do_not_wait_for_each_other(
    centre, coordinator, candidate, assessor, verifier, qualification
):
    registration = registration_create(
        centre=centre,
        actor=coordinator,
        candidate=candidate,
        number="",
        qualification=qualification,
        revisions=[revision_of("O1"), revision_of("O2")],
    )
    people = {"assessor": assessor, "internal_verifier": verifier}
    acts = [
        lambda unit=unit: allocations_set(unit=unit, actor=coordinator, seen=[], everywhere=True, **people)
        for unit in CandidateUnit.objects.filter(registration=registration).select_related("registration__centre")
    ]
    assert raised_at_once(*acts) == []
    assert [people_on(unit_in(registration, code)) for code in CODES] == [people] * 4


def test_an_allocation_that_is_ended_twice_at_once_ends_once(unit, coordinator):
    standing = Allocation.objects.filter(candidate_unit=unit, capacity=Capacity.ASSESSOR)
    read_by_each = [standing.get() for _ in range(4)]
    acts = [lambda row=row: allocation_end(allocation=row, actor=coordinator) for row in read_by_each]
    assert raised_at_once(*acts) == []
    assert Event.objects.filter(chain=unit.registration.chain, kind="allocation.ended").count() == 1
