"""A page of ticks becomes claims: only what differs is applied, and what the unit's rules bar is not saved."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import Role
from centres.services.people import role_end
from portfolio.models import Capacity, Claim, Participation
from portfolio.services.claims import claims_set
from portfolio.services.evidence import evidence_remove
from portfolio.services.participations import participate
from portfolio.services.registrations import allocate, registration_create
from record.errors import ChangedMeanwhile, InvalidTransition
from record.models import Event
from standards.models import Criterion
from standards.published import wording
from tests.cast import add_evidence, claim_make, join
from tests.portfolio.typed import another_unit

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
def claim(unit, evidence, candidate, criteria):
    """Set Pat's claims of evidence 1, unless told otherwise."""

    def set_claims(wanted, seen=None, actor=candidate, evidence=evidence, unit=unit):
        return claims_set(
            unit=unit,
            evidence=evidence,
            actor=actor,
            seen={criteria[code]: where for code, where in (seen or {}).items()},
            wanted={criteria[code]: where for code, where in wanted.items()},
        )

    return set_claims


def standing() -> dict[str, str]:
    claims = Claim.objects.filter(withdrawn_at__isnull=True).select_related("criterion__parent")
    return {claim.criterion.full_code: claim.where for claim in claims}


def kinds(unit) -> list[str]:
    return [event.kind for event in Event.objects.filter(chain=unit.registration.chain).order_by("sequence")]


def test_what_is_ticked_is_claimed_with_where_to_look(claim, unit):
    outcome = claim({"B10.1.1": "page 3", "B10a": "", "4a": "minute 2"})
    assert (outcome.made, outcome.withdrawn, outcome.refused) == (3, 0, [])
    assert standing() == {"B10.1.1": "page 3", "B10a": "", "4a": "minute 2"}
    assert kinds(unit).count("claim.made") == 3


def test_what_is_unticked_is_withdrawn_and_stays_in_the_record(claim, unit):
    claim({"B10.1.1": "page 3", "B10a": ""})
    outcome = claim({"B10a": ""}, seen={"B10.1.1": "page 3", "B10a": ""})
    assert (outcome.made, outcome.withdrawn) == (0, 1)
    assert standing() == {"B10a": ""}
    assert Claim.objects.count() == 2
    assert kinds(unit)[-1] == "claim.withdrawn"


def test_where_to_look_can_be_changed(claim, unit):
    claim({"B10.1.1": "page 3"})
    outcome = claim({"B10.1.1": "page 4"}, seen={"B10.1.1": "page 3"})
    assert (outcome.changed, outcome.saved) == (1, 1)
    assert standing() == {"B10.1.1": "page 4"}
    assert kinds(unit)[-1] == "claim.where_changed"


def test_the_same_page_sent_twice_claims_once(claim):
    claim({"B10.1.1": "page 3"})
    again = claim({"B10.1.1": "page 3"})
    assert (again.saved, again.refused) == (0, [])
    assert Claim.objects.count() == 1


def test_the_same_other_place_to_look_sent_twice_is_saved_once(claim, unit):
    claim({"B10.1.1": "page 3"})
    claim({"B10.1.1": "page 4"}, seen={"B10.1.1": "page 3"})
    assert claim({"B10.1.1": "page 4"}, seen={"B10.1.1": "page 3"}).saved == 0
    assert kinds(unit).count("claim.where_changed") == 1


def test_two_pages_at_once_both_keep_what_they_ticked(claim):
    claim({"B10.1.1": ""})
    claim({"B10.1.2": ""})
    assert standing() == {"B10.1.1": "", "B10.1.2": ""}


def test_what_another_page_took_back_is_not_claimed_again(claim):
    claim({"B10.1.1": "", "B10.1.2": ""})
    claim({"B10.1.2": ""}, seen={"B10.1.1": "", "B10.1.2": ""})
    outcome = claim({"B10.1.1": "", "B10.1.2": "", "B10.1.3": ""}, seen={"B10.1.1": "", "B10.1.2": ""})
    assert outcome.made == 1
    assert standing() == {"B10.1.2": "", "B10.1.3": ""}


