"""When the published units are ready: what each one's own text asks for."""

import pytest
from django.conf import settings

from assessments.models import Stage
from assessments.models.status import Status
from assessments.standing.readiness import ClaimFact, UnitFacts, facts_of, in_short, readiness
from portfolio.models import Capacity
from standards.evidence_kinds import EvidenceKind
from standards.fixtures import read_fixtures
from tests.assessments.standing.facts import ALL_SIGNED, claim, sentences, wanted

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
