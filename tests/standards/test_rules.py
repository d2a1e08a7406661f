"""The rules of a unit, read from JSON."""

import json

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from record.plain_text import plain_text
from standards.evidence_kinds import EvidenceKind, Setting
from standards.json_reading import is_plain
from standards.unit_rules import UnitRules, faults_of_references, parse_rules

EVERYTHING = {
    "settings": ["real_job", "work_placement"],
    "settings_by_element": {"2": ["simulation"]},
    "observations_at_least": 1,
    "observed_elements": ["2"],
    "kinds_at_least": 2,
    "performance_kinds": ["observation", "witness_testimony"],
    "performance_evidence_only": ["2.1"],
    "minimum_by_performance_evidence": ["2"],
    "knowledge_by": ["questioning"],
    "held_elsewhere": ["minutes of meetings"],
    "statements": ["over a sufficient period of time"],
}

LATER = {"observed_elements", "performance_kinds", "minimum_by_performance_evidence"}

# As `Reading.words` gives them: without control characters, white space normalised.
words = st.text(min_size=1).filter(is_plain).map(lambda text: " ".join(plain_text(text).split())).filter(bool)
any_rules = st.builds(
    UnitRules,
    settings=st.lists(st.sampled_from(Setting), unique=True).map(tuple),
    settings_by_element=st.dictionaries(
        st.text(min_size=1, max_size=5),
        st.lists(st.sampled_from(Setting), unique=True).map(tuple),
        max_size=3,
    ),
    observations_at_least=st.integers(min_value=0, max_value=9999),
    kinds_at_least=st.integers(min_value=0, max_value=11),
    performance_kinds=st.lists(st.sampled_from(EvidenceKind), unique=True).map(tuple),
    minimum_by_performance_evidence=st.lists(words, unique=True).map(tuple),
    knowledge_by=st.lists(st.sampled_from(EvidenceKind), unique=True).map(tuple),
    statements=st.lists(words, unique=True).map(tuple),
)


def faults(raw: object) -> list[str]:
    with pytest.raises(ValidationError) as error:
        parse_rules(raw)
    return error.value.messages


@given(any_rules)
def test_rules_written_and_read_again_are_the_same(rules: UnitRules) -> None:
    assert parse_rules(json.loads(json.dumps(rules.as_json()))) == rules


def test_every_key_of_the_standards_document_is_read_and_written_in_its_order() -> None:
    assert json.dumps(parse_rules(EVERYTHING).as_json()) == json.dumps(EVERYTHING)


def test_a_key_that_came_later_is_written_only_where_it_says_something() -> None:
    """So a revision that was published before is exported as it was."""
    before = {key: value for key, value in EVERYTHING.items() if key not in LATER}
    assert parse_rules(before).as_json() == before
    assert set(parse_rules({}).as_json()) == set(before)


def test_no_rules_say_nothing() -> None:
    assert parse_rules({}) == UnitRules()


def test_every_fault_is_listed_by_its_place() -> None:
    settings = ", ".join(Setting.values)
    assert faults(
        {
            "settings": ["real_job", "moon", "real_job", 3],
            "settings_by_element": {"1": ["mars"], "2": "real_job"},
            "observations_at_least": True,
            "kinds_at_least": -1,
            "observed_elements": ["1", "1"],
            "performance_kinds": ["observation", "hearsay"],
            "performance_evidence_only": [""],
            "minimum_by_performance_evidence": "1",
            "knowledge_by": ["guessing"],
            "held_elsewhere": "minutes",
            "statements": [None],
            "colour": "red",
        }
    ) == [
        "rules.colour: there is no such key",
        "rules.kinds_at_least: give a whole number, 0 or more",
        'rules.knowledge_by[0]: there is no "guessing"; give one of ' + ", ".join(EvidenceKind.values),
        f'rules.settings[1]: there is no "moon"; give one of {settings}',
        'rules.settings[2]: "real_job" twice',
        "rules.settings[3]: give a text",
        f'rules.settings_by_element.1[0]: there is no "mars"; give one of {settings}',
        "rules.settings_by_element.2: give a list",
        "rules.observations_at_least: give a whole number, 0 or more",
        'rules.observed_elements[1]: "1" twice',
        'rules.performance_kinds[1]: there is no "hearsay"; give one of ' + ", ".join(EvidenceKind.values),
        "rules.performance_evidence_only[0]: is empty",
        "rules.minimum_by_performance_evidence: give a list",
        "rules.held_elsewhere: give a list",
        "rules.statements[0]: give a text",
        "rules.observed_elements: say in observations_at_least how many observations",
    ]


@pytest.mark.parametrize("raw", [None, [], "real_job", 1])
def test_rules_that_are_no_object_are_refused(raw: object) -> None:
    assert faults(raw) == ["rules: give an object"]


def test_an_element_or_a_code_that_the_unit_does_not_have_is_a_fault() -> None:
    assert faults_of_references(parse_rules(EVERYTHING), elements={"1"}, codes={"1.1"}) == [
        'rules.settings_by_element.2: the unit has no element "2"',
        'rules.observed_elements[0]: the unit has no element "2"',
        'rules.minimum_by_performance_evidence[0]: the unit has no element "2"',
        'rules.performance_evidence_only[0]: the unit has no criterion "2.1"',
    ]
    assert faults_of_references(parse_rules(EVERYTHING), elements={"2"}, codes={"2.1"}) == []


def test_what_is_said_of_an_element_comes_before_what_is_said_of_the_unit() -> None:
    rules = parse_rules(EVERYTHING)
    assert Setting.REAL_JOB in rules.settings_for("1")
    assert Setting.SIMULATION not in rules.settings_for("1")
    assert rules.settings_for("2") == (Setting.SIMULATION,)
    assert Setting.SIMULATION not in rules.settings_for(None)


def test_performance_evidence_is_what_shows_the_doing_itself_unless_the_unit_says_otherwise() -> None:
    assert set(UnitRules().performance_evidence) == {
        EvidenceKind.OBSERVATION, EvidenceKind.WORK_PRODUCT, EvidenceKind.PHOTO, EvidenceKind.AUDIO,
        EvidenceKind.VIDEO,
    }  # fmt: skip
    named = (EvidenceKind.OBSERVATION, EvidenceKind.WITNESS_TESTIMONY)
    assert parse_rules(EVERYTHING).performance_evidence == named