def test_a_claim_that_another_page_changed_is_not_overwritten(claim):
    claim({"B10.1.1": "page 3"})
    claim({"B10.1.1": "page 4"}, seen={"B10.1.1": "page 3"})
    with pytest.raises(ChangedMeanwhile, match="changed to “page 4”"):
        claim({"B10.1.1": "page 5", "B10.1.2": ""}, seen={"B10.1.1": "page 3"})
    assert standing() == {"B10.1.1": "page 4"}


def test_a_claim_that_another_page_took_back_is_not_changed(claim):
    claim({"B10.1.1": "page 3"})
    claim({}, seen={"B10.1.1": "page 3"})
    with pytest.raises(ChangedMeanwhile, match="taken back since"):
        claim({"B10.1.1": "page 5"}, seen={"B10.1.1": "page 3"})
    assert standing() == {}


def test_what_somebody_else_claimed_meanwhile_stands_and_is_said(claim, assessor):
    claim({"B10.1.1": "minute 3"}, actor=assessor)
    outcome = claim({"B10.1.1": "page 1", "B10.1.2": ""})
    assert outcome.made == 1
    assert outcome.refused == [
        "B10.1.1 was claimed by Ann Assessor since you opened the page, with “minute 3” as where to look. "
        "That claim stands."
    ]
    assert standing() == {"B10.1.1": "minute 3", "B10.1.2": ""}


def test_others_claims_are_not_taken_back_or_changed(claim, assessor):
    claim({"B10.1.1": "minute 3"}, actor=assessor)
    with pytest.raises(ValidationError, match="claimed by the assessor; only they"):
        claim({}, seen={"B10.1.1": "minute 3"})
    with pytest.raises(ValidationError, match="claimed by the assessor; only they"):
        claim({"B10.1.1": "page 1"}, seen={"B10.1.1": "minute 3"})
    assert standing() == {"B10.1.1": "minute 3"}


def test_what_the_setting_bars_is_not_saved_and_the_rest_is(claim, unit, candidate):
    simulated = add_evidence(unit.registration, candidate, setting="simulation")
    outcome = claim({"B10.1.1": "", "4a": "", "B10a": "page 1"}, evidence=simulated)
    assert outcome.made == 1
    assert [sentence.partition(":")[0] for sentence in outcome.refused] == ["B10.1.1", "4a"]
    assert "this piece is marked “simulation”" in outcome.refused[0]
    assert standing() == {"B10a": "page 1"}


def test_a_criterion_that_is_no_column_cannot_be_claimed(claim):
    assert claim({"4": ""}).refused == ["evidence 4: This unit has no such criterion to claim."]
    assert standing() == {}


def test_a_criterion_of_another_unit_cannot_be_claimed(unit, evidence, candidate, other_unit_criterion):
    outcome = claims_set(unit=unit, evidence=evidence, actor=candidate, seen={}, wanted={other_unit_criterion: ""})
    assert outcome.made == 0
    assert "no such criterion" in outcome.refused[0]


def test_a_piece_of_another_portfolio_claims_nothing_here(claim, unit, coordinator, candidate, b10):
    other = registration_create(
        centre=unit.registration.centre, actor=coordinator, candidate=candidate, number="", revisions=[b10]
    )
    with pytest.raises(PermissionDenied):
        claim({"B10.1.1": ""}, evidence=add_evidence(other, candidate))
    assert standing() == {}


def test_a_removed_piece_claims_nothing(claim, evidence, candidate):
    evidence_remove(evidence=evidence, actor=candidate)
    with pytest.raises(ValidationError, match="was removed"):
        claim({"B10.1.1": ""})


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [({}, {}), ({"B10.1.1": ""}, {}), ({"B10a": "page 1"}, {"B10a": "page 1"}), ({"B10a": "page 1"}, {"B10a": ""})],
    ids=["nothing ticked", "every tick refused", "as it was", "as somebody else made it"],
)
def test_a_page_that_saves_nothing_makes_nobody_take_part(wanted, seen, claim, unit, coordinator, centre, assessor):
    simulated = add_evidence(unit.registration, unit.registration.candidate, setting="simulation")
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    claim({"B10a": "page 1"}, evidence=simulated, actor=assessor)
    allocate(unit=unit, actor=coordinator, user=other, capacity=Capacity.ASSESSOR)
    assert claim(wanted, seen=seen, actor=other, evidence=simulated).saved == 0
    assert not Participation.objects.filter(user=other).exists()


