"""The assessor answers claims, and states what a unit asks for in words."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.cells.changes import GONE, cells_change
from assessments.judging.services import statements_set
from assessments.models import AssessorStatement, Judgement, Outcome
from assessments.signing.services import unit_sign_off
from assessments.standing.unit_record import unit_record
from centres.models import Role
from centres.services.people import person_add
from portfolio.evidence.services import EvidenceDetails, evidence_correct
from portfolio.models import Allocation, Capacity, Participation
from portfolio.registrations.services import allocate, registration_create
from portfolio.services.participations import participate
from record.errors import InvalidTransition
from tests.assessments.steps import answer, events, judge
from tests.at_once import at_once
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, claim_make, join, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def correct(evidence, actor, **changes):
    version = evidence.versions.latest("number")
    said = {
        name: getattr(version, name)
        for name in ("title", "kind", "setting", "happened_from", "happened_to", "location", "relevance")
    }
    return evidence_correct(
        evidence=evidence,
        actor=actor,
        seen=version.number,
        details=EvidenceDetails(**said | changes),
        keep=[],
        staged=[],
    )


@pytest.mark.parametrize("state", ["claimed_unit", "submitted_unit"])
def test_the_assessor_judges_while_claims_come_in_and_after_the_submission(state, request, assessor):
    unit = request.getfixturevalue(state)
    marked = judge(unit=unit, actor=assessor, answers=[answer(unit, 0), answer(unit, 1, "partly", "More.")])
    assert [(one.did, one.refused) for one in marked] == [("judged", ""), ("judged", "")]
    assert [(given.outcome, given.reason) for given in Judgement.objects.all()] == [("met", ""), ("partly", "More.")]
    assert [record.outcome for record in unit_record(unit).claims[:3]] == [Outcome.MET, Outcome.PARTLY, None]


def test_every_judgement_is_on_record(claimed_unit, assessor):
    before = events(claimed_unit)
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0), answer(claimed_unit, 1)])
    assert events(claimed_unit) == [*before, "claim.judged", "claim.judged"]


def test_the_latest_judgement_counts_and_the_earlier_one_stays(claimed_unit, assessor):
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit)])
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, "not_yet", "I looked again.")])
    record = unit_record(claimed_unit).claims[0]
    assert record.judgement is not None
    assert (record.outcome, record.judgement.reason) == (Outcome.NOT_YET, "I looked again.")
    assert [judgement.outcome for judgement in record.claim.judgements.all()] == ["met", "not_yet"]


@pytest.mark.parametrize("who", ["candidate", "verifier", "coordinator", "outsider"])
def test_nobody_else_judges_or_states(who, request, submitted_unit):
    actor = request.getfixturevalue(who)
    # A candidate has a hand in the unit, and claims; what they would judge is out of it.
    with pytest.raises(InvalidTransition if who == "candidate" else PermissionDenied):
        judge(unit=submitted_unit, actor=actor, answers=[answer(submitted_unit)])
    with pytest.raises(PermissionDenied):
        statements_set(unit=submitted_unit, actor=actor, statements=[])
    assert not Judgement.objects.exists()


def test_an_assessor_whose_role_has_ended_judges_no_more(submitted_unit, assessor, centre):
    centre.memberships.filter(user=assessor).update(ended_at=timezone.now())
    with pytest.raises(PermissionDenied):
        judge(unit=submitted_unit, actor=assessor, answers=[answer(submitted_unit)])


def test_nobody_assesses_their_own_portfolio(claimed_unit, candidate, assessor, coordinator, centre):
    person_add(centre=centre, actor=coordinator, name="", email=candidate.email, role=Role.ASSESSOR)
    with pytest.raises(ValidationError, match="as its candidate"):
        allocate(unit=claimed_unit, actor=coordinator, user=candidate, capacity=Capacity.ASSESSOR)
    Allocation.objects.filter(user=assessor).update(ended_at=timezone.now())
    Allocation.objects.create(
        candidate_unit=claimed_unit, user=candidate, capacity=Capacity.ASSESSOR, began_at=timezone.now()
    )
    [marked] = judge(unit=claimed_unit, actor=candidate, answers=[answer(claimed_unit)])
    assert marked.refused == "Only the assessor of this unit judges a claim."
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("state", ["assessed_unit", "verified_unit"])
def test_after_the_sign_off_nothing_is_judged_or_stated(state, request, assessor):
    unit = request.getfixturevalue(state)
    before = Judgement.objects.count()
    with pytest.raises(InvalidTransition, match="cannot be changed any more"):
        judge(unit=unit, actor=assessor, answers=[answer(unit, 0, "not_yet", "No.")])
    with pytest.raises(InvalidTransition):
        statements_set(unit=unit, actor=assessor, statements=[])
    assert Judgement.objects.count() == before
    assert AssessorStatement.objects.filter(withdrawn_at=None).count() == 1


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_not_yet_needs_a_reason_and_the_other_answers_are_kept(reason, claimed_unit, assessor):
    answers = [answer(claimed_unit, 0, "not_yet", reason), answer(claimed_unit, 1)]
    marked = judge(unit=claimed_unit, actor=assessor, answers=answers)
    assert [(one.did, one.refused) for one in marked] == [("", "Say why it is not met yet."), ("judged", "")]
    assert [judgement.claim for judgement in Judgement.objects.all()] == [unit_record(claimed_unit).claims[1].claim]


def test_an_outcome_that_no_page_offers_is_refused(claimed_unit, assessor):
    with pytest.raises(ValueError, match="excellent"):
        judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, "excellent")])
    assert not Judgement.objects.exists()


def test_the_database_refuses_such_an_outcome_too(claimed_unit, assessor):
    record = unit_record(claimed_unit).claims[0]
    author = Participation.objects.create(candidate_unit=claimed_unit, user=assessor, capacity=Capacity.ASSESSOR)
    said = {"claim": record.claim, "evidence_version": record.version, "author": author, "made_at": timezone.now()}
    for wrong in ({"outcome": "excellent"}, {"outcome": "not_yet", "reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Judgement.objects.create(**said | wrong)


def test_what_nobody_sees_in_the_reason_is_not_kept(claimed_unit, assessor):
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, "partly", "Which\x00 day?\u200b")])
    assert Judgement.objects.get().reason == "Which day?"


def test_what_was_taken_back_meanwhile_is_not_given_again_by_a_page_that_still_shows_it(claimed_unit, assessor):
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit)])
    shown = answer(claimed_unit)
    judge(unit=claimed_unit, actor=assessor, answers=[replace(shown, to="waiting")])
    [marked] = judge(unit=claimed_unit, actor=assessor, answers=[shown])
    assert marked.refused == (
        "B10.1.1 of evidence 1 was changed since you opened the page. Pat Candidate claims it, with “page 16” as where "
        "to look, and it waits for a judgement. Nothing was overwritten: look at it again, then decide."
    )
    assert unit_record(claimed_unit).claims[0].status == "claimed"
    [marked] = judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit)])
    assert marked.did == "judged"  # who has seen it may


def test_an_answer_to_evidence_that_was_corrected_meanwhile_is_refused(claimed_unit, evidence, assessor, candidate):
    answers = [answer(claimed_unit)]
    correct(evidence, candidate, title="The log, complete")
    [marked] = judge(unit=claimed_unit, actor=assessor, answers=answers)
    assert "changed since you opened the page" in marked.refused
    assert not Judgement.objects.exists()


def test_an_answer_over_a_judgement_that_the_page_did_not_show_is_refused(claimed_unit, assessor):
    stale = answer(claimed_unit, 0, "not_yet", "From another tab.")
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit)])
    [marked] = judge(unit=claimed_unit, actor=assessor, answers=[stale])
    assert "changed since you opened the page. Ann Assessor judged it “met”." in marked.refused
    assert unit_record(claimed_unit).claims[0].outcome == Outcome.MET


def test_the_same_answer_twice_makes_one_judgement(claimed_unit, assessor):
    said = answer(claimed_unit, 0, "not_yet", "More of it.\r\nPlease. ")
    first = judge(unit=claimed_unit, actor=assessor, answers=[said])
    second = judge(unit=claimed_unit, actor=assessor, answers=[said])
    assert [(one.did, one.refused) for one in first + second] == [("judged", ""), ("", "")]
    assert Judgement.objects.count() == 1


def test_a_claim_that_was_taken_back_or_belongs_elsewhere_is_refused(
    claimed_unit, assessor, registration, coordinator, candidate
):
    said = answer(claimed_unit)
    [marked] = cells_change(unit=claimed_unit, actor=candidate, changes=[replace(said, to="empty")])
    assert marked.did == "withdrawn"
    other = registration_create(
        centre=registration.centre, actor=coordinator, candidate=candidate, number="", revisions=[claimed_unit.revision]
    )
    claim_in_bulk(other.candidate_units.get(), [add_evidence(other, candidate)])
    foreign = answer(other.candidate_units.get(), 1)
    refused = [one.refused for one in judge(unit=claimed_unit, actor=assessor, answers=[said, foreign])]
    assert "Nobody claims it any more." in refused[0]
    assert refused[1] == GONE
    assert not Judgement.objects.exists()


def test_a_claim_that_the_unit_bars_is_not_judged(claimed_unit, evidence, assessor, candidate):
    correct(evidence, candidate, setting="simulation")
    records = unit_record(claimed_unit).claims
    barred = next(place for place, record in enumerate(records) if record.barred)
    knowledge = next(place for place, record in enumerate(records) if record.criterion.kind == "knowledge")
    marked = judge(
        unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, barred), answer(claimed_unit, knowledge)]
    )
    assert "real job" in marked[0].refused
    assert [one.did for one in marked] == ["", "judged"]
    assert [judgement.claim for judgement in Judgement.objects.all()] == [records[knowledge].claim]


def test_a_correction_while_collecting_sends_judgements_back_to_waiting(claimed_unit, evidence, assessor, candidate):
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit)])
    correct(evidence, candidate, title="The log, complete")
    record = unit_record(claimed_unit).claims[0]
    assert record.earlier is not None
    assert (record.status, record.earlier.outcome, record.version.number) == ("claimed", "met", 2)


def test_a_correction_after_the_submission_leaves_the_unit_with_what_was_submitted(
    submitted_unit, evidence, assessor, candidate
):
    judge(unit=submitted_unit, actor=assessor, answers=[answer(submitted_unit)])
    correct(evidence, candidate, title="The log, complete")
    record = unit_record(submitted_unit).claims[0]
    assert (record.status, record.earlier, record.version.number) == ("met", None, 1)


def test_an_assessors_own_record_counts_in_its_latest_version_until_the_sign_off(submitted_unit, assessor):
    own = add_evidence(submitted_unit.registration, assessor, title="Observation", kind="observation")
    criterion = submitted_unit.revision.criteria.filter(is_tickable=True).first()
    claim_make(unit=submitted_unit, evidence=own, criterion=criterion, where="", actor=assessor)
    correct(own, assessor, title="Observation, with the date")
    piece = unit_record(submitted_unit).evidence[-1]
    assert (piece.version.title, piece.version.number) == ("Observation, with the date", 2)


def test_no_page_of_which_nothing_is_saved_makes_the_assessor_take_part(claimed_unit, assessor):
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, "not_yet", "")])
    assert not Participation.objects.filter(user=assessor).exists()


def test_the_judgement_and_its_event_stand_or_fall_together(claimed_unit, assessor):
    before = events(claimed_unit)
    with pytest.raises(RuntimeError), transaction.atomic():
        judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit)])
        raise RuntimeError("the power goes")
    assert not Judgement.objects.exists()
    assert events(claimed_unit) == before


def test_who_took_part_in_one_capacity_acts_in_no_other(submitted_unit, candidate):
    for capacity in (Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER):
        with pytest.raises(ValidationError, match="You have taken part in this unit as its candidate"):
            participate(unit=submitted_unit, actor=candidate, capacity=capacity)


def test_who_judged_never_verifies(judged_unit, assessor, verifier, coordinator, centre):
    person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.INTERNAL_VERIFIER)
    with pytest.raises(ValidationError, match="as its assessor"):
        allocate(unit=judged_unit, actor=coordinator, user=assessor, capacity=Capacity.INTERNAL_VERIFIER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Participation.objects.create(candidate_unit=judged_unit, user=assessor, capacity=Capacity.INTERNAL_VERIFIER)


def test_the_database_takes_a_judgement_from_an_assessor_of_the_unit_only(submitted_unit, candidate):
    record = unit_record(submitted_unit).claims[0]
    with pytest.raises(IntegrityError, match="comes from an assessor"), transaction.atomic():
        Judgement.objects.create(
            claim=record.claim,
            evidence_version=record.version,
            author=Participation.objects.get(user=candidate),
            outcome="met",
            made_at=timezone.now(),
        )


# --- What is stated in words ----------------------------------------------------------------------


def test_the_assessor_states_and_takes_it_back(submitted_unit, assessor):
    [(must, _)] = unit_record(submitted_unit).musts
    statements_set(unit=submitted_unit, actor=assessor, statements=[must])
    statements_set(unit=submitted_unit, actor=assessor, statements=[must])
    statement = unit_record(submitted_unit).musts[0][1]
    assert statement is not None
    assert statement.author.user == assessor
    statements_set(unit=submitted_unit, actor=assessor, statements=[])
    assert unit_record(submitted_unit).musts == ((must, None),)
    statements_set(unit=submitted_unit, actor=assessor, statements=[must])
    assert [statement.withdrawn_at is None for statement in AssessorStatement.objects.order_by("pk")] == [False, True]
    assert events(submitted_unit)[-3:] == ["statement.made", "statement.withdrawn", "statement.made"]


def test_stating_what_is_stated_makes_nobody_take_part(submitted_unit, assessor, coordinator, centre):
    [must] = submitted_unit.revision.rules["statements"]
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    statements_set(unit=submitted_unit, actor=assessor, statements=[])
    assert not Participation.objects.filter(user=assessor).exists()
    statements_set(unit=submitted_unit, actor=assessor, statements=[must])
    allocate(unit=submitted_unit, actor=coordinator, user=other, capacity=Capacity.ASSESSOR)
    statements_set(unit=submitted_unit, actor=other, statements=[must])
    assert not Participation.objects.filter(user=other).exists()


@pytest.mark.parametrize("stated", [True, False])
def test_who_has_acted_in_another_capacity_states_nothing(stated, submitted_unit, assessor, coordinator, centre):
    [must] = submitted_unit.revision.rules["statements"]
    before, after = ([must], []) if stated else ([], [must])
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    statements_set(unit=submitted_unit, actor=assessor, statements=before)
    allocate(unit=submitted_unit, actor=coordinator, user=other, capacity=Capacity.ASSESSOR)
    participate(unit=submitted_unit, actor=other, capacity=Capacity.INTERNAL_VERIFIER)
    with pytest.raises(ValidationError, match="You have taken part in this unit as its internal verifier"):
        statements_set(unit=submitted_unit, actor=other, statements=after)
    assert [one.words for one in unit_record(submitted_unit).statements] == before


def test_words_that_the_unit_does_not_have_are_not_stated(submitted_unit, assessor):
    with pytest.raises(ValidationError, match="asks for no such"):
        statements_set(unit=submitted_unit, actor=assessor, statements=["The candidate is nice."])
    assert not AssessorStatement.objects.exists()


# --- At once ------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_sign_off_and_a_judgement_at_once_leave_nothing_signed_unseen(judged_unit, assessor):
    """Whichever comes first, the signature is under what stood when it was given."""
    shown, said = seen(judged_unit), answer(judged_unit, 0, "not_yet", "I changed my mind.")
    signed, judged = at_once(
        lambda: unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=shown),
        lambda: judge(unit=judged_unit, actor=assessor, answers=[said]),
    )
    standing = unit_record(judged_unit).claims[0].outcome
    if isinstance(judged, InvalidTransition):
        assert (standing, signed.stage) == (Outcome.MET, "sign_off")
    else:
        assert (standing, isinstance(signed, ValidationError)) == (Outcome.NOT_YET, True)
    events(judged_unit)
