"""When a unit is ready for a signature: a pure function over plain values."""

from dataclasses import replace

import pytest

from assessments.models import Stage
from assessments.models.status import Status
from assessments.standing.readiness import in_short, readiness
from portfolio.models import Capacity
from standards.content import CriterionContent
from standards.evidence_kinds import EvidenceKind
from tests.assessments.standing.facts import BOTH, MUST, claim, criterion, ranged, sentences, unit, wanted


@pytest.mark.parametrize("stage", Stage)
def test_a_unit_that_is_met_stated_and_signed_is_ready_for_every_stage(stage):
    assert readiness(unit(claim(1), claim(2)), stage) == []


@pytest.mark.parametrize(
    ("claims", "submission", "sign_off"),
    [
        ([], "X.1 is not claimed.", "X.1 is not claimed."),
        ([claim(1, Status.CLAIMED)], None, "X.1 is waiting for a judgement."),
        ([claim(1, Status.PARTLY)], "X.1 is met in part only.", "X.1 is met in part only."),
        ([claim(1, Status.NOT_YET)], "X.1 is not met yet.", "X.1 is not met yet."),
        ([claim(1, Status.NOT_YET), claim(1, Status.MET)], None, None),
        ([claim(1, Status.NOT_YET), claim(1, Status.CLAIMED)], None, "X.1 is waiting for a judgement."),
        (
            [claim(1, Status.BARRED)],
            "X.1 is claimed only from evidence that this unit does not take for it.",
            "X.1 is claimed only from evidence that this unit does not take for it.",
        ),
    ],
)
def test_it_says_of_each_criterion_what_it_wants(claims, submission, sign_off):
    facts = unit(*claims, criteria=[criterion(1)])
    assert sentences(facts, Stage.SUBMISSION) == ([submission] if submission else [])
    assert sentences(facts, Stage.SIGN_OFF) == ([sign_off] if sign_off else [])


def test_headings_and_explanations_want_nothing():
    assert readiness(unit(criteria=[criterion(1, tickable=False)]), Stage.COUNTERSIGNATURE) == []


def test_a_claim_on_the_same_position_of_another_kind_does_not_count():
    facts = unit(claim(1, kind="knowledge"), criteria=[criterion(1)])
    assert sentences(facts, Stage.SIGN_OFF) == ["X.1 is not claimed."]


def test_a_submission_asks_for_no_statement_and_no_signature():
    facts = unit(claim(1), claim(2), stated=(), signed=())
    assert readiness(facts, Stage.SUBMISSION) == []


def test_no_stage_asks_for_its_own_signature():
    assert sentences(unit(claim(1), claim(2), signed=()), Stage.SIGN_OFF) == [
        "The candidate has not signed the declaration."
    ]
    assert sentences(unit(claim(1), claim(2), signed=[Stage.SUBMISSION]), Stage.SIGN_OFF) == []
    assert sentences(unit(claim(1), claim(2), signed=[Stage.SUBMISSION]), Stage.COUNTERSIGNATURE) == [
        "The assessor has not signed the unit off."
    ]


def test_what_is_not_stated_is_missing_in_the_units_own_words():
    facts = unit(claim(1), claim(2), stated=())
    assert sentences(facts, Stage.SIGN_OFF) == [f"The assessor has not stated: “{MUST}”."]


def test_in_short_criteria_that_want_the_same_stand_together():
    criteria = [criterion(1), criterion(2), criterion(3, kind="knowledge", code="Xa")]
    facts = unit(claim(2, Status.CLAIMED), criteria=criteria, stated=())
    assert in_short(readiness(facts, Stage.SIGN_OFF), facts) == [
        "Not claimed: X.1, Xa.",
        "Waiting for a judgement: X.2.",
        f"The assessor has not stated: “{MUST}”.",
    ]


# --- Range, requirements, kinds ---------------------------------------------------------------------------


def test_every_item_of_a_category_is_to_be_covered():
    facts = unit(*BOTH, claim(2, kind="range"), criteria=ranged("1"))
    assert sentences(facts, Stage.SIGN_OFF) == ["Range A (ii) is not claimed."]
    assert readiness(replace(facts, claims=(*facts.claims, claim(3, kind="range"))), Stage.SIGN_OFF) == []