@pytest.mark.parametrize(
    ("wanted", "seen"),
    [({"B10.1.1": "", "B10a": ""}, {"B10a": ""}), ({"B10a": "page 2"}, {"B10a": ""}), ({}, {"B10a": ""})],
    ids=["made", "looked for elsewhere", "taken back"],
)
def test_who_has_acted_in_another_capacity_changes_no_claim(wanted, seen, claim, unit, centre, coordinator, assessor):
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    claim({"B10a": ""}, actor=assessor)
    allocate(unit=unit, actor=coordinator, user=other, capacity=Capacity.ASSESSOR)
    participate(unit=unit, actor=other, capacity=Capacity.INTERNAL_VERIFIER)
    with pytest.raises(ValidationError, match="You have taken part in this unit as its internal verifier"):
        claim(wanted, seen=seen, actor=other)
    assert standing() == {"B10a": ""}
    assert claim({"B10a": ""}, seen={"B10a": ""}, actor=other).saved == 0


@pytest.mark.parametrize("person", ["verifier", "coordinator", "outsider"])
def test_others_claim_nothing(person, claim, request):
    with pytest.raises(PermissionDenied):
        claim({"B10.1.1": ""}, actor=request.getfixturevalue(person))
    assert standing() == {}


def test_who_is_no_candidate_any_more_claims_nothing(claim, candidate, coordinator, centre):
    role_end(membership=candidate.memberships.get(centre=centre), actor=coordinator)
    with pytest.raises(PermissionDenied):
        claim({"B10.1.1": ""})


def test_a_submitted_unit_takes_no_claim_from_the_candidate(submitted_unit, evidence, candidate, criteria):
    with pytest.raises(InvalidTransition, match="This unit is submitted"):
        claims_set(unit=submitted_unit, evidence=evidence, actor=candidate, seen={criteria["B10a"]: ""}, wanted={})


def test_the_assessor_claims_in_a_submitted_unit_what_nobody_claimed(submitted_unit, candidate, assessor, criteria):
    record = add_evidence(submitted_unit.registration, assessor, kind="questioning")
    made = claim_make(
        unit=submitted_unit, evidence=record, criterion=criteria["B10a"], where="question 4", actor=assessor
    )
    assert made.author.capacity == "assessor"


def test_an_assessed_unit_takes_no_claims(assessed_unit, evidence, assessor, criteria):
    with pytest.raises(InvalidTransition):
        claims_set(unit=assessed_unit, evidence=evidence, actor=assessor, seen={}, wanted={criteria["B10a"]: ""})


@pytest.mark.parametrize("where", ["x" * 201, "bell \x07"], ids=["long", "control"])
def test_where_to_look_is_a_line_of_plain_text(where, claim):
    outcome = claim({"B10.1.1": where, "B10.1.2": ""})
    assert outcome.made == 1
    assert outcome.refused[0].startswith("B10.1.1: ")
    assert standing() == {"B10.1.2": ""}


def test_a_page_of_ticks_takes_as_many_queries_as_one_tick(claim, unit, candidate, criteria):
    pieces = [add_evidence(unit.registration, candidate) for _ in range(2)]
    every = [code for code, row in criteria.items() if row.is_tickable]
    taken = []
    wording(unit.revision)  # which a process reads once
    for piece, codes in zip(pieces, (every[:1], every), strict=True):
        with CaptureQueriesContext(connection) as queries:
            assert claim(dict.fromkeys(codes, ""), evidence=piece).made == len(codes)
        taken.append(len(queries))
    assert taken[0] == taken[1]


def test_the_event_falls_with_the_change(claim, unit):
    with pytest.raises(RuntimeError), transaction.atomic():
        claim({"B10.1.1": ""})
        raise RuntimeError
    assert standing() == {}
    assert "claim.made" not in kinds(unit)


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


def test_an_assessor_takes_over_what_the_one_before_claimed(unit, evidence, assessor, coordinator, centre, criteria):
    first = criteria["B10.1.1"]
    claim_make(unit=unit, evidence=evidence, criterion=first, where="", actor=assessor)
    other = join(centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    allocate(unit=unit, actor=coordinator, user=other, capacity=Capacity.ASSESSOR)
    outcome = claims_set(unit=unit, evidence=evidence, actor=other, seen={first: ""}, wanted={})
    assert outcome.withdrawn == 1
    assert Claim.objects.get(withdrawn_by__user=other).author.user == assessor
