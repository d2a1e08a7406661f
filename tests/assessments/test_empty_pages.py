"""A page of a unit with nothing in it says what comes next, to each who may look at it."""

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from assessments.standing.worked_out import bring_up_to_date
from portfolio.models import CandidateUnit, Claim
from tests.assessments.pages import address, html_of, links_of, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def portfolio(unit):
    """The addresses of the portfolio and of its form for a new piece."""
    where = {"centre": unit.registration.centre.uuid, "portfolio": unit.registration.uuid}
    return {
        "it": reverse("assessments:portfolio", kwargs=where),
        "add": reverse("portfolio:evidence_add", kwargs=where, query={"unit": unit.uuid}),
    }


def take_back(claims):
    claims.update(withdrawn_at=timezone.now(), withdrawn_by=F("author"))
    bring_up_to_date([*CandidateUnit.objects.all()])


@pytest.mark.parametrize("reader", ["verifier", "coordinator"])
def test_who_reads_an_empty_grid_is_led_to_the_evidence(unit, portfolio, reader, request):
    response = signed_in(request.getfixturevalue(reader)).get(address("grid", unit))
    assert "Evidence appears here once the candidate or the assessor says what it shows." in text_of(response)
    assert (portfolio["it"], "See the evidence of the portfolio") in links_of(response)


def test_a_criterion_that_nothing_claims_says_to_the_candidate_what_to_do(unit, portfolio, candidate):
    response = signed_in(candidate).get(address("criterion", unit, criterion="performance-1"))
    assert "Nothing claims it yet. Add evidence from your work that shows it." in text_of(response)
    assert (portfolio["add"], "Add evidence") in links_of(response)


def test_a_criterion_that_nothing_claims_asks_to_tick_pieces_where_there_are_some(unit, evidence, candidate):
    response = signed_in(candidate).get(address("criterion", unit, criterion="performance-1"))
    assert "Nothing claims it yet. Tick the evidence that shows it." in text_of(response)


def test_a_criterion_that_nothing_claims_leads_a_reader_to_the_evidence(unit, portfolio, verifier):
    response = signed_in(verifier).get(address("criterion", unit, criterion="performance-1"))
    assert "Evidence appears here once the candidate or the assessor says that it shows this." in text_of(response)
    assert (portfolio["it"], "See the evidence of the portfolio") in links_of(response)


def test_a_criterion_that_was_submitted_without_a_claim_says_when_it_can_be_claimed(submitted_unit, candidate):
    take_back(Claim.objects.filter(criterion__kind="performance", criterion__position=1))
    response = signed_in(candidate).get(address("criterion", submitted_unit, criterion="performance-1"))
    assert "You can say which evidence shows it if the unit is returned to you." in text_of(response)


def test_a_candidate_with_nothing_to_sign_is_led_to_adding(unit, portfolio, candidate):
    response = signed_in(candidate).get(address("sign", unit))
    assert "Add evidence, or open evidence of your portfolio, and say which criteria it meets." in text_of(response)
    assert (portfolio["add"], "Add evidence") in links_of(response)
    assert (portfolio["it"], "Open your portfolio") in links_of(response)


def test_an_assessor_with_nothing_to_sign_is_led_to_the_grid(submitted_unit, assessor):
    take_back(Claim.objects.all())
    response = signed_in(assessor).get(address("sign", submitted_unit))
    assert "Claim for the candidate what evidence shows, or return the unit to them." in text_of(response)
    for step in ("grid", "return"):
        assert f'href="{address(step, submitted_unit)}"' in html_of(response)
