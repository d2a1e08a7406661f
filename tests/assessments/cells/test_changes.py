"""Cells of the grid are changed: claims made and taken back, judgements given and taken back."""

import json
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.cells.changes import GONE, CellChange, cells_change
from assessments.grid.grid import grid_of
from assessments.models import Judgement
from assessments.signing.services import unit_submit
from assessments.standing.unit_record import unit_record
from portfolio.evidence.services import evidence_remove
from portfolio.models import Claim, Participation
from record.errors import InvalidTransition
from standards.published import published_content
from tests.assessments.cells.test_judgements import correct
from tests.assessments.steps import events, last_told
from tests.at_once import at_once
from tests.cast import PASSWORD, add_evidence, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def criteria(unit) -> dict:
    return {item.full_code: item for item in published_content(unit.revision).unit.criteria}


@pytest.fixture
def set_one(unit, evidence, criteria):
    """Change one cell of evidence 1 as somebody whose page shows how it stands now, unless told otherwise."""

    def change(actor, to, code="B10.1.1", reason="", **more):
        piece = more.pop("piece", evidence)
        showing = more.pop("showing", None)
        if showing is None:
            showing = shown(unit).get((piece.pk, criteria[code].pk), "")
        mark = CellChange(evidence=piece.uuid, criterion=criteria[code], to=to, reason=reason, seen=showing)
        return cells_change(unit=unit, actor=actor, changes=[mark])[0]

    return change


def shown(unit) -> dict:
    """The stamps of the cells that are not empty, as a page shows them."""
    return {cell: mark.stamp for cell, mark in grid_of(unit, all_pieces=True).marks.items()}


def statuses(unit) -> dict[str, str]:
    return {record.criterion.full_code: record.status for record in unit_record(unit).claims}


def test_a_candidate_claims_and_takes_back(unit, candidate, set_one):
    assert set_one(candidate, "claimed").status == "claimed"
    assert statuses(unit) == {"B10.1.1": "claimed"}
    assert set_one(candidate, "empty").status == "empty"
    assert statuses(unit) == {}
    assert events(unit)[-2:] == ["claim.made", "claim.withdrawn"]
    withdrawn = Claim.objects.get()
    assert withdrawn.withdrawn_by is not None
    assert withdrawn.withdrawn_by.user == candidate


def test_what_a_changed_cell_says_of_itself_is_what_the_grid_shows(
    unit, evidence, criteria, candidate, assessor, set_one
):
    for actor, to in ((candidate, "claimed"), (assessor, "met"), (assessor, "waiting")):
        cell = set_one(actor, to)
        key = (evidence.pk, criteria["B10.1.1"].pk)
        assert (grid_of(unit, all_pieces=True).marks[key].status, shown(unit)[key]) == (cell.status, cell.stamp)


def test_an_assessor_judges_and_takes_it_back_and_all_of_it_stays_on_record(unit, candidate, assessor, set_one):
    set_one(candidate, "claimed")
    assert set_one(assessor, "not_yet", reason="One more occasion.").status == "not_yet"
    assert set_one(assessor, "met").status == "met"
    assert set_one(assessor, "waiting").status == "claimed"
    assert statuses(unit) == {"B10.1.1": "claimed"}
    assert list(Judgement.objects.values_list("outcome", flat=True)) == ["not_yet", "met", ""]
    assert events(unit)[-3:] == ["claim.judged", "claim.judged", "claim.judgement_taken_back"]
    assert last_told(unit)["judgement"]["outcome"] == ""


def test_a_judgement_that_was_taken_back_counts_nowhere(unit, candidate, assessor, set_one):
    set_one(candidate, "claimed")
    set_one(assessor, "met")
    set_one(assessor, "waiting")
    [record] = unit_record(unit).claims
    assert (record.outcome, record.judgement, record.earlier) == (None, None, None)


def test_not_yet_needs_a_reason(unit, candidate, assessor, set_one):
    set_one(candidate, "claimed")
    assert set_one(assessor, "not_yet").refused == "Say why it is not met yet."
    assert not Judgement.objects.exists()


