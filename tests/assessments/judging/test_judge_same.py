"""What is judged met here may be judged met in other units that claim the same words from the same evidence."""

import re

import pytest
from django.db import transaction
from django.utils import timezone

from assessments.models import Judgement
from assessments.signing.services import unit_submit
from assessments.signing.shown_digest import content_digest
from assessments.standing.unit_record import claims_in
from assessments.standing.worked_out import bring_up_to_date
from centres.models import Role
from centres.services.people import person_add
from portfolio.models import Capacity, State
from portfolio.registrations.services import allocations_set
from portfolio.services.participations import participation_begin
from portfolio.services.units import version_lock, version_move
from standards.evidence_kinds import EvidenceKind
from tests.assessments.cells.test_judgements import correct
from tests.assessments.claiming.test_also_answers import GREET, SAFETY, another, criterion
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.assessments.steps import answer, judge
from tests.cast import PASSWORD, add_evidence, claims_make
from tests.portfolio.files.typed import queries_of
from tests.portfolio.qualified import unit_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(qualified):
    return unit_in(qualified, "M1")


@pytest.fixture
def twin(qualified):
    return unit_in(qualified, "M2")


@pytest.fixture
def piece(qualified, candidate):
    return add_evidence(qualified, candidate, kind=EvidenceKind.OBSERVATION)


@pytest.fixture
def claimed(unit, twin, piece, candidate):
    """Pat claims two criteria in both units from the same piece."""
    for one in (unit, twin):
        wanted = {criterion(one, code): f"page {number}" for number, code in enumerate((GREET, SAFETY), 1)}
        claims_make(unit=one, evidence=piece, actor=candidate, wanted=wanted)


@pytest.fixture
def browser(assessor):
    return signed_in(assessor)


@pytest.fixture
def url(unit, piece) -> str:
    return address("judge_same", unit, evidence=piece.uuid)


def met_here(unit, assessor, *places, outcome="met"):
    for place in places:
        [changed] = judge(unit=unit, actor=assessor, answers=[answer(unit, place, outcome, "So it is.")])
        assert changed.did == "judged", changed


def sent(page) -> dict:
    """What the first button of the page sends."""
    form = html_of(page).partition('name="unit"')[2].partition("</form>")[0]
    [unit] = re.findall(r'^ value="([^"]+)"', form)
    return {"unit": unit, "claim": re.findall(r'name="claim" value="([^"]+)"', form)}


def judged(unit) -> dict[str, str]:
    return {
        record.criterion.full_code: record.judgement.outcome if record.judgement else ""
        for record in claims_in(unit).claims
    }


def test_the_judging_page_leads_there_and_one_press_judges_what_is_met_here(
    claimed, unit, twin, piece, browser, assessor, url
):
    met_here(unit, assessor, 0)
    page = browser.get(address("judge", unit, evidence=piece.uuid))
    assert "Some of these words wait in M2 too, claimed from this evidence." in text_of(page)
    assert url in html_of(page)
    page = browser.get(url)
    assert "M2 Unit M2 (CVQ) Element 1 Do 1.1 Greet customers. Where to look: page 1 Judge it met in M2" in text_of(
        page
    )
    assert "safety" not in text_of(page)  # it is not met here
    answered = browser.post(url, sent(page), follow=True)
    assert "Judged 1 met in M2." in text_of(answered)
    assert "Nothing waits in another unit on the words that are judged met here." in text_of(answered)
    assert judged(twin) == {"1.1": "met", "2a": ""}
    assert Judgement.objects.get(claim__candidate_unit=twin).author.user == assessor


def test_what_is_not_met_here_offers_nothing(claimed, unit, twin, browser, assessor, url):
    met_here(unit, assessor, 0, outcome="partly")
    page = browser.get(url)
    assert "Nothing is judged met here yet" in text_of(page)
    claim = claims_in(twin).claims[0]
    fields = {"unit": str(twin.uuid), "claim": [f"{claim.claim.uuid} {claim.stamp}"]}
    assert "Nothing was judged: what the page showed does not wait any more" in text_of(browser.post(url, fields))
    assert judged(twin) == {"1.1": "", "2a": ""}


