"""Only a coordinator registers and allocates, and only people who hold the role."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from centres.models import Membership, Role
from centres.services.people import person_add, role_end
from portfolio.models import Allocation, CandidateUnit, Capacity, Registration
from portfolio.registrations.services import (
    allocate,
    allocation_end,
    allocations_set,
    registration_create,
    units_add,
)
from portfolio.services.participations import participate
from standards.models import UnitRevision
from tests.cast import join
from tests.portfolio.qualified import people_on, unit_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

OTHERS = ["candidate", "assessor", "verifier", "outsider"]


@pytest.fixture
def reworded(b10) -> UnitRevision:
    """Another wording of B10."""
    return UnitRevision.objects.create(unit=b10.unit, number=2, title="B10 again", published_at=timezone.now())


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_but_a_coordinator_registers_or_allocates(who, request, centre, candidate, unit, assessor, reworded):
    actor = request.getfixturevalue(who)
    registration, standing = unit.registration, Allocation.objects.get(capacity=Capacity.ASSESSOR)
    for act in (
        lambda: registration_create(centre=centre, actor=actor, candidate=candidate, number="", revisions=[reworded]),
        lambda: units_add(registration=registration, actor=actor, revisions=[reworded]),
        lambda: allocate(unit=unit, actor=actor, user=assessor, capacity=Capacity.ASSESSOR),
        lambda: allocations_set(unit=unit, actor=actor, assessor=None, internal_verifier=None),
        lambda: allocation_end(allocation=standing, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert (Registration.objects.count(), CandidateUnit.objects.count()) == (1, 1)
    assert Allocation.objects.current().count() == 2


def test_only_a_candidate_of_the_centre_is_registered(centre, coordinator, candidate, assessor, outsider, b10):
    role_end(membership=Membership.objects.get(user=candidate), actor=coordinator)
    for person in (candidate, assessor, outsider):
        with pytest.raises(ValidationError, match="is no candidate of Harbour College"):
            registration_create(centre=centre, actor=coordinator, candidate=person, number="", revisions=[b10])
    assert not Registration.objects.exists()


def test_a_unit_is_registered_once_whatever_its_wording(registration, coordinator, b10, reworded):
    for revision in (b10, reworded):
        with pytest.raises(ValidationError, match="is registered on B10 already"):
            units_add(registration=registration, actor=coordinator, revisions=[revision])
    with pytest.raises(ValidationError, match="Choose at least one unit"):
        units_add(registration=registration, actor=coordinator, revisions=[])
    assert CandidateUnit.objects.count() == 1


def test_only_who_holds_the_role_in_the_centre_is_allocated(unit, centre, coordinator, verifier, outsider):
    gone = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    role_end(membership=Membership.objects.get(user=gone), actor=coordinator)
    for person in (gone, verifier, outsider):
        with pytest.raises(ValidationError, match="is no assessor of Harbour College"):
            allocate(unit=unit, actor=coordinator, user=person, capacity=Capacity.ASSESSOR)
    assert Allocation.objects.current().count() == 2


def test_an_allocation_that_stands_is_not_made_again(unit, coordinator, assessor):
    standing = Allocation.objects.get(capacity=Capacity.ASSESSOR)
    assert allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR) == standing
    assert Allocation.objects.count() == 2


@pytest.mark.parametrize(
    ("still_its_assessor", "said"),
    [(False, "Ann Assessor has taken part in M2 as its assessor"), (True, "Ann Assessor is allocated to M2 already")],
    ids=["acted there", "works there"],
)
def test_a_refusal_about_another_unit_names_that_unit(
    still_its_assessor, said, qualified, centre, coordinator, assessor, verifier
):
    person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.INTERNAL_VERIFIER)
    first, other = unit_in(qualified, "M1"), unit_in(qualified, "M2")
    if still_its_assessor:
        allocations_set(unit=other, actor=coordinator, assessor=assessor, internal_verifier=None)
    else:
        participate(unit=other, actor=assessor, capacity=Capacity.ASSESSOR)
        allocations_set(unit=other, actor=coordinator, assessor=None, internal_verifier=None)
    with pytest.raises(ValidationError, match=said):
        allocations_set(unit=first, actor=coordinator, assessor=None, internal_verifier=assessor, everywhere=True)
    assert people_on(first) == {"assessor": assessor, "internal_verifier": verifier}