def test_many_cells_are_changed_at_once_and_one_refusal_holds_up_no_other(unit, evidence, candidate, criteria):
    simulated = add_evidence(unit.registration, candidate, setting="simulation")
    marks = [
        CellChange(evidence=piece.uuid, criterion=criteria[code], to="claimed")
        for piece in (evidence, simulated)
        for code in ("B10.1.1", "B10a")
    ]
    marked = cells_change(unit=unit, actor=candidate, changes=marks)
    assert [bool(one.refused) for one in marked] == [False, False, True, False]
    assert "takes evidence of this from a real job" in marked[2].refused
    assert Claim.objects.count() == 3
    assert events(unit)[-3:] == ["claim.made"] * 3


def test_the_same_press_twice_is_one_claim_and_one_judgement(unit, candidate, assessor, set_one):
    set_one(candidate, "claimed", showing="")
    assert not set_one(candidate, "claimed", showing="").refused
    stamp = set_one(assessor, "met").stamp
    assert set_one(assessor, "met", showing="whatever").stamp == stamp
    assert (Claim.objects.count(), Judgement.objects.count()) == (1, 1)


@pytest.mark.parametrize("to", ["claimed", "empty"])
def test_a_cell_that_somebody_changed_meanwhile_is_not_overwritten(unit, candidate, assessor, set_one, to):
    stamp = set_one(candidate, "claimed").stamp
    set_one(assessor, "not_yet", reason="Which day was it?")
    marked = set_one(candidate, to, showing=stamp)
    if to == "claimed":  # it is claimed, so there is nothing to overwrite
        assert not marked.refused
    else:
        assert marked.refused == (
            "B10.1.1 of evidence 1 was changed since you opened the page. Ann Assessor judged it “not yet”: “Which day "
            "was it?”. Nothing was overwritten: look at it again, then decide."
        )
    assert marked.status == "not_yet"
    assert statuses(unit) == {"B10.1.1": "not_yet"}


def test_a_claim_that_was_taken_back_meanwhile_is_not_judged(unit, candidate, assessor, set_one):
    stamp = set_one(candidate, "claimed").stamp
    set_one(candidate, "empty")
    marked = set_one(assessor, "met", showing=stamp)
    assert marked.refused == (
        "B10.1.1 of evidence 1 was changed since you opened the page. Nobody claims it any more. "
        "Nothing was overwritten: look at it again, then decide."
    )
    assert not Judgement.objects.exists()


def test_a_correction_is_not_judged_unseen(unit, evidence, candidate, assessor, set_one):
    stamp = set_one(candidate, "claimed").stamp
    correct(evidence, candidate, title="Complaints log, corrected")
    assert "was changed since you opened the page" in set_one(assessor, "met", showing=stamp).refused
    assert not Judgement.objects.exists()
    stamp = set_one(assessor, "met").stamp
    correct(evidence, candidate, title="Complaints log, corrected again")
    marked = set_one(assessor, "partly", showing=stamp)
    assert (marked.status, "was changed since" in marked.refused) == ("claimed", True)


def test_an_assessor_claims_what_nobody_claimed_and_judges_it(unit, candidate, assessor, set_one):
    set_one(assessor, "claimed")
    assert set_one(assessor, "met").status == "met"
    assert set_one(candidate, "empty").refused == "B10.1.1 was claimed by the assessor; only they can change that."
    assert statuses(unit) == {"B10.1.1": "met"}


def test_an_empty_cell_is_not_judged(unit, assessor, set_one):
    assert set_one(assessor, "met").refused == "B10.1.1 is not claimed from this evidence: claim it first."


def test_a_candidate_judges_nothing(unit, candidate, set_one):
    set_one(candidate, "claimed")
    assert set_one(candidate, "met").refused == "Only the assessor of this unit judges a claim."
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("who", ["verifier", "coordinator", "outsider"])
def test_nobody_else_changes_a_cell(who, request, unit, set_one):
    with pytest.raises(PermissionDenied):
        set_one(request.getfixturevalue(who), "claimed")
    assert not Participation.objects.filter(candidate_unit=unit, user=request.getfixturevalue(who)).exists()


