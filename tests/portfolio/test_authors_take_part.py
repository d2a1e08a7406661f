"""Who wrote evidence that is claimed takes part in the unit as its assessor, and so never verifies it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assessments.cells.changes import CellChange, cells_change
from assessments.judging.services import statements_set
from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from assessments.standing.worked_out import bring_up_to_date
from assessments.steps_back.services import unit_return
from centres.models import Role, User
from centres.services.people import person_add
from portfolio.evidence.services import EvidenceDetails, evidence_correct
from portfolio.models import Capacity, Claim, Evidence, Participation, UnitVersion
from portfolio.registrations.services import allocate
from record.models import Event
from standards.published import published_content
from tests.assessments.pages import address, signed_in, text_of, units_actions
from tests.assessments.steps import answer, judge, open_version
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, claims_make, claims_withdraw, join, seen
from tests.portfolio.qualified import unit_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

WROTE = "Ivy Verifier wrote evidence that is claimed in this unit, so they cannot verify it."


@pytest.fixture
def unit(qualified, centre, coordinator, verifier):
    """Ann assesses M1 and Ivy verifies it. In M2 Ivy assesses, so she may write evidence in the portfolio."""
    person_add(centre=centre, actor=coordinator, name="", email=verifier.email, role=Role.ASSESSOR)
    other = join(centre, coordinator, "Vic", "vic@harbour.example", Role.INTERNAL_VERIFIER)
    allocate(unit=unit_in(qualified, "M2"), actor=coordinator, user=other, capacity=Capacity.INTERNAL_VERIFIER)
    allocate(unit=unit_in(qualified, "M2"), actor=coordinator, user=verifier, capacity=Capacity.ASSESSOR)
    return unit_in(qualified, "M1")


@pytest.fixture
def observation(unit, verifier) -> Evidence:
    """What Ivy saw, and wrote as M2's assessor."""
    return add_evidence(unit.registration, verifier, kind="observation", title="What I saw at the counter")


@pytest.fixture
def handed_over(unit, candidate, verifier) -> Evidence:
    """A paper of Pat's that Ivy put in for him."""
    return add_evidence(unit.registration, verifier, author=candidate, kind="observation")


def criteria(unit):
    claimable = {item.pk for item in published_content(unit.revision).unit.claimable}
    return [row for row in unit.revision.criteria.order_by("kind", "position") if row.pk in claimable]


def claim(unit, piece, actor, chosen=None):
    chosen = criteria(unit) if chosen is None else chosen
    return claims_make(unit=unit, evidence=piece, actor=actor, wanted=dict.fromkeys(chosen, ""))


def capacities(unit, user) -> list[str]:
    return list(Participation.objects.filter(candidate_unit=unit, user=user).values_list("capacity", flat=True))


def sign_off(unit, piece, candidate, assessor):
    """Bring the unit to the verifier, all of it claimed from this piece."""
    assert {marked.refused for marked in claim(unit, piece, candidate)} == {""}
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    number = Claim.objects.filter(candidate_unit=unit).count()
    judge(unit=unit, actor=assessor, answers=[answer(unit, place) for place in range(number)])
    statements_set(unit=unit, actor=assessor, statements=published_content(unit.revision).unit.rules.statements)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))


def test_a_verifier_does_not_countersign_what_rests_on_her_own_observation(
    unit, observation, candidate, assessor, verifier
):
    sign_off(unit, observation, candidate, assessor)
    stamp = open_version(unit).stamp
    for act in (
        lambda: unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit)),
        lambda: unit_return(unit=unit, actor=verifier, reason="Once more.", stamp=stamp),
    ):
        with pytest.raises(ValidationError, match="taken part in this unit as its assessor"):
            act()
    assert open_version(unit).state == "assessed"


@pytest.mark.long
def test_who_only_put_a_paper_in_verifies_what_rests_on_it(unit, handed_over, candidate, assessor, verifier):
    evidence_correct(
        evidence=handed_over, actor=verifier, seen=1, keep=[], staged=[],
        details=EvidenceDetails(
            title="Letters", kind="observation", setting="real_job", happened_from=datetime.date(2026, 3, 2),
            location="Cabinet 4", relevance="Shows it",
        ),
    )  # fmt: skip
    sign_off(unit, handed_over, candidate, assessor)
    assert capacities(unit, verifier) == []
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    assert open_version(unit).state == "verified"


@pytest.mark.parametrize("by", ["page", "press"])
def test_a_claim_makes_the_author_take_part_and_taking_it_back_undoes_nothing(
    by, unit, observation, candidate, verifier
):
    first = criteria(unit)[0]
    if by == "page":
        claim(unit, observation, candidate, [first])
    else:
        item = next(item for item in published_content(unit.revision).unit.claimable if item.pk == first.pk)
        [marked] = cells_change(
            unit=unit,
            actor=candidate,
            changes=[CellChange(evidence=observation.uuid, criterion=item, to="claimed")],
        )
        assert not marked.refused
    assert capacities(unit, verifier) == ["assessor"]
    claims_withdraw(unit=unit, evidence=observation, actor=candidate)
    assert Claim.objects.get().withdrawn_at
    assert capacities(unit, verifier) == ["assessor"]


