"""A page of ticks becomes claims: only what differs is applied, and what the unit's rules bar is not saved."""

from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.cells.changes import GONE, CellChange, cells_change
from assessments.standing.unit_record import claims_in
from centres.models import Role
from centres.services.people import role_end
from portfolio.evidence.services import evidence_remove
from portfolio.models import Capacity, Claim, Participation
from portfolio.registrations.services import allocate, registration_create
from portfolio.services.participations import participate
from record.errors import InvalidTransition
from record.models import Event
from standards.content import CriterionContent
from standards.models import Criterion
from standards.published import published_content
from tests.cast import add_evidence, claim_make, claims_make, claims_withdraw, join
from tests.portfolio.files.typed import another_unit

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def criteria(b10) -> dict:
    """The criteria of B10 by the code that a column's head has."""
    return {
        criterion.full_code: criterion
        for criterion in b10.criteria.select_related("parent", "element").order_by("kind", "position")
    }


@pytest.fixture
def other_unit_criterion(db) -> Criterion:
    """A criterion of a unit that is not in the portfolio."""
    return Criterion.objects.get(revision=another_unit(), code="1.1")


@pytest.fixture
def claim(unit, evidence, candidate):
    """Set Pat's claims of evidence 1, unless told otherwise, as a page sends them that showed what `seen` says.

    What was ticked and is not `wanted` any more is taken back; what is wanted as the page showed it is not sent.
    """
    items = {item.full_code: item for item in published_content(unit.revision).unit.criteria}

    def set_claims(wanted, seen=None, actor=candidate, evidence=evidence, unit=unit):
        seen = seen or {}
        marks = [
            CellChange(evidence=evidence.uuid, criterion=items[code], to="empty", seen=stamp)
            for code, (stamp, _) in seen.items()
            if code not in wanted
        ]
        for code, where in wanted.items():
            stamp, shown = seen.get(code, ("", None))
            if where != shown:
                marks.append(
                    CellChange(evidence=evidence.uuid, criterion=items[code], to="claimed", where=where, seen=stamp)
                )
        return cells_change(unit=unit, actor=actor, changes=marks)

    return set_claims


@pytest.fixture
def shown(unit, evidence):
    """What a page of ticks shows of evidence 1 now: by code, the stamp of the claim and where to look."""
    return lambda: {
        record.criterion.full_code: (record.stamp, record.claim.where)
        for record in claims_in(unit, evidence=evidence).claims
    }


def did(marked) -> Counter[str]:
    """How many claims were made, moved and withdrawn."""
    return Counter(one.did for one in marked if one.did)


def refusals(marked) -> list[str]:
    return [one.refused for one in marked if one.refused]


def standing() -> dict[str, str]:
    claims = Claim.objects.filter(withdrawn_at__isnull=True).select_related("criterion__parent")
    return {claim.criterion.full_code: claim.where for claim in claims}


def kinds(unit) -> list[str]:
    return [event.kind for event in Event.objects.filter(chain=unit.registration.chain).order_by("sequence")]


def test_what_is_ticked_is_claimed_with_where_to_look(claim, unit):
    marked = claim({"B10.1.1": "page 3", "B10a": "", "4a": "minute 2"})
    assert (did(marked), refusals(marked)) == ({"made": 3}, [])
    assert standing() == {"B10.1.1": "page 3", "B10a": "", "4a": "minute 2"}
    assert kinds(unit).count("claim.made") == 3


def test_what_is_unticked_is_withdrawn_and_stays_in_the_record(claim, unit, shown):
    claim({"B10.1.1": "page 3", "B10a": ""})
    assert did(claim({"B10a": ""}, seen=shown())) == {"withdrawn": 1}
    assert standing() == {"B10a": ""}
    assert Claim.objects.count() == 2
    assert kinds(unit)[-1] == "claim.withdrawn"


def test_where_to_look_can_be_changed(claim, unit, shown):
    claim({"B10.1.1": "page 3"})
    assert did(claim({"B10.1.1": "page 4"}, seen=shown())) == {"moved": 1}
    assert standing() == {"B10.1.1": "page 4"}
    assert kinds(unit)[-1] == "claim.where_changed"