def test_a_candidate_changes_nothing_after_the_submission(claimed_unit, candidate, set_one):
    unit_submit(unit=claimed_unit, actor=candidate, password=PASSWORD, seen=seen(claimed_unit))
    with pytest.raises(InvalidTransition, match="This unit is submitted now"):
        set_one(candidate, "empty")


@pytest.mark.parametrize("who", ["candidate", "assessor"])
def test_who_lost_the_role_changes_nothing(who, request, unit, set_one, centre):
    person = request.getfixturevalue(who)
    centre.memberships.filter(user=person).update(ended_at=timezone.now())
    with pytest.raises(PermissionDenied):
        set_one(person, "claimed")


def test_a_piece_that_is_gone_or_elsewhere_is_said_to_be_gone(unit, evidence, candidate, set_one):
    evidence_remove(evidence=evidence, actor=candidate)
    assert set_one(candidate, "claimed").refused == GONE
    evidence.uuid = uuid.uuid4()
    assert set_one(candidate, "claimed").refused == GONE


def test_who_took_part_in_another_capacity_does_not_act_in_this_one(unit, assessor, set_one, candidate):
    Participation.objects.create(candidate_unit=unit, user=assessor, capacity="internal_verifier")
    with pytest.raises(ValidationError, match="as its internal verifier"):
        set_one(assessor, "claimed")


def test_a_press_that_changes_nothing_makes_nobody_take_part(unit, assessor, set_one):
    set_one(assessor, "met")
    set_one(assessor, "empty")
    assert not Participation.objects.filter(candidate_unit=unit, user=assessor).exists()


def test_a_change_and_its_events_are_saved_together_or_not_at_all(
    unit, candidate, criteria, evidence, set_one, monkeypatch
):
    from assessments.cells import changes  # noqa: PLC0415 - to break it for a moment

    def fail(**_):
        raise IntegrityError

    before = events(unit)
    monkeypatch.setattr(changes, "judgements_record", fail)
    with pytest.raises(IntegrityError), transaction.atomic():
        set_one(candidate, "claimed")
    assert events(unit) == before
    assert not Claim.objects.exists()


@pytest.mark.long
def test_it_takes_few_queries_and_no_more_for_many(unit, evidence, candidate, assessor, criteria):
    pieces = [evidence, *(add_evidence(unit.registration, candidate) for _ in range(2))]
    tickable = [item for item in criteria.values() if item.is_tickable]

    def queries(actor, to, cells):
        stamps = shown(unit)
        marks = [
            CellChange(evidence=piece.uuid, criterion=item, to=to, seen=stamps.get((piece.pk, item.pk), ""))
            for piece, item in cells
        ]
        with CaptureQueriesContext(connection) as captured:
            assert not [one.refused for one in cells_change(unit=unit, actor=actor, changes=marks) if one.refused]
        return len(captured)

    one = [(pieces[0], tickable[0])]
    many = [(piece, item) for piece in pieces for item in tickable]
    assert (queries(candidate, "claimed", one), queries(assessor, "met", one)) == (20, 23)  # the first time
    found = [
        queries(candidate, "claimed", many),
        queries(candidate, "empty", [(pieces[1], tickable[0])]),
        queries(assessor, "met", [cell for cell in many if cell != (pieces[1], tickable[0])]),
    ]
    assert found == [20, 18, 19]


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_are_one_claim(unit, candidate, set_one):
    results = at_once(
        lambda: set_one(candidate, "claimed", showing=""), lambda: set_one(candidate, "claimed", showing="")
    )
    assert [one.status for one in results] == ["claimed", "claimed"]
    assert Claim.objects.count() == 1
    assert events(unit).count("claim.made") == 1


@pytest.mark.django_db(transaction=True)
def test_of_an_assessor_and_a_candidate_at_the_same_moment_one_sees_what_the_other_did(
    unit, candidate, assessor, set_one
):
    stamp = set_one(candidate, "claimed").stamp
    results = at_once(
        lambda: set_one(candidate, "empty", showing=stamp), lambda: set_one(assessor, "met", showing=stamp)
    )
    assert sum(bool(one.refused) for one in results) == 1
    assert Judgement.objects.count() + Claim.objects.filter(withdrawn_at__isnull=False).count() == 1
    assert json.dumps(events(unit)).count("claim.") == 2
