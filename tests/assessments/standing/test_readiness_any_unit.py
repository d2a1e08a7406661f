"""What holds of readiness for whatever unit and whatever claims."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Stage
from assessments.models.status import Status
from assessments.standing.readiness import readiness
from tests.assessments.standing.facts import MUST, claim, criterion, ranged, unit, wanted

KINDS = ["performance", "knowledge", "evidence"]
STANDING = [status for status in Status if status != Status.EMPTY]  # how a claim can stand
criteria_lists = st.lists(
    st.builds(criterion, st.integers(1, 6), kind=st.sampled_from(KINDS), tickable=st.booleans()),
    unique_by=lambda made: (made.kind, made.position),
    max_size=8,
)
claim_lists = st.lists(
    st.builds(
        claim,
        st.integers(1, 6),
        st.sampled_from(STANDING),
        kind=st.sampled_from(KINDS),
    ),
    max_size=20,
)
units = st.builds(
    lambda criteria, claims, stated, signed: unit(*claims, criteria=criteria, stated=stated, signed=signed),
    criteria_lists,
    claim_lists,
    st.sets(st.sampled_from([MUST])),
    st.sets(st.sampled_from(list(Stage))),
)


@given(units)
def test_each_stage_wants_at_least_what_the_one_before_it_wants(facts):
    wanting = [wanted(facts, stage) for stage in Stage]
    assert wanting[0] <= wanting[1] == wanting[2]


@given(units, claim_lists)
def test_one_more_claim_that_is_met_never_makes_it_less_ready(facts, more):
    met = [made._replace(status=Status.MET) for made in more]
    grown = replace(facts, claims=(*facts.claims, *met))
    for stage in Stage:
        assert wanted(grown, stage) <= wanted(facts, stage)


@pytest.mark.long
@given(units, claim_lists)
def test_a_claim_that_does_not_count_changes_nothing_but_the_words(facts, more):
    grown = replace(facts, claims=(*facts.claims, *[made._replace(status=Status.BARRED) for made in more]))
    for stage in Stage:
        assert [one.criteria for one in readiness(grown, stage)] == [one.criteria for one in readiness(facts, stage)]


@given(units, st.randoms())
def test_the_order_of_the_claims_does_not_matter(facts, random):
    shuffled = list(facts.claims)
    random.shuffle(shuffled)
    for stage in Stage:
        assert readiness(replace(facts, claims=tuple(shuffled)), stage) == readiness(facts, stage)


@given(units)
def test_ready_for_the_sign_off_means_that_all_is_met(facts):
    if not readiness(facts, Stage.SIGN_OFF):
        met = {(made.kind, made.position) for made in facts.claims if made.status == Status.MET}
        assert {(item.kind, item.position) for item in facts.criteria if item.is_tickable} <= met
        assert facts.stated == {MUST}
        assert Stage.SUBMISSION in facts.signed


@given(units)
def test_each_criterion_is_named_once_in_the_order_of_the_form(facts):
    for stage in Stage:
        named = [item for one in readiness(facts, stage) for item in one.criteria]
        assert named == [item for item in facts.criteria if item in named]


range_units = st.builds(
    lambda elements, minimum, claims: unit(*claims, criteria=ranged(*elements, minimum=minimum, items=3)),
    st.sampled_from([("1",), ("2",), ("1", "2")]),
    st.sampled_from([None, 1, 2]),
    st.lists(
        st.builds(
            claim,
            st.integers(1, 4),
            st.sampled_from(STANDING),
            kind=st.sampled_from(["performance", "range"]),
            evidence=st.integers(1, 3),
        ),
        max_size=24,
    ),
)


@given(range_units, st.integers(1, 4), st.sampled_from(["performance", "range"]), st.integers(1, 3))
def test_one_more_claim_that_is_met_never_uncovers_a_category(facts, position, kind, piece):
    grown = replace(facts, claims=(*facts.claims, claim(position, kind=kind, evidence=piece)))
    for stage in Stage:
        assert wanted(grown, stage) <= wanted(facts, stage)


@given(range_units)
def test_a_category_that_wants_nothing_is_covered_in_each_of_its_elements_by_whole_pieces(facts):
    met = {(made.kind, made.position, made.evidence) for made in facts.claims if made.status == Status.MET}
    category, *items = facts.criteria[2:]
    if any(item.kind == "range" for item in wanted(facts, Stage.SIGN_OFF)):
        return
    several = len(category.range_elements) > 1
    for element in category.range_elements:
        pieces = [piece for piece in (1, 2, 3) if not several or ("performance", int(element), piece) in met]
        covered = [item for item in items if any(("range", item.position, piece) in met for piece in pieces)]
        assert len(covered) >= (category.minimum or len(items))


@given(range_units, st.randoms())
def test_the_order_of_claims_does_not_matter_to_the_range(facts, random):
    shuffled = list(facts.claims)
    random.shuffle(shuffled)
    for stage in Stage:
        assert readiness(replace(facts, claims=tuple(shuffled)), stage) == readiness(facts, stage)
