"""Nobody is a witness in a portfolio in which they assess or verify, whichever came first."""

import pytest
from django.core.exceptions import ValidationError

from centres.models import Role
from portfolio.models import Allocation, Capacity
from portfolio.registrations.services import allocate
from portfolio.testimony.services import request_withdraw
from tests.cast import join
from tests.portfolio.testimony.asked import ask, give, take_down

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def ray(centre, coordinator):
    """Ray, who may assess and verify at the centre."""
    join(centre, coordinator, "Ray Colleague", "ray@harbour.example", Role.ASSESSOR)
    return join(centre, coordinator, "Ray Colleague", "ray@harbour.example", Role.INTERNAL_VERIFIER)


@pytest.mark.parametrize("capacity", [Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER])
@pytest.mark.parametrize("known_by", ["email", "contact"])
def test_who_gave_a_testimony_is_never_allocated(unit, candidate, coordinator, ray, capacity, known_by):
    asked = ask(unit.registration, candidate, email="RAY@harbour.example" if known_by == "email" else "")
    give(asked, contact="ray@harbour.example" if known_by == "contact" else "020 7946 0000")
    with pytest.raises(ValidationError, match="B10: Ray Colleague is a witness in this portfolio"):
        allocate(unit=unit, actor=coordinator, user=ray, capacity=capacity)
    assert not Allocation.objects.filter(user=ray).exists()


def test_who_is_asked_is_allocated_once_the_request_is_withdrawn(unit, candidate, coordinator, ray):
    asked = ask(unit.registration, candidate, email="ray@harbour.example")
    with pytest.raises(ValidationError, match="is a witness"):
        allocate(unit=unit, actor=coordinator, user=ray, capacity=Capacity.INTERNAL_VERIFIER)
    request_withdraw(request=asked, actor=candidate)
    assert allocate(unit=unit, actor=coordinator, user=ray, capacity=Capacity.INTERNAL_VERIFIER)


def test_an_assessor_is_never_asked_and_is_told_what_they_do_instead(unit, candidate, assessor):
    with pytest.raises(ValidationError, match="records what they saw as an observation"):
        ask(unit.registration, candidate, email=assessor.email)


def test_who_took_a_testimony_down_never_verifies(unit, assessor, coordinator, centre):
    take_down(unit.registration, assessor)
    join(centre, coordinator, assessor.name, assessor.email, Role.INTERNAL_VERIFIER)
    for allocation in Allocation.objects.filter(user=assessor):
        Allocation.objects.filter(pk=allocation.pk).update(ended_at=allocation.began_at)
    with pytest.raises(ValidationError, match="took down a testimony"):
        allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.INTERNAL_VERIFIER)
