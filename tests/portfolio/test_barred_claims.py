"""Which evidence a unit takes."""

from itertools import product

import pytest

from portfolio.barred_claims import bars_claim, words_of
from standards.content import CriterionContent, ElementContent, FrameworkContent, UnitContent
from standards.evidence_kinds import EvidenceKind, Setting
from standards.unit_rules import UnitRules


def unit_of(*criteria: CriterionContent, rules: UnitRules, **more) -> UnitContent:
    return UnitContent(
        framework=FrameworkContent(code="made-up", title="Made up"),
        code="B10",
        title="A unit",
        rules=rules,
        elements=(
            ElementContent(position=1, number="1", title="Do"),
            ElementContent(position=2, number="2", title="Understand how to", kind="knowledge"),
            ElementContent(position=3, number="3", title="Do more"),
        ),
        criteria=criteria,
        **more,
    )


def criterion(kind="performance", code="1.1", **more) -> CriterionContent:
    return CriterionContent(kind=kind, position=1, code=code, full_code=code, text="Words", **more)


def barred(item: CriterionContent, rules: UnitRules, *, kind="work_product", setting="real_job", **more) -> str:
    bar = bars_claim(
        unit=unit_of(item, rules=rules, **more), criterion=item, kind=kind, setting=setting, is_incomplete=False
    )
    return str(bar or "")


@pytest.mark.parametrize(
    ("kind", "setting", "permitted", "is_barred"),
    [
        ("performance", "simulation", [Setting.REAL_JOB], True),
        ("range", "simulation", [Setting.REAL_JOB], True),
        ("evidence", "simulation", [Setting.REAL_JOB], True),
        ("knowledge", "simulation", [Setting.REAL_JOB], False),
        ("performance", "real_job", [Setting.REAL_JOB], False),
        ("performance", "work_placement", [Setting.REAL_JOB, Setting.WORK_PLACEMENT], False),
        ("performance", "simulation", [], False),  # the unit says nothing
    ],
)
def test_a_setting_bars_what_shows_the_doing_where_the_unit_permits_others(kind, setting, permitted, is_barred):
    reason = barred(criterion(kind), UnitRules(settings=tuple(permitted)), setting=setting)
    assert bool(reason) == is_barred
    if reason:
        assert reason.startswith("B10 takes evidence of this from a real job")
        assert "marked “simulation”" in reason


REAL_JOB_ONLY = UnitRules(settings=(Setting.REAL_JOB,))
# As U00306: what is simulated shows the elements of an emergency, and no other.
BY_ELEMENT = UnitRules(settings=(Setting.REAL_JOB,), settings_by_element={"3": (Setting.REAL_JOB, Setting.SIMULATION)})


def test_settings_differ_from_element_to_element():
    assert barred(criterion(element="1"), BY_ELEMENT, setting="simulation")
    assert not barred(criterion(element="3"), BY_ELEMENT, setting="simulation")


def test_an_outcome_of_the_kind_knowledge_may_be_shown_anywhere():
    assert not barred(criterion(element="2"), REAL_JOB_ONLY, setting="simulation")


@pytest.mark.parametrize(
    ("elements", "is_barred"),
    [(("1",), True), (("3",), False), (("1", "3"), False), (("3", "1"), False), (("1", "2"), False), ((), True)],
)
def test_a_range_item_takes_what_one_of_its_elements_takes(elements, is_barred):
    item = criterion("range", "i", range_elements=elements)
    assert bool(barred(item, BY_ELEMENT, setting="simulation")) == is_barred


@pytest.mark.parametrize("kind", EvidenceKind)
def test_some_criteria_are_met_by_performance_evidence_only(kind):
    rules = UnitRules(performance_evidence_only=("5.2",))
    reason = barred(criterion(code="5.2"), rules, kind=kind)
    assert bool(reason) == (not kind.is_performance_evidence)
    assert not reason or f"marked “{kind.label.lower()}”" in reason
    assert not barred(criterion(code="5.1"), rules, kind=kind)


def test_what_is_performance_evidence_the_unit_says():
    rules = UnitRules(
        performance_evidence_only=("5.2",),
        performance_kinds=(EvidenceKind.OBSERVATION, EvidenceKind.WITNESS_TESTIMONY),
    )
    assert not barred(criterion(code="5.2"), rules, kind="witness_testimony")
    assert barred(criterion(code="5.2"), rules, kind="work_product") == (
        "B10 takes 5.2 from performance evidence (observation or witness testimony) only; this evidence is marked "
        "“work product”."
    )


@pytest.mark.parametrize("kind", EvidenceKind)
def test_some_units_want_knowledge_shown_by_questioning(kind):
    rules = UnitRules(knowledge_by=(EvidenceKind.QUESTIONING,))
    for item in (criterion("knowledge", "1"), criterion(element="2")):
        assert bool(barred(item, rules, kind=kind)) == (kind != EvidenceKind.QUESTIONING)
    assert not barred(criterion(element="1"), rules, kind=kind)


def test_what_bars_a_claim_brings_the_units_own_words():
    words = {"settings": ("Simulation is not allowed.",), "statements": ("Something else.",)}
    unit = unit_of(criterion(), rules=REAL_JOB_ONLY, rule_words=words)
    bar = bars_claim(
        unit=unit, criterion=unit.criteria[0], kind="observation", setting="simulation", is_incomplete=False
    )
    assert bar is not None
    assert bar.words == ("Simulation is not allowed.",)
    assert words_of([bar, None, bar]) == ("Simulation is not allowed.",)


def test_what_the_unit_does_not_speak_of_is_permitted():
    for kind, setting, item in product(EvidenceKind, Setting, (criterion(), criterion("knowledge", "1"))):
        assert not barred(item, UnitRules(), kind=kind, setting=setting)
