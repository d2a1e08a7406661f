"""What the tests of visits share: Eve comes from the awarding body, and her visit is open."""

from datetime import timedelta

import pytest
from django.utils import timezone

from centres.models import Role
from tests.cast import join
from verification.visits.services import sample_add, visit_open


@pytest.fixture
def eve(centre, coordinator):
    return join(centre, coordinator, "Eve Lashley", "eve@harbour.example", Role.EXTERNAL_VERIFIER)


@pytest.fixture
def visit(centre, coordinator, eve):
    """It began yesterday and lasts until tomorrow; nothing is in its sample."""
    now = timezone.now()
    day = timedelta(days=1)
    return visit_open(centre=centre, actor=coordinator, verifier=eve, begins_at=now - day, until=now + day)


@pytest.fixture
def sampled(visit, eve, unit):
    """Pat's B10 is in the sample."""
    [sample] = sample_add(visit=visit, actor=eve, units=[unit])
    return sample
