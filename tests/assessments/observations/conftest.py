"""Records of Ann's, of Pat's B10 and of Otto's, who is a second candidate of hers."""

import pytest

from centres.models import Role
from portfolio.models import CandidateUnit, Capacity
from portfolio.registrations.services import allocate, registration_create
from tests.cast import join


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR, settings.INCOMING_DIR = tmp_path / "files", tmp_path / "incoming"


@pytest.fixture
def second_unit(unit, centre, coordinator, assessor, b10) -> CandidateUnit:
    """Otto's B10, which Ann assesses too."""
    otto = join(centre, coordinator, "Otto Other", "otto@harbour.example", Role.CANDIDATE)
    registration = registration_create(centre=centre, actor=coordinator, candidate=otto, number="", revisions=[b10])
    second = registration.candidate_units.get()
    allocate(unit=second, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    return second