def test_a_claim_that_is_moved_keeps_its_judgement_and_has_another_stamp(claim, unit, assessor, evidence, shown):
    claim({"B10.1.1": "page 3"})
    [record] = claims_in(unit, evidence=evidence).claims
    judged = CellChange(evidence=evidence.uuid, criterion=record.criterion, to="met", seen=record.stamp)
    cells_change(unit=unit, actor=assessor, changes=[judged])
    before = shown()
    claim({"B10.1.1": "page 4"}, seen=before)
    [record] = claims_in(unit, evidence=evidence).claims
    assert (record.status, record.stamp == before["B10.1.1"][0]) == ("met", False)


def test_the_same_page_sent_twice_claims_once(claim):
    claim({"B10.1.1": "page 3"})
    again = claim({"B10.1.1": "page 3"})
    assert (did(again), refusals(again)) == ({}, [])
    assert Claim.objects.count() == 1


def test_the_same_other_place_to_look_sent_twice_is_saved_once(claim, unit, shown):
    claim({"B10.1.1": "page 3"})
    seen = shown()
    claim({"B10.1.1": "page 4"}, seen=seen)
    again = claim({"B10.1.1": "page 4"}, seen=seen)
    assert (did(again), refusals(again)) == ({}, [])
    assert kinds(unit).count("claim.where_changed") == 1


def test_two_pages_at_once_both_keep_what_they_ticked(claim):
    claim({"B10.1.1": ""})
    claim({"B10.1.2": ""})
    assert standing() == {"B10.1.1": "", "B10.1.2": ""}


def test_what_another_page_took_back_is_not_claimed_again(claim, shown):
    claim({"B10.1.1": "", "B10.1.2": ""})
    seen = shown()
    claim({"B10.1.2": ""}, seen=seen)
    marked = claim({"B10.1.1": "", "B10.1.2": "", "B10.1.3": ""}, seen=seen)
    assert (did(marked), refusals(marked)) == ({"made": 1}, [])
    assert standing() == {"B10.1.2": "", "B10.1.3": ""}


def test_a_claim_that_another_page_changed_is_not_overwritten_and_the_rest_is_made(claim, shown):
    claim({"B10.1.1": "page 3"})
    seen = shown()
    claim({"B10.1.1": "page 4"}, seen=seen)
    marked = claim({"B10.1.1": "page 5", "B10.1.2": ""}, seen=seen)
    assert refusals(marked) == [
        "B10.1.1 of evidence 1 was changed since you opened the page. Pat Candidate claims it, with “page 4” as where "
        "to look, and it waits for a judgement. Nothing was overwritten: look at it again, then decide."
    ]
    assert standing() == {"B10.1.1": "page 4", "B10.1.2": ""}


def test_a_claim_that_another_page_changed_is_not_taken_back(claim, shown):
    claim({"B10.1.1": "page 3"})
    seen = shown()
    claim({"B10.1.1": "page 4"}, seen=seen)
    [refused] = refusals(claim({}, seen=seen))
    assert "with “page 4” as where to look" in refused
    assert standing() == {"B10.1.1": "page 4"}


def test_a_claim_that_another_page_took_back_is_not_changed(claim, shown):
    claim({"B10.1.1": "page 3"})
    seen = shown()
    claim({}, seen=seen)
    assert refusals(claim({"B10.1.1": "page 5"}, seen=seen)) == [
        "B10.1.1 of evidence 1 was changed since you opened the page. Nobody claims it any more. "
        "Nothing was overwritten: look at it again, then decide."
    ]
    assert standing() == {}


def test_what_somebody_else_claimed_meanwhile_stands_and_is_said(claim, assessor):
    claim({"B10.1.1": "minute 3"}, actor=assessor)
    marked = claim({"B10.1.1": "page 1", "B10.1.2": ""})
    assert did(marked) == {"made": 1}
    assert refusals(marked) == [
        "B10.1.1 of evidence 1 was changed since you opened the page. Ann Assessor claims it, with “minute 3” as where "
        "to look, and it waits for a judgement. Nothing was overwritten: look at it again, then decide."
    ]
    assert standing() == {"B10.1.1": "minute 3", "B10.1.2": ""}


def test_others_claims_are_not_taken_back_or_changed(claim, assessor, shown):
    claim({"B10.1.1": "minute 3"}, actor=assessor)
    only_they = ["B10.1.1 was claimed by the assessor; only they can change that."]
    assert refusals(claim({}, seen=shown())) == only_they
    assert refusals(claim({"B10.1.1": "page 1"}, seen=shown())) == only_they
    assert standing() == {"B10.1.1": "minute 3"}


