"""How far a unit is, counted for lists from few rows: it must be what the unit's own record says."""

from collections import defaultdict

import pytest

from assessments.models import Judgement
from assessments.models.status import Status, best
from assessments.signing.services import unit_submit
from assessments.standing.progress import Progress, progress_from, progress_of
from assessments.standing.unit_record import unit_record
from tests.assessments.cells.test_judgements import correct
from tests.assessments.steps import answer, give_back, judge
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, judge_in_bulk, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def counted(unit):
    """What lists say of the unit."""
    return progress_of([unit.pk])[unit.pk]


def expected(unit):
    """What the unit's record says."""
    record = unit_record(unit)
    stand = defaultdict(list)
    for claim in record.claims:
        stand[claim.criterion.pk].append(claim.status)
    found = progress_from(best(stand[criterion.pk]) for criterion in record.content.unit.claimable)
    return found.total, found.met, found.waiting, found.returned


def check(unit):
    found = counted(unit)
    assert (found.total, found.met, found.waiting, found.returned) == expected(unit)
    assert found.to_judge == sum(claim.status == "claimed" for claim in unit_record(unit).claims)
    return found


@pytest.mark.long
def test_it_counts_what_the_record_of_the_unit_says_at_every_step(unit, candidate, assessor):
    assert check(unit).missing == 30
    pieces = [
        add_evidence(unit.registration, candidate),
        add_evidence(unit.registration, candidate),
        add_evidence(unit.registration, candidate, setting="simulation", kind="witness_testimony"),  # barred in part
    ]
    for turn in range(3):
        claim_in_bulk(unit, pieces[turn:] + pieces[:turn])
    assert check(unit).waiting == 30
    answers = [("met", ""), ("partly", ""), ("not_yet", "One more."), (None, "")]
    for place in range(0, 60, 3):
        outcome, reason = answers[place % 4]
        if outcome and not unit_record(unit).claims[place].barred:
            judge(unit=unit, actor=assessor, answers=[answer(unit, place, outcome, reason)])
    at_first = check(unit)
    assert at_first.met
    assert at_first.waiting
    correct(pieces[0], candidate, title="Complaints log, April")  # what was judged in it waits again
    assert check(unit).to_judge > at_first.to_judge
    judge(unit=unit, actor=assessor, answers=[answer(unit, 0, "partly", "A little more.")])
    judge(unit=unit, actor=assessor, answers=[answer(unit, 0, "met")])
    check(unit)
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    check(unit)
    correct(pieces[1], candidate, title="Complaints log, May")  # the submission holds the unit to the version before
    assert check(unit).met
    give_back(unit, assessor)
    check(unit)


def test_what_was_taken_back_waits(claimed_unit, assessor):
    judge_in_bulk(claimed_unit, assessor)
    assert check(claimed_unit).met == 30
    judgement = Judgement.objects.earliest("pk")
    judge(unit=claimed_unit, actor=assessor, answers=[answer(claimed_unit, 0, "partly", "No.")])
    assert check(claimed_unit).returned == 1
    assert judgement.claim.judgements.count() == 2


def test_a_criterion_counts_once_as_its_best_claim():
    progress = progress_from(Status)
    assert progress == Progress(total=6, met=1, waiting=1, partly=1, not_yet=1)
    assert (progress.returned, progress.claimed, progress.missing) == (2, 4, 2)


def test_almost_all_is_not_a_hundred_percent():
    assert Progress(total=300, met=299).percent == 99
