"""How a registration stands: what may follow, who may say so, and what is said of it in both chains."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from assessments.models import Turn, UnitProgress
from assessments.standing.worked_out import differences
from portfolio.models import RegistrationStanding
from portfolio.open_registrations import is_open, standing_of, state_of
from portfolio.permissions import authors_for, capacity_in, signs_as
from portfolio.registrations.standing import suspensions_end
from record.errors import ChangedMeanwhile, InvalidTransition
from record.models import Event
from record.proof import chain_faults
from tests.cast import add_evidence
from tests.portfolio.registrations.endings import days, stand

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def turn(unit):
    assert [*differences([unit])] == []
    return UnitProgress.objects.get(pk=unit).turn


def test_it_is_told_in_both_chains_and_nothing_waits_any_more(unit, coordinator):
    registration = unit.registration
    before = turn(unit)
    stand(registration, coordinator, "withdrawn")
    assert [
        Event.objects.filter(chain=chain).latest("pk").kind for chain in (registration.chain, registration.centre.chain)
    ] == ["registration.withdrawn", "portfolio.withdrawn"]
    assert (before, turn(unit)) == (Turn.CANDIDATE, Turn.RESTS)
    stand(registration, coordinator, "active")
    assert (turn(unit), is_open(registration)) == (Turn.CANDIDATE, True)
    assert not chain_faults(registration.chain) + chain_faults(registration.centre.chain)


@pytest.mark.parametrize("state", ["withdrawn", "transferred"])
def test_once_it_has_ended_nobody_has_a_part_in_it_though_it_stays_open_to_them(
    unit, candidate, assessor, verifier, coordinator, state
):
    stand(unit.registration, coordinator, state)
    people = (candidate, assessor, verifier)
    assert [capacity_in(person, unit) or signs_as(person, unit) for person in people] == [None] * 3
    assert [authors_for(person, unit.registration) for person in (*people, coordinator)] == [[]] * 4
    assert all(type(unit).objects.visible_to(person).exists() for person in people)


def test_while_it_is_suspended_the_candidate_still_adds_evidence(unit, candidate, coordinator):
    registration = unit.registration
    stand(registration, coordinator, "suspended", until=registration.centre.today + days(30))
    add_evidence(registration, candidate)
    assert (turn(unit), capacity_in(candidate, unit)) == (Turn.RESTS, "candidate")


def test_a_suspension_ends_by_itself_when_its_last_day_is_over(unit, coordinator):
    registration = unit.registration
    today = registration.centre.today
    stand(registration, coordinator, "suspended", until=today)
    assert suspensions_end(today) == 0
    assert (suspensions_end(today + days(1)), suspensions_end(today + days(1))) == (1, 0)
    standing = standing_of(registration)
    assert standing is not None
    assert (standing.state, standing.day, standing.set_by) == ("active", today + days(1), None)
    assert turn(unit) == Turn.CANDIDATE


def test_only_what_the_table_allows_follows(registration, coordinator):
    stand(registration, coordinator, "withdrawn")
    with pytest.raises(InvalidTransition, match="This registration is withdrawn now, so it cannot be suspended"):
        stand(registration, coordinator, "suspended")
    assert state_of(standing_of(registration)) == "withdrawn"


def test_of_two_who_withdraw_it_at_once_the_second_is_told(registration, coordinator):
    stand(registration, coordinator, "withdrawn")
    with pytest.raises(ChangedMeanwhile, match=r"It is withdrawn now\. Nothing was overwritten"):
        stand(registration, coordinator, "transferred", seen="active")
    row = RegistrationStanding.objects.get()
    row.pk, row.uuid = None, Event.objects.latest("pk").uuid
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"day": 1}, "in the future"),
        ({"until": -1}, "This day is over"),
        ({"reason": " \n"}, "cannot be blank"),
        ({"state": "transferred", "to_centre": ""}, "Say to which centre"),
        ({"state": "completed"}, "Not verified yet: B10"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(registration, coordinator, changed, words):
    today = registration.centre.today
    said = {"state": "suspended"} | changed
    said |= {name: today + days(said[name]) for name in ("day", "until") if name in said}
    with pytest.raises(ValidationError, match=words):
        stand(registration, coordinator, said.pop("state"), **said)
    assert not RegistrationStanding.objects.exists()


def test_nobody_but_the_coordinator_of_the_centre_says_so(registration, candidate, assessor, outsider):
    for person in (candidate, assessor, outsider):
        with pytest.raises(PermissionDenied):
            stand(registration, person, "withdrawn")


def test_it_is_completed_once_everything_is_verified(verified_unit, coordinator):
    stand(verified_unit.registration, coordinator, "completed", reason="All done.")
    assert not is_open(verified_unit.registration)
