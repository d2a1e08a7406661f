"""When a unit is ready for a signature: a pure function over plain values."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Outcome, Stage
from assessments.rules import ClaimFact, UnitFacts, in_short, readiness
from standards.content import CriterionContent
from standards.rules import UnitRules

MUST = "on different occasions"
ALL_SIGNED = frozenset({Stage.SUBMISSION, Stage.SIGN_OFF})


def criterion(position: int, *, kind="performance", tickable=True, code="") -> CriterionContent:
    name = code or f"X.{position}"
    return CriterionContent(kind=kind, position=position, code=name, full_code=name, text="Words", is_tickable=tickable)


def claim(position: int, outcome: Outcome | None = Outcome.MET, *, kind="performance", counts=True) -> ClaimFact:
    return ClaimFact(kind=kind, position=position, evidence=1, outcome=outcome, counts=counts)


def unit(*claims: ClaimFact, criteria=None, confirmed=(MUST,), signed=ALL_SIGNED) -> UnitFacts:
    return UnitFacts(
        criteria=tuple([criterion(1), criterion(2)] if criteria is None else criteria),
        rules=UnitRules(confirm=(MUST,)),
        claims=claims,
        confirmed=frozenset(confirmed),
        signed=frozenset(signed),
    )


def sentences(facts: UnitFacts, stage: Stage) -> list[str]:
    return [missing.sentence for missing in readiness(facts, stage)]


@pytest.mark.parametrize("stage", Stage)
def test_a_unit_that_is_met_confirmed_and_signed_is_ready_for_every_stage(stage):
    assert readiness(unit(claim(1), claim(2)), stage) == []


@pytest.mark.parametrize(
    ("claims", "submission", "sign_off"),
    [
        ([], "X.1 is not claimed.", "X.1 is not claimed."),
        ([claim(1, None)], None, "X.1 is waiting for a judgement."),
        ([claim(1, Outcome.PARTLY)], "X.1 is met in part only.", "X.1 is met in part only."),
        ([claim(1, Outcome.NOT_YET)], "X.1 is not met yet.", "X.1 is not met yet."),
        ([claim(1, Outcome.NOT_YET), claim(1, Outcome.MET)], None, None),
        ([claim(1, Outcome.NOT_YET), claim(1, None)], None, "X.1 is waiting for a judgement."),
        (
            [claim(1, None, counts=False)],
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


def test_a_submission_asks_for_no_confirmation_and_no_signature():
    facts = unit(claim(1), claim(2), confirmed=(), signed=())
    assert readiness(facts, Stage.SUBMISSION) == []


def test_no_stage_asks_for_its_own_signature():
    assert sentences(unit(claim(1), claim(2), signed=()), Stage.SIGN_OFF) == [
        "The candidate has not signed the declaration."
    ]
    assert sentences(unit(claim(1), claim(2), signed=[Stage.SUBMISSION]), Stage.SIGN_OFF) == []
    assert sentences(unit(claim(1), claim(2), signed=[Stage.SUBMISSION]), Stage.COUNTERSIGNATURE) == [
        "The assessor has not signed the unit off."
    ]


def test_what_is_not_confirmed_is_missing_in_the_units_own_words():
    facts = unit(claim(1), claim(2), confirmed=())
    assert sentences(facts, Stage.SIGN_OFF) == [f"The assessor has not confirmed: “{MUST}”."]


def test_in_short_criteria_that_want_the_same_stand_together():
    criteria = [criterion(1), criterion(2), criterion(3, kind="knowledge", code="Xa")]
    facts = unit(claim(2, None), criteria=criteria, confirmed=())
    assert in_short(readiness(facts, Stage.SIGN_OFF)) == [
        "Not claimed: X.1, Xa.",
        "Waiting for a judgement: X.2.",
        f"The assessor has not confirmed: “{MUST}”.",
    ]


# --- For whatever unit ------------------------------------------------------------------------------------

KINDS = ["performance", "knowledge", "evidence"]
criteria_lists = st.lists(
    st.builds(criterion, st.integers(1, 6), kind=st.sampled_from(KINDS), tickable=st.booleans()),
    unique_by=lambda made: (made.kind, made.position),
    max_size=8,
)
claim_lists = st.lists(
    st.builds(
        claim,
        st.integers(1, 6),
        st.sampled_from([None, *Outcome]),
        kind=st.sampled_from(KINDS),
        counts=st.booleans(),
    ),
    max_size=20,
)
units = st.builds(
    lambda criteria, claims, confirmed, signed: unit(*claims, criteria=criteria, confirmed=confirmed, signed=signed),
    criteria_lists,
    claim_lists,
    st.sets(st.sampled_from([MUST])),
    st.sets(st.sampled_from(list(Stage))),
)


@given(units)
def test_each_stage_wants_at_least_what_the_one_before_it_wants(facts):
    wanting = [{missing.criterion for missing in readiness(facts, stage) if missing.criterion} for stage in Stage]
    assert wanting[0] <= wanting[1] == wanting[2]


@given(units, claim_lists)
def test_one_more_claim_that_is_met_never_makes_it_less_ready(facts, more):
    met = [replace(made, outcome=Outcome.MET, counts=True) for made in more]
    grown = replace(facts, claims=(*facts.claims, *met))
    for stage in Stage:
        assert {one.criterion for one in readiness(grown, stage)} <= {one.criterion for one in readiness(facts, stage)}


@given(units, claim_lists)
def test_a_claim_that_does_not_count_changes_nothing_but_the_words(facts, more):
    grown = replace(facts, claims=(*facts.claims, *[replace(made, counts=False) for made in more]))
    for stage in Stage:
        assert [one.criterion for one in readiness(grown, stage)] == [one.criterion for one in readiness(facts, stage)]


@given(units, st.randoms())
def test_the_order_of_the_claims_does_not_matter(facts, random):
    shuffled = list(facts.claims)
    random.shuffle(shuffled)
    for stage in Stage:
        assert readiness(replace(facts, claims=tuple(shuffled)), stage) == readiness(facts, stage)


@given(units)
def test_ready_for_the_sign_off_means_that_all_is_met(facts):
    if not readiness(facts, Stage.SIGN_OFF):
        met = {(made.kind, made.position) for made in facts.claims if made.counts and made.outcome == Outcome.MET}
        assert {(item.kind, item.position) for item in facts.criteria if item.is_tickable} <= met
        assert facts.confirmed == {MUST}
        assert Stage.SUBMISSION in facts.signed


@given(units)
def test_each_criterion_is_named_once_in_the_order_of_the_form(facts):
    for stage in Stage:
        named = [one.criterion for one in readiness(facts, stage) if one.criterion]
        assert named == [item for item in facts.criteria if item in named]
