"""Events of a portfolio are followed in their transaction: what is kept changes with them, as far as they reach."""

import pytest
from django.db import transaction

from assessments.cells.changes import CellChange, cells_change
from assessments.models import Standing, UnitProgress
from assessments.models.status import Status
from assessments.signing.services import unit_submit
from assessments.standing import following
from assessments.standing.unit_record import claims_in
from assessments.standing.worked_out import differences
from centres.services.people import role_end
from portfolio.evidence.services import evidence_remove
from portfolio.models import CandidateUnit, Capacity, Claim
from portfolio.registrations.services import allocate, registration_create, units_add
from record.models import Event
from record.services import events
from record.services.events import Happening, event_add
from standards.published import published_content
from tests.assessments.cells.test_judgements import correct
from tests.assessments.steps import answer, give_back, judge
from tests.cast import PASSWORD, add_evidence, claims_make, claims_withdraw, seen
from tests.portfolio.files.typed import another_unit

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def other(unit, coordinator, assessor) -> CandidateUnit:
    """A second unit of Pat's portfolio."""
    [added] = units_add(registration=unit.registration, actor=coordinator, revisions=[another_unit()])
    allocate(unit=added, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    return added


@pytest.fixture
def claim(candidate):
    """Claim some criteria of a unit from a piece."""

    def make(unit, evidence, count=2):
        criteria = unit.revision.criteria.filter(kind="knowledge", is_tickable=True).order_by("position")[:count]
        return claims_make(unit=unit, evidence=evidence, actor=candidate, wanted=dict.fromkeys(criteria, "page 1"))

    return make


def kept() -> tuple[list, list]:
    """All that is kept."""
    return [*Standing.objects.order_by("pk").values()], [*UnitProgress.objects.order_by("pk").values()]


def standing_in(unit) -> dict[int, tuple[str, int]]:
    """By piece, how its claims in the unit stand and in which version."""
    return {record.version.evidence.number: (record.status, record.version.number) for record in claims_in(unit).claims}


def test_a_unit_is_kept_from_the_moment_on_when_it_is_there(unit, other):
    assert {*UnitProgress.objects.values_list("pk", flat=True)} == {unit.pk, other.pk}


def test_a_registration_keeps_each_of_its_units(centre, coordinator, candidate, b10):
    made = registration_create(
        centre=centre, actor=coordinator, candidate=candidate, number="", revisions=[b10, another_unit()]
    )
    assert UnitProgress.objects.filter(candidate_unit__registration=made).count() == 2
    assert [*differences([*made.candidate_units.all()])] == []


def test_a_piece_corrected_in_a_unit_that_was_submitted_and_one_that_was_not_waits_in_the_other_alone(
    unit, other, evidence, candidate, assessor, claim
):
    for each in (unit, other):
        claim(each, evidence, 1)
        judge(unit=each, actor=assessor, answers=[answer(each)])
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    correct(evidence, candidate, title="The log, complete")
    assert standing_in(unit) == {1: (Status.MET, 1)}
    assert standing_in(other) == {1: (Status.CLAIMED, 2)}
    assert UnitProgress.objects.get(pk=other).waiting == 1
    give_back(unit, assessor)
    assert standing_in(unit) == {1: (Status.CLAIMED, 2)}
    assert [*differences([unit, other])] == []


def test_a_correction_concerns_the_claims_of_its_piece_alone(unit, evidence, candidate, claim):
    second = add_evidence(unit.registration, candidate)
    claim(unit, evidence)
    claim(unit, second)
    Standing.objects.filter(evidence=second).update(stamp="00000000")  # would be put right by whoever worked it out
    correct(evidence, candidate, title="The log, complete")
    assert {*Standing.objects.filter(evidence=second).values_list("stamp", flat=True)} == {"00000000"}
    assert standing_in(unit) == {1: (Status.CLAIMED, 2), 2: (Status.CLAIMED, 1)}


def test_a_claim_concerns_itself_and_how_far_its_unit_is(unit, other, evidence, claim):
    claim(unit, evidence, 1)
    Standing.objects.update(stamp="00000000")
    before = UnitProgress.objects.filter(pk=other).values().get()
    claim(unit, evidence, 2)
    stamps = [*Standing.objects.order_by("pk").values_list("stamp", flat=True)]
    assert stamps[0] == "00000000" != stamps[1]
    assert UnitProgress.objects.get(pk=unit).waiting == 2
    assert UnitProgress.objects.filter(pk=other).values().get() == before


def test_each_portfolio_is_by_itself(unit, evidence, candidate, coordinator, b10, claim):
    apart = registration_create(
        centre=unit.registration.centre, actor=coordinator, candidate=candidate, number="", revisions=[b10]
    )
    before = UnitProgress.objects.filter(candidate_unit__registration=apart).values().get()
    claim(unit, evidence)
    correct(evidence, candidate, title="The log, complete")
    assert UnitProgress.objects.filter(candidate_unit__registration=apart).values().get() == before


def test_several_changes_at_once_are_all_followed(unit, evidence, candidate, claim):
    claim(unit, evidence, 2)
    [one, two] = claims_in(unit).claims
    third = published_content(unit.revision).criterion_by_pk[
        unit.revision.criteria.filter(kind="knowledge", is_tickable=True).order_by("position")[2].pk
    ]
    said = {"evidence": evidence.uuid}
    marks = [
        CellChange(**said, criterion=one.criterion, to="empty", seen=one.stamp),
        CellChange(**said, criterion=two.criterion, to="claimed", where="page 9", seen=two.stamp),
        CellChange(**said, criterion=third, to="claimed"),
    ]
    marked = cells_change(unit=unit, actor=candidate, changes=marks)
    assert [one.did for one in marked] == ["withdrawn", "moved", "made"]
    assert [one.stamp for one in marked] == [
        "",
        *[record.stamp for record in claims_in(unit).claims],
    ]
    assert [*differences([unit])] == []


def test_a_change_that_is_rolled_back_leaves_nothing(unit, evidence, candidate, assessor, claim):
    claim(unit, evidence)
    before, told = kept(), Event.objects.count()
    for change in (
        lambda: claim(unit, add_evidence(unit.registration, candidate)),
        lambda: judge(unit=unit, actor=assessor, answers=[answer(unit)]),
        lambda: correct(evidence, candidate, title="The log, complete"),
        lambda: claims_withdraw(unit=unit, evidence=evidence, actor=candidate),
        lambda: unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit)),
    ):
        with pytest.raises(RuntimeError, match="the power goes"), transaction.atomic():
            change()
            assert kept() != before or Event.objects.count() > told
            raise RuntimeError("the power goes")
        assert (kept(), Event.objects.count()) == (before, told)


