"""When a unit is ready for a signature: a pure function over plain values."""

from dataclasses import replace

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Stage
from assessments.models.status import Status
from assessments.standing.readiness import ClaimFact, UnitFacts, facts_of, in_short, readiness
from portfolio.models import Capacity
from standards.content import CriterionContent
from standards.evidence_kinds import EvidenceKind
from standards.fixtures import read_fixtures
from standards.unit_rules import UnitRules

MUST = "on different occasions"
ALL_SIGNED = frozenset(Stage)  # confirmations among them, as where nothing asks for one


def criterion(position: int, *, kind="performance", tickable=True, code="") -> CriterionContent:
    name = code or f"X.{position}"
    return CriterionContent(kind=kind, position=position, code=name, full_code=name, text="Words", is_tickable=tickable)


def claim(
    position: int,
    status: Status = Status.MET,
    *,
    kind="performance",
    evidence=1,
    evidence_kind="work_product",
    author=Capacity.CANDIDATE,
) -> ClaimFact:
    return ClaimFact(
        kind=kind, position=position, evidence=evidence, evidence_kind=evidence_kind, status=status, author=author
    )


def unit(*claims: ClaimFact, criteria=None, stated=(MUST,), signed=ALL_SIGNED, **rules) -> UnitFacts:
    return UnitFacts(
        criteria=tuple([criterion(1), criterion(2)] if criteria is None else criteria),
        rules=UnitRules(statements=(MUST,), **rules),
        claims=claims,
        stated=frozenset(stated),
        signed=frozenset(signed),
    )


def sentences(facts: UnitFacts, stage: Stage) -> list[str]:
    return [missing.sentence for missing in readiness(facts, stage)]


def wanted(facts: UnitFacts, stage: Stage) -> set[CriterionContent]:
    return {item for one in readiness(facts, stage) for item in one.criteria}


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


def ranged(*elements: str, minimum: int | None = None, items: int = 2, **more) -> list[CriterionContent]:
    """A unit with two elements of a criterion each, and a range category A that applies to `elements`."""
    performance = [replace(criterion(place, code=f"{place}.1"), element=str(place)) for place in (1, 2)]
    heading = CriterionContent(
        kind="range", position=1, code="A", full_code="A", text="Types of customers", range_elements=elements,
        minimum=minimum, is_tickable=False,
    )  # fmt: skip
    codes = ["i", "ii", "iii"][:items]
    parts = [
        CriterionContent(
            kind="range", position=place, code=code, full_code=f"A{code}", text=f"customers {code}",
            range_elements=elements, parent=1,
        )
        for place, code in enumerate(codes, start=2)
    ]  # fmt: skip
    return [*performance, heading, *parts]


BOTH = [claim(1), claim(2)]  # the criteria of both elements, from piece 1


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


# --- The published units ----------------------------------------------------------------------------------

PUBLISHED = {
    fixture.content.address: fixture.content for fixture in read_fixtures(settings.BASE_DIR / "fixtures").units
}


def published(address: str, *claims: ClaimFact) -> UnitFacts:
    content = PUBLISHED[address]
    return facts_of(content, claims=claims, stated=content.rules.statements, signed=ALL_SIGNED)


def all_claimed(address: str, **changes) -> list[ClaimFact]:
    """Everything that can be claimed, by an assessor's observation and a testimony which hold all of it."""
    return [
        claim(item.position, kind=item.kind, evidence=number, evidence_kind=kind, author=author)._replace(**changes)
        for item in PUBLISHED[address].claimable
        for number, kind, author in (
            (1, "observation", Capacity.ASSESSOR),
            (2, "witness_testimony", Capacity.CANDIDATE),
        )
    ]


@pytest.mark.parametrize("address", PUBLISHED)
def test_every_published_unit_gets_ready_and_wants_what_it_has_when_nothing_is_there(address):
    content = PUBLISHED[address]
    assert readiness(published(address, *all_claimed(address)), Stage.COUNTERSIGNATURE) == []
    nothing = published(address)
    assert wanted(nothing, Stage.SIGN_OFF) == set(content.claimable)
    short = in_short(readiness(nothing, Stage.SIGN_OFF), nothing)
    assert len(short) <= 8
    assert all(len(line) < 400 for line in short)


