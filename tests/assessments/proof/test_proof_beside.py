"""The proof can run beside the site: what is written while it looks is no fault."""

import datetime

import pytest

from assessments.proof.check import RecordCheck
from centres.models import Role
from centres.services.people import person_add, role_end
from portfolio.models import Capacity
from portfolio.registrations.services import allocate, registration_create
from tests.at_once import at_once
from tests.cast import add_evidence, claims_make, claims_withdraw

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.long
def test_what_is_written_meanwhile_is_no_fault(claimed_unit, centre, coordinator, candidate, assessor, verifier, b10):
    registration = claimed_unit.registration
    criterion = b10.criteria.filter(is_tickable=True)[0]

    def work() -> None:
        for day in range(1, 5):
            piece = add_evidence(registration, candidate, happened_from=datetime.date(2026, 3, day))
            people = {"unit": claimed_unit, "evidence": piece, "actor": candidate}
            claims_make(**people, wanted={criterion: ""})
            claims_withdraw(**people)

    def join() -> None:
        for number in range(5):
            email = f"new-{number}@harbour.example"
            new = person_add(centre=centre, actor=coordinator, name="New", email=email, role=Role.CANDIDATE)
            opened = registration_create(
                centre=centre, actor=coordinator, candidate=new.user, number="", revisions=[b10]
            )
            unit = opened.candidate_units.get()
            allocate(unit=unit, actor=coordinator, user=verifier, capacity=Capacity.INTERNAL_VERIFIER)
            allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
            role_end(membership=new, actor=coordinator)

    def prove() -> list[str]:
        return [fault for _ in range(4) for fault in RecordCheck(with_files=False).faults()]

    assert at_once(work, join, prove, prove)[2:] == [[], []]
    assert prove() == []
