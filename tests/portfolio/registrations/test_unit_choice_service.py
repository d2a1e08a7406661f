"""Units of a qualification are taken, set aside with all that was collected, and taken up again."""

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from assessments.models import Judgement
from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from assessments.standing.unit_record import claims_in
from assessments.steps_back.services import unit_reopen
from centres.models import Membership, Role
from centres.services.people import role_end
from portfolio.models import Allocation, CandidateUnit, Capacity, Registration
from portfolio.permissions import capacity_in
from portfolio.registrations.services import allocate, registration_create, units_add
from portfolio.registrations.unit_choice import unit_choose, unit_set_aside
from record.models import Event
from record.proof import chain_faults
from tests.assessments.steps import answer, give_back, judge, open_version
from tests.at_once import at_once
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, claims_withdraw, join, judge_in_bulk, seen
from tests.portfolio.qualified import people_on, revision_of, unit_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def codes_taken(registration: Registration) -> list[str]:
    units = CandidateUnit.objects.taken().filter(registration=registration).order_by("revision__unit__code")
    return [unit.revision.unit.code for unit in units.select_related("revision__unit")]


def last_events(registration: Registration, number: int) -> list[tuple[str, Any]]:
    assert chain_faults(registration.chain) == []
    events = Event.objects.filter(chain=registration.chain).select_related("payload").order_by("-sequence")[:number]
    return [(event.kind, json.loads(event.payload.body)) for event in events][::-1]


def take(registration, actor, code="O1"):
    return unit_choose(registration=registration, actor=actor, revision=revision_of(code)).unit


def test_the_mandatory_units_of_a_qualification_come_by_themselves(qualified, qualification):
    assert qualified.qualification == qualification
    assert codes_taken(qualified) == ["M1", "M2"]


def test_an_optional_unit_may_be_ticked_at_once_and_a_mandatory_one_is_not_taken_twice(
    centre, coordinator, candidate, qualification
):
    registration = registration_create(
        centre=centre,
        actor=coordinator,
        candidate=candidate,
        number="",
        qualification=qualification,
        revisions=[revision_of("M1"), revision_of("O2")],
    )
    assert codes_taken(registration) == ["M1", "M2", "O2"]


@pytest.mark.parametrize("who", ["candidate", "assessor", "coordinator"])
def test_candidate_assessor_and_coordinator_take_an_optional_unit(who, request, qualified):
    unit = take(qualified, request.getfixturevalue(who))
    assert codes_taken(qualified) == ["M1", "M2", "O1"]
    assert unit.versions.get().state == "collecting"


@pytest.mark.parametrize("who", ["verifier", "outsider"])
def test_nobody_else_takes_or_sets_aside(who, request, qualified, candidate, centre, coordinator):
    unit = take(qualified, candidate)
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    for actor in (request.getfixturevalue(who), other):
        with pytest.raises(PermissionDenied):
            take(qualified, actor, "O2")
        with pytest.raises(PermissionDenied):
            unit_set_aside(unit=unit, actor=actor)
    assert codes_taken(qualified) == ["M1", "M2", "O1"]


def test_whose_role_has_ended_takes_nothing(qualified, candidate, coordinator, centre):
    role_end(membership=Membership.objects.get(user=candidate, centre=centre), actor=coordinator)
    with pytest.raises(PermissionDenied):
        take(qualified, candidate)


def test_without_a_qualification_the_coordinator_alone_decides(unit, candidate, assessor, coordinator):
    for actor in (candidate, assessor):
        with pytest.raises(PermissionDenied):
            unit_set_aside(unit=unit, actor=actor)
    unit_set_aside(unit=unit, actor=coordinator)
    assert codes_taken(unit.registration) == []


