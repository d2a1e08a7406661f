"""A press in the grid meets a correction or a removal of its piece: whoever comes second knows what the first did."""

import pytest
from django.core.exceptions import ValidationError

from assessments.cells.changes import GONE, CellChange, ChangedCell, cells_change
from assessments.models import Judgement
from assessments.standing.unit_record import unit_record
from portfolio.evidence.services import evidence_remove
from portfolio.models import Claim, EvidenceVersion
from standards.published import published_content
from tests.assessments.cells.test_changes import shown
from tests.assessments.cells.test_judgements import correct
from tests.assessments.steps import events
from tests.at_once import second_to
from tests.cast import claim_make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def criterion(unit):
    return next(item for item in published_content(unit.revision).unit.criteria if item.full_code == "B10.1.1")


@pytest.fixture
def claim(unit, evidence, candidate, criterion):
    row = unit.revision.criteria.get(pk=criterion.pk)
    return claim_make(unit=unit, evidence=evidence, criterion=row, where="", actor=candidate)


@pytest.fixture
def press(unit, evidence, criterion):
    """Return a press of one cell by somebody whose page shows how it stands now."""

    def prepared(actor, to):
        showing = shown(unit).get((evidence.pk, criterion.pk), "")
        mark = CellChange(evidence=evidence.uuid, criterion=criterion, to=to, seen=showing)
        return lambda: cells_change(unit=unit, actor=actor, changes=[mark])[0]

    return prepared


@pytest.mark.long
def test_a_press_that_comes_second_to_a_removal_claims_nothing(unit, evidence, candidate, press):
    second = second_to(lambda: evidence_remove(evidence=evidence, actor=candidate), press(candidate, "claimed"))
    assert second.waited
    assert isinstance(second.came, ChangedCell), second.came
    assert (second.came.status, second.came.refused) == (None, GONE)
    assert not Claim.objects.exists()
    assert "claim.made" not in events(unit)


def test_a_removal_that_comes_second_to_a_press_is_refused(unit, evidence, candidate, press):
    second = second_to(press(candidate, "claimed"), lambda: evidence_remove(evidence=evidence, actor=candidate))
    assert second.waited
    assert isinstance(second.came, ValidationError)
    assert "is claimed for B10.1.1" in second.came.messages[0]
    evidence.refresh_from_db()
    assert evidence.removed_at is None
    assert Claim.objects.get().withdrawn_at is None


def test_a_piece_is_removed_once_the_press_that_it_waited_for_took_the_claim_back(
    unit, evidence, candidate, claim, press
):
    second = second_to(press(candidate, "empty"), lambda: evidence_remove(evidence=evidence, actor=candidate))
    assert (second.waited, second.came) == (True, None)
    assert events(unit)[-2:] == ["claim.withdrawn", "evidence.removed"]


def test_a_judgement_that_comes_second_to_a_correction_is_not_given_unseen(
    unit, evidence, candidate, assessor, claim, press
):
    second = second_to(lambda: correct(evidence, candidate, title="Clearer"), press(assessor, "met"))
    assert second.waited
    assert isinstance(second.came, ChangedCell), second.came
    assert second.came.refused.startswith("B10.1.1 of evidence 1 was changed since you opened the page.")
    assert not Judgement.objects.exists()


def test_a_claim_that_comes_second_to_a_correction_is_held_to_what_the_piece_says_now(unit, evidence, candidate, press):
    second = second_to(lambda: correct(evidence, candidate, setting="simulation"), press(candidate, "claimed"))
    assert second.waited
    assert isinstance(second.came, ChangedCell), second.came
    assert "imulation" in second.came.refused
    assert not Claim.objects.exists()


def test_a_correction_that_comes_second_to_a_judgement_sends_it_back_to_waiting(
    unit, evidence, candidate, assessor, claim, press
):
    second = second_to(press(assessor, "met"), lambda: correct(evidence, candidate, title="Clearer"))
    assert second.waited
    assert isinstance(second.came, EvidenceVersion), second.came
    assert Judgement.objects.get().evidence_version.number == 1
    assert [record.status for record in unit_record(unit).claims] == ["claimed"]
    assert events(unit)[-2:] == ["claim.judged", "evidence.corrected"]