def test_what_the_setting_bars_is_not_saved_and_the_rest_is(claim, unit, candidate):
    simulated = add_evidence(unit.registration, candidate, setting="simulation")
    marked = claim({"B10.1.1": "", "4a": "", "B10a": "page 1"}, evidence=simulated)
    assert did(marked) == {"made": 1}
    refused = refusals(marked)
    assert [sentence.partition(":")[0] for sentence in refused] == ["B10.1.1", "4a"]
    assert "this evidence is marked “simulation”" in refused[0]
    assert standing() == {"B10a": "page 1"}


def test_a_criterion_that_is_no_column_cannot_be_claimed(claim):
    assert claim({"4": ""})[0].refused.endswith("This is no criterion to claim.")
    assert standing() == {}


def test_a_criterion_of_another_unit_cannot_be_claimed(unit, evidence, candidate, other_unit_criterion):
    foreign: CriterionContent = published_content(other_unit_criterion.revision).criterion_by_pk[
        other_unit_criterion.pk
    ]
    mark = CellChange(evidence=evidence.uuid, criterion=foreign, to="claimed")
    with pytest.raises(IntegrityError), transaction.atomic():
        cells_change(unit=unit, actor=candidate, changes=[mark])
    assert standing() == {}


def test_a_piece_of_another_portfolio_claims_nothing_here(claim, unit, coordinator, candidate, b10):
    other = registration_create(
        centre=unit.registration.centre, actor=coordinator, candidate=candidate, number="", revisions=[b10]
    )
    assert refusals(claim({"B10.1.1": ""}, evidence=add_evidence(other, candidate))) == [GONE]
    assert standing() == {}


def test_a_removed_piece_claims_nothing(claim, evidence, candidate):
    evidence_remove(evidence=evidence, actor=candidate)
    assert refusals(claim({"B10.1.1": ""})) == [GONE]
    assert standing() == {}


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [
        ({}, {}),
        ({"B10.1.1": ""}, {}),
        ({"B10a": "page 1"}, {"B10a": ("0" * 8, "page 1")}),
        ({"B10a": "page 1"}, {"B10a": ("0" * 8, "")}),
    ],
    ids=["nothing ticked", "every tick refused", "as it was", "as somebody else made it"],
)
def test_a_page_that_saves_nothing_makes_nobody_take_part(wanted, seen, claim, unit, coordinator, centre, assessor):
    simulated = add_evidence(unit.registration, unit.registration.candidate, setting="simulation")
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    claim({"B10a": "page 1"}, evidence=simulated, actor=assessor)
    allocate(unit=unit, actor=coordinator, user=other, capacity=Capacity.ASSESSOR)
    assert did(claim(wanted, seen=seen, actor=other, evidence=simulated)) == {}
    assert not Participation.objects.filter(user=other).exists()


@pytest.mark.parametrize(
    "wanted",
    [{"B10.1.1": "", "B10a": ""}, {"B10a": "page 2"}, {}],
    ids=["made", "looked for elsewhere", "taken back"],
)
def test_who_has_acted_in_another_capacity_changes_no_claim(wanted, claim, unit, centre, coordinator, assessor, shown):
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    claim({"B10a": ""}, actor=assessor)
    allocate(unit=unit, actor=coordinator, user=other, capacity=Capacity.ASSESSOR)
    participate(unit=unit, actor=other, capacity=Capacity.INTERNAL_VERIFIER)
    with pytest.raises(ValidationError, match="You have taken part in this unit as its internal verifier"):
        claim(wanted, seen=shown(), actor=other)
    assert standing() == {"B10a": ""}
    assert did(claim({"B10a": ""}, actor=other)) == {}


@pytest.mark.parametrize("person", ["verifier", "coordinator", "outsider"])
def test_others_claim_nothing(person, claim, request):
    with pytest.raises(PermissionDenied):
        claim({"B10.1.1": ""}, actor=request.getfixturevalue(person))
    assert standing() == {}


def test_who_is_no_candidate_any_more_claims_nothing(claim, candidate, coordinator, centre):
    role_end(membership=candidate.memberships.get(centre=centre), actor=coordinator)
    with pytest.raises(PermissionDenied):
        claim({"B10.1.1": ""})


def test_a_submitted_unit_takes_no_claim_from_the_candidate(submitted_unit, evidence, candidate):
    with pytest.raises(InvalidTransition, match="This unit is submitted now"):
        claims_withdraw(unit=submitted_unit, evidence=evidence, actor=candidate)
    assert len(standing()) == 30