def test_a_unit_outside_of_the_qualification_is_the_coordinators_to_add_and_to_set_aside(
    qualified, candidate, coordinator, b10
):
    with pytest.raises(ValidationError, match="B10 is not a unit of this qualification"):
        unit_choose(registration=qualified, actor=candidate, revision=b10)
    [unit] = units_add(registration=qualified, actor=coordinator, revisions=[b10])
    with pytest.raises(ValidationError, match="Your coordinator decided on B10"):
        unit_set_aside(unit=unit, actor=candidate)
    unit_set_aside(unit=unit, actor=coordinator)
    assert codes_taken(qualified) == ["M1", "M2"]


def test_who_works_on_every_other_unit_works_on_the_new_one_too(qualified, candidate, assessor, verifier):
    choice = unit_choose(registration=qualified, actor=candidate, revision=revision_of("O1"))
    assert choice.people == {Capacity.ASSESSOR: assessor, Capacity.INTERNAL_VERIFIER: verifier}
    assert people_on(choice.unit) == choice.people


def test_where_the_others_differ_nobody_is_allocated(qualified, candidate, coordinator, centre, verifier):
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    allocate(unit=unit_in(qualified, "M2"), actor=coordinator, user=other, capacity=Capacity.ASSESSOR)
    choice = unit_choose(registration=qualified, actor=candidate, revision=revision_of("O1"))
    assert choice.people == {Capacity.INTERNAL_VERIFIER: verifier}


def test_who_left_the_centre_is_not_allocated_to_a_new_unit(qualified, candidate, coordinator, assessor, centre):
    role_end(membership=Membership.objects.get(user=assessor, centre=centre), actor=coordinator)
    assert "assessor" not in people_on(take(qualified, candidate))


def test_a_unit_that_is_taken_up_again_goes_from_who_left_to_who_works_on_the_others(
    qualified, candidate, coordinator, assessor, verifier, centre
):
    unit = unit_choose(registration=qualified, actor=candidate, revision=revision_of("O1")).unit
    unit_set_aside(unit=unit, actor=candidate)
    role_end(membership=Membership.objects.get(user=assessor), actor=coordinator)
    abe = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    for code in ("M1", "M2"):
        allocate(unit=unit_in(qualified, code), actor=coordinator, user=abe, capacity=Capacity.ASSESSOR)
    unit_choose(registration=qualified, actor=candidate, revision=revision_of("O1"))
    assert people_on(unit_in(qualified, "O1")) == {"assessor": abe, "internal_verifier": verifier}


def test_a_unit_that_is_taken_already_stays_as_it_is(qualified, candidate):
    first = take(qualified, candidate)
    events = qualified.chain.events.count()
    assert take(qualified, candidate) == first
    assert qualified.chain.events.count() == events


def test_what_was_collected_outlives_being_set_aside(qualified, candidate, assessor):
    unit = take(qualified, candidate)
    claim_in_bulk(unit, [add_evidence(qualified, candidate)])
    judge_in_bulk(unit, assessor)
    claims, judgements = unit.claims.count(), Judgement.objects.count()

    unit_set_aside(unit=unit, actor=candidate)
    assert codes_taken(qualified) == ["M1", "M2"]
    again = take(qualified, candidate)

    assert again == unit
    assert (unit.claims.count(), Judgement.objects.count()) == (claims, judgements)
    assert {claim.outcome for claim in claims_in(unit).claims} == {"met"}
    assert people_on(unit)["assessor"] == assessor


def test_each_step_leaves_one_event(qualified, candidate):
    unit = take(qualified, candidate)
    unit_set_aside(unit=unit, actor=candidate)
    unit_set_aside(unit=unit, actor=candidate)  # pressed twice
    take(qualified, candidate)
    (aside, told), (again, told_again) = last_events(qualified, 2)
    assert (aside, again) == ("unit.set_aside", "unit.taken_up_again")
    assert [said["unit"]["id"] for said in (told, told_again)] == [str(unit.uuid)] * 2
    assert [bool(said["unit"]["set_aside_at"]) for said in (told, told_again)] == [True, False]