def test_where_following_fails_the_change_falls_with_it(unit, evidence, claim, monkeypatch):
    def fail(*_) -> None:
        raise RuntimeError("cannot be worked out")

    monkeypatch.setattr(following, "bring_up_to_date", fail)
    with pytest.raises(RuntimeError, match="cannot be worked out"), transaction.atomic():
        claim(unit, evidence)
    assert not Claim.objects.exists()
    assert not Event.objects.filter(kind="claim.made").exists()


def test_what_changes_no_claim_is_not_followed(unit, evidence, candidate, coordinator, centre, monkeypatch):
    monkeypatch.setattr(following, "bring_up_to_date", lambda *_: pytest.fail("There is nothing to work out."))
    evidence_remove(evidence=evidence, actor=candidate)
    role_end(membership=candidate.memberships.get(centre=centre), actor=coordinator)
    assert [*differences([unit])] == []


def test_every_kind_that_is_followed_is_one_that_is_told_and_has_its_listener_once():
    for kind in following.KINDS:
        assert events._listeners[kind].count(following.follow) == 1, kind
    assert len(set(following.KINDS)) == len(following.KINDS)


def test_an_event_without_the_row_that_it_tells_of_is_a_mistake(unit):
    with pytest.raises(TypeError, match="nobody follows"), transaction.atomic():
        event_add(chain=unit.registration.chain, kind="claim.made", actor=None, payload={})
    with pytest.raises(TypeError, match=r"claim\.made tells of Centre"):
        following.follow([Happening(kind="claim.made", payload={}, row=unit.registration.centre)])