def test_a_category_of_several_elements_is_to_be_covered_in_each():
    one_element = [claim(1), claim(2, evidence=2), claim(2, kind="range"), claim(3, kind="range")]
    facts = unit(*one_element, criteria=ranged("1", "2"))
    assert sentences(facts, Stage.SIGN_OFF) == [
        "Range A (i) customers i: not shown for element 2.",
        "Range A (ii) customers ii: not shown for element 2.",
    ]
    other = [claim(2, kind="range", evidence=2), claim(3, kind="range", evidence=2)]
    assert readiness(replace(facts, claims=(*facts.claims, *other)), Stage.SIGN_OFF) == []


@pytest.mark.parametrize(
    ("of_element", "of_item", "is_missing"),
    [
        (claim(2, evidence=2), claim(2, kind="range", evidence=3), True),  # two pieces, and neither has both
        (claim(2, evidence=2), claim(2, Status.CLAIMED, kind="range", evidence=2), True),  # the item waits
        (claim(2, Status.CLAIMED, evidence=2), claim(2, kind="range", evidence=2), True),  # the criterion waits
        (claim(2, evidence=2, status=Status.BARRED), claim(2, kind="range", evidence=2), True),
        (claim(2, evidence=2), claim(2, kind="range", evidence=2, status=Status.BARRED), True),
        (claim(2, evidence=2), claim(2, kind="range", evidence=2), False),
    ],
)
def test_an_item_counts_for_an_element_when_one_piece_has_both(of_element, of_item, is_missing):
    facts = unit(claim(1), claim(2, kind="range"), of_element, of_item, criteria=ranged("1", "2", items=1))
    missing = [sentence for sentence in sentences(facts, Stage.SIGN_OFF) if sentence.startswith("Range")]
    assert missing == (["Range A (i) customers i: not shown for element 2."] if is_missing else [])


def test_a_submission_counts_what_waits_for_the_range_too():
    waiting = [
        claim(1, Status.CLAIMED),
        claim(2, Status.CLAIMED),
        claim(2, Status.CLAIMED, kind="range"),
        claim(3, Status.CLAIMED, kind="range"),
    ]
    assert readiness(unit(*waiting, criteria=ranged("1", "2")), Stage.SUBMISSION) == []


def test_some_categories_ask_for_fewer_of_their_items():
    criteria = ranged("1", minimum=2, items=3)
    facts = unit(*BOTH, claim(2, kind="range"), criteria=criteria)
    assert sentences(facts, Stage.SIGN_OFF) == ["Range A, Types of customers: 1 of at least 2 shown."]
    assert wanted(facts, Stage.SIGN_OFF) == set(criteria[-2:])  # either of the others would do
    assert readiness(replace(facts, claims=(*facts.claims, claim(4, kind="range"))), Stage.SIGN_OFF) == []


def test_fewer_in_each_of_several_elements():
    facts = unit(claim(1), claim(2, evidence=2), claim(2, kind="range"), criteria=ranged("1", "2", minimum=1))
    assert sentences(facts, Stage.SIGN_OFF) == ["Range A, Types of customers: 0 of at least 1 shown for element 2."]
    more = claim(3, kind="range", evidence=2)  # another item for the other element will do
    assert readiness(replace(facts, claims=(*facts.claims, more)), Stage.SIGN_OFF) == []


@pytest.mark.parametrize("on", ["range", "evidence"])
def test_one_tick_serves_a_requirement_and_the_range_item_that_it_repeats(on):
    heading = criterion(1, kind="evidence", tickable=False, code="4")
    repeats = CriterionContent(
        kind="evidence", position=2, code="a", full_code="4a", text="customers i", parent=1, same_as=2
    )
    facts = unit(*BOTH, criteria=[*ranged("1", items=1), heading, repeats])
    assert sentences(facts, Stage.SIGN_OFF) == ["Range A (i) is not claimed."]  # and says it once
    assert readiness(replace(facts, claims=(*facts.claims, claim(2, kind=on))), Stage.SIGN_OFF) == []


def test_some_units_want_an_observation():
    facts = unit(*BOTH, observations_at_least=1)
    assert sentences(facts, Stage.SIGN_OFF) == ["This unit asks for at least 1 observation: 0 judged met so far."]
    for observed, is_ready in (
        (claim(1, evidence=2, evidence_kind="observation"), True),
        (claim(1, Status.CLAIMED, evidence=2, evidence_kind="observation"), False),
        (claim(1, evidence=2, evidence_kind="observation", status=Status.BARRED), False),
    ):
        assert (readiness(replace(facts, claims=(*BOTH, observed)), Stage.SIGN_OFF) == []) == is_ready