def test_the_assessor_claims_in_a_submitted_unit_what_nobody_claimed(submitted_unit, candidate, assessor, criteria):
    record = add_evidence(submitted_unit.registration, assessor, kind="questioning")
    made = claim_make(
        unit=submitted_unit, evidence=record, criterion=criteria["B10a"], where="question 4", actor=assessor
    )
    assert made.author.capacity == "assessor"


def test_an_assessed_unit_takes_no_claims(assessed_unit, evidence, assessor, criteria):
    with pytest.raises(InvalidTransition):
        claims_make(unit=assessed_unit, evidence=evidence, actor=assessor, wanted={criteria["B10a"]: ""})


def test_where_to_look_is_a_line_of_plain_text(claim):
    claim({"B10.1.1": "page\u00a02\x0bbelow\u200b"})
    assert standing() == {"B10.1.1": "page 2 below"}


def test_where_to_look_is_no_longer_than_the_form_has_room(claim, shown):
    where = "x" * 201
    marked = claim({"B10.1.1": where, "B10.1.2": ""})
    assert did(marked) == {"made": 1}
    assert refusals(marked)
    assert standing() == {"B10.1.2": ""}
    assert refusals(claim({"B10.1.2": where}, seen=shown()))
    assert standing() == {"B10.1.2": ""}


@pytest.mark.long
def test_a_page_of_ticks_takes_as_many_queries_as_one_tick(claim, unit, candidate, criteria):
    pieces = [add_evidence(unit.registration, candidate) for _ in range(2)]
    every = [code for code, row in criteria.items() if row.is_tickable]
    taken = []
    published_content(unit.revision)  # which a process reads once
    for piece, codes in zip(pieces, (every[:1], every), strict=True):
        with CaptureQueriesContext(connection) as queries:
            assert did(claim(dict.fromkeys(codes, ""), evidence=piece)) == {"made": len(codes)}
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_the_event_falls_with_the_change(claim, unit):
    with pytest.raises(RuntimeError), transaction.atomic():
        claim({"B10.1.1": ""})
        raise RuntimeError
    assert standing() == {}
    assert "claim.made" not in kinds(unit)


def test_an_assessor_takes_over_what_the_one_before_claimed(unit, evidence, assessor, coordinator, centre, criteria):
    claim_make(unit=unit, evidence=evidence, criterion=criteria["B10.1.1"], where="", actor=assessor)
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    allocate(unit=unit, actor=coordinator, user=other, capacity=Capacity.ASSESSOR)
    assert did(claims_withdraw(unit=unit, evidence=evidence, actor=other)) == {"withdrawn": 1}
    assert Claim.objects.get(withdrawn_by__user=other).author.user == assessor


# --- What the database refuses by itself --------------------------------------------------------------


def refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


@pytest.fixture
def row(unit, evidence, candidate, criteria) -> dict:
    return {
        "candidate_unit": unit,
        "evidence": evidence,
        "criterion": criteria["B10.1.1"],
        "author": Participation.objects.get(candidate_unit=unit, user=candidate),
        "made_at": timezone.now(),
    }


def test_no_claim_stands_twice(row):
    Claim.objects.create(**row)
    refused(lambda: Claim.objects.create(**row))


def test_no_claim_joins_what_does_not_belong_together(row, criteria, coordinator, candidate, b10, other_unit_criterion):
    centre = row["candidate_unit"].registration.centre
    other = registration_create(centre=centre, actor=coordinator, candidate=candidate, number="", revisions=[b10])
    refused(lambda: Claim.objects.create(**row | {"evidence": add_evidence(other, candidate)}))
    refused(lambda: Claim.objects.create(**row | {"criterion": criteria["4"]}))
    refused(lambda: Claim.objects.create(**row | {"criterion": other_unit_criterion}))
    author = Participation.objects.get(candidate_unit__registration=other)
    refused(lambda: Claim.objects.create(**row | {"author": author}))


def test_no_claim_is_changed_or_taken_away_behind_its_back(row, criteria):
    claim = Claim.objects.create(**row)
    refused(lambda: Claim.objects.filter(pk=claim.pk).update(criterion=criteria["B10a"]))
    refused(lambda: Claim.objects.filter(pk=claim.pk).delete())
    refused(lambda: Claim.objects.filter(pk=claim.pk).update(withdrawn_at=timezone.now()))
    Claim.objects.filter(pk=claim.pk).update(withdrawn_at=timezone.now(), withdrawn_by=row["author"])
    refused(lambda: Claim.objects.filter(pk=claim.pk).update(where="page 9"))