def test_the_candidates_own_evidence_makes_nobody_take_part(unit, candidate):
    claim(unit, add_evidence(unit.registration, candidate), candidate)
    assert Participation.objects.filter(candidate_unit=unit).count() == 1


def test_an_assessor_judges_what_they_recorded_themselves(unit, candidate, assessor):
    own = add_evidence(unit.registration, assessor, kind="observation")
    claim(unit, own, candidate)
    assert len(judge(unit=unit, actor=assessor, answers=[answer(unit)])) == 1


def test_a_correction_of_a_claimed_piece_makes_its_author_take_part_there_and_nowhere_else(unit, observation, verifier):
    claimed_by_nobodys_rule(unit, observation)
    assert capacities(unit, verifier) == []
    correct(observation, verifier)
    assert capacities(unit, verifier) == ["assessor"]
    assert capacities(unit_in(unit.registration, "M2"), verifier) == []


def claimed_by_nobodys_rule(unit, piece):
    """A claim by which nobody takes part, so that what a correction does is seen by itself."""
    author = Participation.objects.get(candidate_unit=unit, user=unit.registration.candidate)
    Claim.objects.create(
        candidate_unit=unit, evidence=piece, criterion=criteria(unit)[0], author=author, made_at=timezone.now()
    )
    bring_up_to_date([unit])


def correct(piece, actor):
    return evidence_correct(
        evidence=piece,
        actor=actor,
        seen=1,
        details=EvidenceDetails(
            title="What I saw, with the date",
            kind="observation",
            setting="real_job",
            happened_from=datetime.date(2026, 3, 2),
            location="Filing cabinet 3",
            relevance="It shows it",
        ),
        keep=[],
        staged=[],
    )


def acted_as_verifier(unit, verifier):
    Participation.objects.create(candidate_unit=unit, user=verifier, capacity=Capacity.INTERNAL_VERIFIER)


def test_what_somebody_wrote_who_acted_as_verifier_cannot_be_claimed(unit, observation, candidate, verifier):
    acted_as_verifier(unit, verifier)
    before = Event.objects.count()
    with pytest.raises(ValidationError, match="Ivy Verifier wrote evidence 1 and has acted in this unit as its intern"):
        claim(unit, observation, candidate)
    assert not Claim.objects.exists()
    assert Event.objects.count() == before
    said = {"claimed": [str(criteria(unit)[0].uuid)]}
    page = signed_in(candidate).post(address("claims", unit, evidence=observation.uuid), said)
    assert "So it cannot be claimed here, and nothing was saved." in text_of(page)


def test_nor_is_it_corrected_where_it_is_claimed(unit, observation, verifier):
    claimed_by_nobodys_rule(unit, observation)
    acted_as_verifier(unit, verifier)
    with pytest.raises(ValidationError, match="never verifies what they wrote"):
        correct(observation, verifier)
    assert observation.versions.count() == 1


def test_whoever_claims_it_is_told_who_cannot_verify_any_more(unit, observation, candidate):
    browser, page = signed_in(candidate), address("claims", unit, evidence=observation.uuid)
    assert WROTE not in text_of(browser.get(page))
    answered = browser.post(page, {"claimed": [str(criteria(unit)[0].uuid)]}, follow=True)
    assert WROTE in text_of(answered)
    own = add_evidence(unit.registration, candidate)
    assert WROTE not in text_of(browser.get(address("claims", unit, evidence=own.uuid)))


def test_the_verifier_is_told_and_is_offered_nothing_that_she_cannot_do(unit, observation, candidate, verifier):
    browser = signed_in(verifier)
    claim_in_bulk(unit, [observation])
    correct(observation, verifier)
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    UnitVersion.objects.filter(candidate_unit=unit).update(state="assessed", assessed_at=timezone.now())
    page = browser.get(address("unit", unit))
    assert "You wrote evidence that is claimed in this unit, so you cannot verify it." in text_of(page)
    assert not units_actions(page) & {"sign", "return"}
    assert browser.get(address("sign", unit))["Location"] == address("unit", unit)
    assert "M1" not in text_of(browser.get("/")).partition("To countersign")[2].partition("To assess")[0]


def test_the_coordinator_is_told_on_the_allocation_page_and_among_what_is_stuck(
    unit, observation, candidate, coordinator
):
    browser, allocation = signed_in(coordinator), reverse("portfolio:allocate", args=[centre_of(unit), unit.uuid])
    assert WROTE not in text_of(browser.get(allocation))
    assert "cannot verify" not in text_of(browser.get("/")) and "wrote evidence" not in text_of(browser.get("/"))
    claim(unit, observation, candidate)
    assert WROTE in text_of(browser.get(allocation))
    home = text_of(browser.get("/"))
    assert "The internal verifier cannot verify it: allocate another 1 Pat Candidate: M1 Unit M1" in home
    vic = User.objects.get(name="Vic")
    allocate(unit=unit, actor=coordinator, user=vic, capacity=Capacity.INTERNAL_VERIFIER)
    assert WROTE not in text_of(browser.get(allocation))
    assert "The internal verifier wrote evidence" not in text_of(browser.get("/"))


def centre_of(unit):
    return unit.registration.centre.uuid