@pytest.mark.parametrize("author", [Capacity.CANDIDATE, Capacity.ASSESSOR])
def test_who_wrote_an_observation_matters_only_where_the_unit_says_what_must_be_observed(author):
    criteria = ranged("1", items=0)
    both = [claim(place, evidence=2, evidence_kind="observation", author=author) for place in (1, 2)]
    assert readiness(unit(*both, criteria=criteria, observations_at_least=1), Stage.SIGN_OFF) == []
    asked = {"observations_at_least": 1, "observed_elements": ("2",)}
    assert sentences(unit(*both, criteria=criteria, **asked), Stage.SIGN_OFF) == (
        []
        if author == Capacity.ASSESSOR
        else [
            "This unit asks for at least 1 observation that an assessor wrote, on a criterion of element 2: "
            "0 judged met so far."
        ]
    )


@pytest.mark.parametrize(
    ("kinds", "by", "count"),
    [
        ({2: "photo", 3: "photo"}, ("1",), 2),
        ({2: "photo", 3: "case_history"}, ("1",), 1),
        ({2: "case_history", 3: "case_history"}, ("1",), 0),
        ({2: "case_history", 3: "case_history"}, (), 2),  # the unit asks for no performance evidence
        ({2: "case_history", 3: "case_history"}, ("2",), 2),  # it does for another element
    ],
)
def test_some_categories_are_reached_by_performance_evidence_only(kinds, by, count):
    claims = [claim(place, kind="range", evidence=place, evidence_kind=kind) for place, kind in kinds.items()]
    criteria = ranged("1", minimum=2, items=3)
    facts = unit(*BOTH, *claims, criteria=criteria, minimum_by_performance_evidence=by)
    said = " by performance evidence" if by == ("1",) else ""
    missing = [] if count == 2 else [f"Range A, Types of customers: {count} of at least 2 shown{said}."]
    assert sentences(facts, Stage.SIGN_OFF) == missing
    named = EvidenceKind("case_history"), EvidenceKind("photo")
    of_unit = unit(*BOTH, *claims, criteria=criteria, minimum_by_performance_evidence=by, performance_kinds=named)
    assert readiness(of_unit, Stage.SIGN_OFF) == []  # where the unit counts case histories, they do


def test_one_piece_of_performance_evidence_is_enough_beside_others_that_are_none():
    statement = claim(2, kind="range", evidence=2, evidence_kind="personal_statement")
    facts = unit(*BOTH, statement, criteria=ranged("1", minimum=1), minimum_by_performance_evidence=("1",))
    assert sentences(facts, Stage.SIGN_OFF) == [
        "Range A, Types of customers: 0 of at least 1 shown by performance evidence."
    ]
    seen = statement._replace(evidence=1, evidence_kind="observation")
    assert readiness(replace(facts, claims=(*facts.claims, seen)), Stage.SIGN_OFF) == []


def test_of_several_elements_only_those_that_ask_for_it_want_performance_evidence():
    claims = [claim(2, kind="range", evidence=1), claim(1, evidence=2), claim(2, evidence=2)]
    told = claim(2, kind="range", evidence=2, evidence_kind="witness_testimony")
    facts = unit(*claims[1:], told, criteria=ranged("1", "2", minimum=1), minimum_by_performance_evidence=("2",))
    facts = replace(facts, claims=tuple(one._replace(evidence_kind="witness_testimony") for one in facts.claims))
    assert sentences(facts, Stage.SIGN_OFF) == [
        "Range A, Types of customers: 0 of at least 1 shown for element 2 by performance evidence."
    ]


def test_two_observations_are_two_pieces():
    same = [claim(place, evidence_kind="observation") for place in (1, 2)]
    assert sentences(unit(*same, observations_at_least=2), Stage.SIGN_OFF) == [
        "This unit asks for at least 2 observations: 1 judged met so far."
    ]
    other = claim(1, evidence=2, evidence_kind="observation")
    assert readiness(unit(*same, other, observations_at_least=2), Stage.SIGN_OFF) == []


def test_some_units_want_several_kinds_of_evidence():
    facts = unit(*BOTH, claim(1, evidence=2), kinds_at_least=2)
    assert sentences(facts, Stage.SIGN_OFF) == ["This unit asks for at least 2 kinds of evidence: 1 judged met so far."]
    other = claim(1, evidence=2, evidence_kind="witness_testimony")
    assert readiness(replace(facts, claims=(*facts.claims, other)), Stage.SIGN_OFF) == []
    waiting = other._replace(status=Status.CLAIMED)
    assert readiness(replace(facts, claims=(*facts.claims, waiting)), Stage.SIGN_OFF) != []
    assert readiness(replace(facts, claims=(*facts.claims, waiting)), Stage.SUBMISSION) == []