def test_what_was_judged_there_meanwhile_stays(claimed, unit, twin, browser, assessor, url):
    met_here(unit, assessor, 0, 1)
    fields = sent(browser.get(url))
    met_here(twin, assessor, 0, outcome="not_yet")
    answered = browser.post(url, fields, follow=True)
    assert "Judged 1 met in M2." in text_of(answered)
    assert judged(twin) == {"1.1": "not_yet", "2a": "met"}


def test_a_claim_that_changed_since_the_page_was_shown_is_not_judged(claimed, unit, twin, browser, assessor, url):
    met_here(unit, assessor, 0)
    fields = sent(browser.get(url))
    fields["claim"] = [fields["claim"][0].split()[0] + " another"]
    answered = browser.post(url, fields)
    assert "1.1 of evidence 1 was changed since you opened the page." in text_of(answered)
    assert judged(twin) == {"1.1": "", "2a": ""}


@pytest.mark.parametrize("fields", [{}, {"unit": "x"}, {"claim": ["x", "", "a b"]}], ids=["nothing", "unit", "claim"])
def test_what_the_page_does_not_send_judges_nothing(fields, claimed, unit, twin, browser, assessor, url):
    met_here(unit, assessor, 0)
    if "claim" in fields:
        fields = fields | {"unit": str(twin.uuid)}
    assert "Nothing was judged" in text_of(browser.post(url, fields))
    assert judged(twin) == {"1.1": "", "2a": ""}


def test_another_version_of_the_evidence_is_not_what_was_looked_at(
    claimed, unit, twin, piece, browser, assessor, candidate, url
):
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=content_digest(unit))
    met_here(unit, assessor, 0)
    assert "Judge it met in M2" in text_of(browser.get(url))
    correct(piece, candidate, title="The log for M2")
    assert "Nothing waits in another unit" in text_of(browser.get(url))


def test_only_units_that_the_assessor_judges_in_are_offered(
    claimed, unit, twin, browser, assessor, coordinator, verifier, url
):
    met_here(unit, assessor, 0)
    allocations_set(unit=twin, actor=coordinator, assessor=None, internal_verifier=verifier)
    assert "M2" not in text_of(browser.get(url))
    allocations_set(unit=twin, actor=coordinator, assessor=assessor, internal_verifier=verifier)
    assert "Judge it met in M2" in text_of(browser.get(url))
    participation_begin(unit=twin, person=assessor, capacity=Capacity.INTERNAL_VERIFIER)  # who verified judges no more
    assert "M2" not in text_of(browser.get(url))


def test_a_unit_that_they_verify_is_not_offered_to_judge(claimed, unit, twin, assessor, coordinator, centre, url):
    met_here(unit, assessor, 0)
    person_add(centre=centre, actor=coordinator, name=assessor.name, email=assessor.email, role=Role.INTERNAL_VERIFIER)
    allocations_set(unit=twin, actor=coordinator, assessor=None, internal_verifier=assessor)
    assert "M2" not in text_of(signed_in(assessor).get(url))


def test_a_unit_that_was_signed_off_is_not_offered(claimed, unit, twin, browser, assessor, url):
    met_here(unit, assessor, 0)
    fields = sent(browser.get(url))
    with transaction.atomic():
        for state in (State.SUBMITTED, State.ASSESSED):
            version_move(version=version_lock(twin), to=state, at=timezone.now())
        bring_up_to_date([twin])
    assert "M2" not in text_of(browser.get(url))
    assert "Nothing was judged" in text_of(browser.post(url, fields))
    assert judged(twin) == {"1.1": "", "2a": ""}


@pytest.mark.long
def test_it_takes_as_many_queries_with_four_times_the_units(
    claimed, unit, piece, qualified, coordinator, browser, assessor, candidate, url
):
    met_here(unit, assessor, 0, 1)
    pages = (url, address("judge", unit, evidence=piece.uuid))
    before = [queries_of(browser, page) for page in pages]
    for code in ("M7", "M8", "M9"):
        added = another(qualified, coordinator, code)
        allocations_set(unit=added, actor=coordinator, assessor=assessor, internal_verifier=None)
        claims_make(unit=added, evidence=piece, actor=candidate, wanted={criterion(added, GREET): ""})
    assert "Judge it met in M9" in text_of(browser.get(url))
    assert [queries_of(browser, page) for page in pages] == before
    assert max(before) <= 15
