"""The large site of script/bench is made past the services; what it holds is as they would have made it."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from bench.large_site import PIECES, UNITS, centre_with
from bench.pages import LARGE_PAGES
from portfolio.models import Allocation, CandidateUnit, Capacity, Claim, Evidence, State, UnitVersion
from record.models import Chain
from record.proof import chain_faults

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.long]


@pytest.fixture
def made(db):
    call_command("sync_standards", "--framework", "nvq", "--framework", "cvq", verbosity=0)
    site = centre_with("Harbour College", "large", 60)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # PostgreSQL does so by itself within a minute, and plans by it
    return site


def test_one_assessor_has_one_candidate_in_twenty_and_everybody_else_the_rest(made):
    ann = Allocation.objects.filter(user=made.people["ann"], capacity=Capacity.ASSESSOR)
    assert (CandidateUnit.objects.count(), ann.count()) == (60 * UNITS, 3 * UNITS)
    assert Allocation.objects.filter(capacity=Capacity.ASSESSOR).values("user").distinct().count() == 30
    assert Allocation.objects.filter(capacity=Capacity.INTERNAL_VERIFIER).count() == 60 * UNITS


def test_units_stand_in_every_state(made):
    assert set(UnitVersion.objects.values_list("state", flat=True)) == set(State)


def test_every_portfolio_has_claims_and_a_whole_chain_that_tells_of_them_one_in_twenty_many(made):
    claimed = set(Claim.objects.values_list("candidate_unit__registration__chain", flat=True))
    told = Chain.objects.filter(length__gt=0)
    assert set(told.values_list("pk", flat=True)) == claimed
    assert len(claimed) == 60
    pieces = Evidence.objects.values("registration").annotate(number=Count("pk")).filter(number=PIECES)
    assert len(pieces) == 4  # of numbers 0, 1, 40 and 41
    assert [fault for chain in told for fault in chain_faults(chain)] == []


def test_no_page_asks_the_database_more_often_than_it_may(made, client):
    too_often = {}
    for page in LARGE_PAGES:
        client.force_login(made.people[page.who])
        assert client.get(page.url(made)).status_code == 200  # the wordings of units are read once a process
        with CaptureQueriesContext(connection) as asked:
            client.get(page.url(made))
        if len(asked) > page.queries:
            too_often[page.name] = len(asked)
    assert too_often == {}