def test_the_largest_unit_says_in_few_plain_lines_what_is_missing():
    facts = published("cvq:U00306")
    assert in_short(readiness(facts, Stage.SIGN_OFF), facts) == [
        "Not claimed: 1.1 to 1.7, 2.1 to 2.7, 3.1 to 3.5, 4.1 to 4.8, 5.1 to 5.6, 6.1 to 6.7.",
        "Not claimed: knowledge 1 to 29.",
        "Not claimed: range A (i) of element 1; A (i), B (i) to (vii), C (i) to (iii) of element 2; A (i), A (ii), "
        "B (i), B (ii) of element 3; A (i) of elements 4 and 5; B (i) to (iii), C (i), C (ii), D (i), D (ii), "
        "E (i) to (iii) of element 4; A (i), A (ii), C (i) to (iii) of element 5; D (i) of element 6.",
        "Range A of element 6, Security risks: 0 of at least 1 shown by performance evidence.",
        "Range B of element 6, Customer and staff areas: 0 of at least 2 shown by performance evidence.",
        "Range C of element 6, Storage and security facilities: 0 of at least 2 shown by performance evidence.",
    ]


def test_u00306_asks_for_two_of_its_areas_and_one_of_its_risks():
    items = {f"{item.full_code}{item.range_elements}": item for item in PUBLISHED["cvq:U00306"].range}
    spared = {items[f"{code}('6',)"].position for code in ("Aii", "Aiii", "Aiv", "Biii", "Biv", "Ciii")}
    claims = [one for one in all_claimed("cvq:U00306") if not (one.kind == "range" and one.position in spared)]
    assert readiness(published("cvq:U00306", *claims), Stage.SIGN_OFF) == []
    fewer = [one for one in claims if (one.kind, one.position) != ("range", items["Bi('6',)"].position)]
    assert sentences(published("cvq:U00306", *fewer), Stage.SIGN_OFF) == [
        "Range B of element 6, Customer and staff areas: 1 of at least 2 shown by performance evidence."
    ]


MINIMA_OF_U00306 = [
    "Range A of element 6, Security risks: 0 of at least 1 shown by performance evidence.",
    "Range B of element 6, Customer and staff areas: 0 of at least 2 shown by performance evidence.",
    "Range C of element 6, Storage and security facilities: 0 of at least 2 shown by performance evidence.",
]


@pytest.mark.parametrize("kind", EvidenceKind)
def test_u00306_asks_for_its_areas_and_risks_by_performance_evidence(kind):
    categories = {item.text: item.position for item in PUBLISHED["cvq:U00306"].range if not item.is_tickable}
    minima = {categories[text] for text in ("Security risks", "Customer and staff areas")}
    minima.add(categories["Storage and security facilities"])
    of_minima = {item.position for item in PUBLISHED["cvq:U00306"].range if item.parent in minima}
    claims = [
        one._replace(evidence=3, evidence_kind=kind) if one.kind == "range" and one.position in of_minima else one
        for one in all_claimed("cvq:U00306")
    ]
    shows_the_work = kind in {"observation", "work_product", "photo", "audio", "video"}
    missing = [] if shows_the_work else MINIMA_OF_U00306
    assert sentences(published("cvq:U00306", *claims), Stage.SIGN_OFF) == missing


def test_u00306_asks_for_the_regulations_of_element_6_by_whatever_evidence():
    items = {(item.range_elements, item.full_code): item.position for item in PUBLISHED["cvq:U00306"].range}
    regulations = items[("6",), "Di"]
    claims = [
        one._replace(evidence=3, evidence_kind="personal_statement")
        if (one.kind, one.position) == ("range", regulations)
        else one
        for one in all_claimed("cvq:U00306")
    ]
    assert readiness(published("cvq:U00306", *claims), Stage.SIGN_OFF) == []


