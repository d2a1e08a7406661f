"""Pat on a qualification of three mandatory units and one of two optional ones, for the tests of choosing."""

from dataclasses import replace

import pytest

from centres.models import Centre, User
from portfolio.models import Allocation, CandidateUnit, Registration
from portfolio.registrations.services import allocations_set, registration_create
from standards.content import FrameworkContent, GroupContent, QualificationContent, UnitContent
from standards.models import Qualification, UnitRevision
from standards.selectors import latest_revision, unit_by_address
from standards.services.combining import QualificationPublication, qualifications_publish
from standards.services.publishing import unit_publish
from tests.standards.shapes import EVERY_SHAPE

FRAMEWORK = FrameworkContent(code="cvq", title="Vocational Qualification")
CODES = ("M1", "M2", "O1", "O2")


@pytest.fixture
def qualification(db: None) -> Qualification:
    """Two mandatory units and one of two optional ones, each with every shape of criterion."""
    for code in CODES:
        unit_publish(content=_unit(code))
    content = QualificationContent(
        framework=FRAMEWORK,
        code="Q2",
        title="Service",
        level=2,
        minimum_units=3,
        groups=(
            GroupContent(name="Mandatory", choose=2, units=("M1", "M2")),
            GroupContent(name="Optional", choose=1, units=("O1", "O2")),
        ),
    )
    [row] = qualifications_publish(publications=[QualificationPublication(content=content)])
    return row


def _unit(code: str) -> UnitContent:
    return replace(EVERY_SHAPE, framework=FRAMEWORK, code=code, title=f"Unit {code}", credit=3)


def revision_of(code: str) -> UnitRevision:
    """The latest wording of one of its units."""
    revision = latest_revision(unit_by_address(f"cvq:{code}"))
    assert revision is not None
    return revision


@pytest.fixture
def qualified(
    centre: Centre, coordinator: User, candidate: User, assessor: User, verifier: User, qualification: Qualification
) -> Registration:
    """Pat is registered on it with its mandatory units alone, which Ann assesses and Ivy verifies."""
    registration = registration_create(
        centre=centre,
        actor=coordinator,
        candidate=candidate,
        number="C-2002",
        qualification=qualification,
        revisions=[],
    )
    unit = unit_in(registration, "M1")
    allocations_set(unit=unit, actor=coordinator, assessor=assessor, internal_verifier=verifier, everywhere=True)
    return registration


def unit_in(registration: Registration, code: str) -> CandidateUnit:
    """A unit of the portfolio as the database has it now."""
    return CandidateUnit.objects.select_related("registration__centre", "revision__unit__framework").get(
        registration=registration, revision__unit__code=code
    )


def people_on(unit: CandidateUnit) -> dict[str, User]:
    """Who assesses and verifies it now."""
    standing = Allocation.objects.current().filter(candidate_unit=unit).select_related("user")
    return {given.capacity: given.user for given in standing}
