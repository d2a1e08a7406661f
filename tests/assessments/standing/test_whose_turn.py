"""Where a unit stands and whose turn it is: kept with every act, and worked out from rows again."""

import pytest

from assessments.models import Turn, UnitProgress
from assessments.signing.services import unit_countersign, unit_sign_off
from assessments.standing.whose_turn import turn_of
from assessments.standing.worked_out import differences
from assessments.steps_back.services import unit_reopen, unit_withdraw
from portfolio.models import Allocation, Capacity, State
from portfolio.registrations.services import allocate, allocation_end, allocations_set, units_add
from portfolio.registrations.unit_choice import unit_set_aside
from tests.assessments.steps import answer_all, give_back, open_version
from tests.cast import PASSWORD, seen
from tests.portfolio.files.typed import another_unit

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def since(unit):
    """Since when the unit stands as it does, as it is kept."""
    return UnitProgress.objects.get(pk=unit).since


def place(unit):
    """What is kept of where the unit stands; it must be what the rows give."""
    assert [*differences([unit])] == []
    row = UnitProgress.objects.get(pk=unit)
    return row.state, row.turn, row.sent_back_by


@pytest.mark.parametrize(
    ("state", "facts", "turn"),
    [
        (State.COLLECTING, {}, Turn.CANDIDATE),
        (State.SUBMITTED, {}, Turn.ASSESSOR),
        (State.ASSESSED, {}, Turn.VERIFIER),
        (State.VERIFIED, {"has_assessor": False, "has_verifier": False}, Turn.DONE),
        (State.COLLECTING, {"is_aside": True}, Turn.ASIDE),
        (State.VERIFIED, {"rests": True}, Turn.RESTS),
        (State.COLLECTING, {"has_assessor": False}, Turn.NOBODY),
        (State.COLLECTING, {"has_verifier": False}, Turn.CANDIDATE),
        (State.ASSESSED, {"has_assessor": False}, Turn.VERIFIER),
        (State.ASSESSED, {"has_verifier": False}, Turn.NOBODY),
        (State.SUBMITTED, {"is_kept_out": True}, Turn.KEPT_OUT),
        (State.ASSESSED, {"is_unconfirmed": True}, Turn.UNCONFIRMED),
        (State.VERIFIED, {"is_unconfirmed": True}, Turn.UNCONFIRMED),
        (State.VERIFIED, {"is_unconfirmed": True, "has_verifier": False}, Turn.NOBODY),
        (State.SUBMITTED, {"is_kept_out": True, "has_assessor": False}, Turn.NOBODY),
    ],
)
def test_whose_turn_it_is(state, facts, turn):
    usual = {"is_aside": False, "rests": False, "has_assessor": True, "has_verifier": True}
    usual |= {"is_kept_out": False, "is_unconfirmed": False}
    assert turn_of(state, **usual | facts) == turn


def test_it_follows_a_unit_through_its_life(assessed_unit, assessor, verifier):
    unit = assessed_unit
    assert place(unit) == ("assessed", "verifier", None)
    assert since(unit) == open_version(unit).assessed_at
    returned = give_back(unit, verifier)
    assert since(unit) == returned.made_at  # not when it was submitted
    assert place(unit) == ("submitted", "assessor", verifier)
    answer_all(unit)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit), comment="")
    assert place(unit) == ("assessed", "verifier", None)
    withdrawn = unit_withdraw(unit=unit, actor=assessor, reason="A date.", stamp=open_version(unit).stamp)
    assert since(unit) == withdrawn.made_at
    assert place(unit)[:2] == ("submitted", "assessor")
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit), comment="")
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    assert place(unit) == ("verified", "done", None)
    unit_reopen(unit=unit, actor=verifier, reason="Not seen.", stamp=open_version(unit).stamp)
    assert place(unit) == ("collecting", "candidate", verifier)


def test_what_an_assessor_returned_was_sent_back_by_no_verifier(submitted_unit, assessor):
    returned = give_back(submitted_unit, assessor)
    assert place(submitted_unit) == ("collecting", "candidate", None)
    assert since(submitted_unit) == returned.made_at


def test_it_follows_who_is_allocated(unit, coordinator, assessor, verifier):
    row = UnitProgress.objects.get(pk=unit)
    assert (row.assessor, row.verifier) == (assessor, verifier)
    allocation_end(allocation=Allocation.objects.get(capacity=Capacity.ASSESSOR), actor=coordinator)
    assert place(unit)[1] == "nobody"
    allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    assert place(unit)[1] == "candidate"


def test_who_is_allocated_everywhere_is_kept_everywhere(unit, coordinator, assessor, verifier):
    [other] = units_add(registration=unit.registration, actor=coordinator, revisions=[another_unit()])
    assert place(other)[1] == "nobody"
    allocations_set(unit=unit, actor=coordinator, assessor=assessor, internal_verifier=None, everywhere=True)
    assert (place(unit)[1], place(other)[1]) == ("candidate", "candidate")
    assert UnitProgress.objects.get(pk=unit).verifier is None


def test_it_follows_a_unit_set_aside_and_taken_up_again(unit, coordinator):
    unit_set_aside(unit=unit, actor=coordinator)
    assert place(unit)[1] == "aside"
    units_add(registration=unit.registration, actor=coordinator, revisions=[unit.revision])
    assert place(unit)[1] == "candidate"


def test_a_place_that_was_tampered_with_is_named(unit):
    UnitProgress.objects.update(turn="done", assessor=None)
    [said] = differences([unit])
    assert "turn, assessor_id" in said