def test_u09602_ticks_the_requirements_that_repeat_its_range_once():
    content = PUBLISHED["cvq:U09602"]
    repeated = [item for item in content.evidence if item.same_as is not None]
    assert [item.code for item in repeated] == list("abcdefghijk")
    assert [item.code for item in content.evidence if item.is_claimable] == ["l", "m"]
    assert all(item not in wanted(published("cvq:U09602"), Stage.SIGN_OFF) for item in repeated)


def test_u09602_names_the_element_in_which_the_telephone_is_not_shown():
    content = PUBLISHED["cvq:U09602"]
    [telephone] = [item for item in content.range if item.text == "using the telephone"]
    of_element_2 = {item.position for item in content.performance if item.element == "2"}
    claims = [
        one._replace(evidence=3) if one.kind == "performance" and one.position in of_element_2 else one
        for one in all_claimed("cvq:U09602")
    ]
    claims += [
        claim(item.position, kind="range", evidence=3)
        for item in content.range
        if item.is_tickable and item != telephone
    ]
    assert sentences(published("cvq:U09602", *claims), Stage.SIGN_OFF) == [
        "Range B (ii) using the telephone: not shown for element 2."
    ]


NOT_OBSERVED = (
    "This unit asks for at least 1 observation that an assessor wrote, on a criterion of each of learning outcomes "
    "2 and 3: 0 judged met so far."
)


def test_323_wants_an_observation_and_a_second_kind():
    claims = [one for one in all_claimed("cg:323") if one.evidence_kind != "observation"]
    assert sentences(published("cg:323", *claims), Stage.SIGN_OFF) == [
        NOT_OBSERVED,
        "This unit asks for at least 2 kinds of evidence: 1 judged met so far.",
    ]


def observed(code: str, status=Status.MET, *, evidence=1, author=Capacity.ASSESSOR, kind="observation") -> ClaimFact:
    """A claim on a criterion of 323 from an observation."""
    [item] = [item for item in PUBLISHED["cg:323"].performance if item.code == code]
    return claim(item.position, status, evidence=evidence, evidence_kind=kind, author=author)


@pytest.mark.parametrize(
    ("observations", "is_observed"),
    [
        ([observed("2.1"), observed("3.4")], True),
        ([observed("2.6"), observed("3.1"), observed("1.1", Status.NOT_YET)], True),
        ([observed("2.1"), observed("2.2")], False),  # planned, and not delivered
        ([observed("3.1"), observed("3.2")], False),
        ([observed("1.1")], False),
        ([observed("2.1"), observed("3.1", Status.CLAIMED)], False),
        ([observed("2.1"), observed("3.1", Status.NOT_YET)], False),
        ([observed("2.1"), observed("3.1", Status.PARTLY)], False),
        ([observed("2.1"), observed("3.1", Status.BARRED)], False),
        ([observed("2.1"), observed("3.1", evidence=3)], False),  # two occasions, and neither shows both
        ([observed(code, author=Capacity.CANDIDATE) for code in ("2.1", "3.1")], False),  # their own word
        ([observed(code, kind="professional_discussion") for code in ("2.1", "3.1")], False),
    ],
)
def test_323_is_observed_by_an_assessor_planning_and_delivering_on_one_occasion(observations, is_observed):
    others = [
        one._replace(evidence_kind=kind, evidence=number)
        for one in all_claimed("cg:323")
        for number, kind in ((8, "witness_testimony"), (9, "work_product"))
    ]
    assert sentences(published("cg:323", *others, *observations), Stage.SIGN_OFF) == (
        [] if is_observed else [NOT_OBSERVED]
    )


def test_for_a_submission_an_observation_that_waits_is_enough():
    waiting = [one._replace(status=Status.CLAIMED) for one in all_claimed("cg:323")]
    assert sentences(published("cg:323", *waiting), Stage.SUBMISSION) == []
    not_observed = [one for one in waiting if one.evidence_kind != "observation"]
    assert sentences(published("cg:323", *not_observed), Stage.SUBMISSION)[0].endswith("0 claimed so far.")


# --- For whatever unit ------------------------------------------------------------------------------------

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