def test_it_is_taken_up_again_in_the_wording_it_was_begun_in(qualified, candidate, coordinator):
    unit = take(qualified, candidate)
    unit_set_aside(unit=unit, actor=candidate)
    newer = type(unit.revision).objects.create(
        unit=unit.revision.unit, number=2, title="Newer", published_at=unit.revision.published_at
    )
    again = unit_choose(registration=qualified, actor=candidate, revision=newer).unit
    assert again == unit
    assert again.revision.number == 1


def test_nobody_works_on_a_unit_that_is_set_aside(qualified, candidate, assessor):
    unit = take(qualified, candidate)
    piece = add_evidence(qualified, candidate)
    claim_in_bulk(unit, [piece])
    before = unit_in(qualified, "O1")  # as another request has read it
    unit_set_aside(unit=unit, actor=candidate)
    assert capacity_in(candidate, unit) is None
    for act in (
        lambda: claims_withdraw(unit=before, evidence=piece, actor=candidate),
        lambda: judge(unit=before, actor=assessor, answers=[answer(before)]),
        lambda: unit_submit(unit=before, actor=candidate, password=PASSWORD, seen=seen(before)),
    ):
        before.set_aside_at = None
        with pytest.raises(PermissionDenied):
            act()


def test_a_mandatory_unit_stays(qualified, candidate, coordinator):
    for actor in (candidate, coordinator):
        with pytest.raises(ValidationError, match="M1 is mandatory, so it cannot be set aside"):
            unit_set_aside(unit=unit_in(qualified, "M1"), actor=actor)


def test_what_is_signed_is_not_laid_away_and_what_was_returned_may_be(qualified, candidate, assessor, verifier):
    unit = take(qualified, candidate)
    claim_in_bulk(unit, [add_evidence(qualified, candidate, kind="case_history")])
    judge_in_bulk(unit, assessor)
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    with pytest.raises(ValidationError, match="O1 is submitted now"):
        unit_set_aside(unit=unit, actor=candidate)
    give_back(unit, assessor)
    unit_set_aside(unit=unit, actor=candidate)
    take(qualified, candidate)
    unit = unit_in(qualified, "O1")
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    with pytest.raises(ValidationError, match=r"O1 is verified\. It stays"):
        unit_set_aside(unit=unit, actor=candidate)
    unit_reopen(unit=unit, actor=verifier, reason="Again.", stamp=open_version(unit).stamp)
    with pytest.raises(ValidationError, match="O1 was verified before"):
        unit_set_aside(unit=unit, actor=candidate)


def test_all_units_there_are_can_be_added_at_once(qualified, coordinator, b10):
    revisions = [b10, revision_of("O1"), revision_of("O2")]
    units_add(registration=qualified, actor=coordinator, revisions=revisions)
    assert codes_taken(qualified) == ["B10", "M1", "M2", "O1", "O2"]
    with pytest.raises(ValidationError, match="Pat Candidate is registered on B10 already"):
        units_add(registration=qualified, actor=coordinator, revisions=[b10])


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_it_is_taken_once(qualified, candidate, assessor):
    results = at_once(lambda: take(qualified, candidate), lambda: take(qualified, assessor))
    assert results[0] == results[1]
    assert CandidateUnit.objects.filter(registration=qualified).count() == 3
    assert Allocation.objects.filter(candidate_unit=results[0]).count() == 2
    assert chain_faults(qualified.chain) == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_set_aside_while_it_is_submitted_one_of_them_is_refused(qualified, candidate, assessor):
    unit = take(qualified, candidate)
    claim_in_bulk(unit, [add_evidence(qualified, candidate)])
    shown = seen(unit)
    own, other = unit_in(qualified, "O1"), unit_in(qualified, "O1")
    results = at_once(
        lambda: unit_submit(unit=own, actor=candidate, password=PASSWORD, seen=shown),
        lambda: unit_set_aside(unit=other, actor=assessor),
    )
    assert connection.vendor
    assert sum(isinstance(result, ValidationError | PermissionDenied) for result in results) == 1
    now = unit_in(qualified, "O1")
    assert (open_version(now).state == "submitted") != (now.set_aside_at is not None)
