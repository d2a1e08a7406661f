"""Every unit of the fixtures against what was counted in the sources, and against the places that are torn there.

The words themselves are two readings that agree; here are the counts and codes of a third look, and the
corrections that each cost a ruling.
"""

import re
import string

import pytest
from django.conf import settings

from standards.content import CriterionContent, UnitContent
from standards.evidence_kinds import EvidenceKind, Setting
from standards.fixtures import read_fixtures
from standards.unit_rules import faults_of_references

FIXTURES = read_fixtures(settings.BASE_DIR / "fixtures")
UNITS = {fixture.content.address: fixture.content for fixture in FIXTURES.units}

# Criteria of each element; knowledge items and sub-items; range categories and items; evidence entries and items.
COUNTED = """
cg:323       | 6 6 4            |   0  0 |  0  0 | 33  0
cvq:U00306   | 7 7 5 8 6 7      |  29  0 | 17 44 | 15  0
cvq:U09602   | 7 5 4            |  13  4 |  3 14 | 22 13
cvq:U12902   | 4 5 3            |  13  4 |  4 13 | 11  6
cvq:U13002   | 4 4 4            |  17  4 |  3  7 | 15  6
cvq:U13102   | 5 5 6            |  13  4 |  4 17 | 17 10
cvq:U13202   | 5 7              |  12  4 |  2  5 | 16  7
cvq:U13302   | 4 4 4            |  17  4 |  2  8 | 12  4
cvq:U13402   | 4 4 5            |  15  4 |  2  4 | 12  5
cvq:U13502   | 5 7              |  13  4 |  3  8 | 15  4
nos:F1       | 3 3              |  16  0 |  0  0 |  0  0
nos:F2       | 5 5              |  10  0 |  0  0 |  0  0
nos:F3       | 3 3              |  19  0 |  0  0 |  0  0
nos:F4       | 3 3              |  11  0 |  0  0 |  0  0
nos:F5       | 5 4              |  20  0 |  0  0 |  0  0
nos:F6       | 4 3              |  14  0 |  0  0 |  0  0
nos:A1       | 8 6              |   6  0 |  0  0 |  0  0
nos:A2       | 4 5              |   9  0 |  0  0 |  0  0
nos:A3       | 10               |  12  0 |  0  0 |  0  0
nos:A4       | 7 5 4            |   5  0 |  0  0 |  0  0
nos:A5       | 4 4 5            |   6  0 |  0  0 |  0  0
nos:A6       | 3 2 3            |   7  0 |  0  0 |  0  0
nos:A7       | 7 5              |   5  0 |  0  0 |  0  0
nos:A8       | 7 6              |   7  0 |  0  0 |  0  0
nos:A9       | 5 5 5            |   7  0 |  0  0 |  0  0
nos:A10      | 8 6              |   9  0 |  0  0 |  0  0
nos:A11      | 5 4 11           |  12  0 |  0  0 |  0  0
nos:A12      | 4 5 6            |   9  0 |  0  0 |  0  0
nos:A13      | 5 7 5            |   8  0 |  0  0 |  0  0
nos:A14      | 4 8              |   8  0 |  0  0 |  0  0
nos:A15      | 4 4 4            |   5  0 |  0  0 |  0  0
nos:A16      | 8 6              |   8  0 |  0  0 |  0  0
nos:A17      | 5 7              |   9  0 |  0  0 |  0  0
nos:A18      | 6 7              |   9  0 |  0  0 |  0  0
nos:B1       | 8                |   8  0 |  0  0 |  0  0
nos:B2       | 3 6 3            |   5  0 |  0  0 |  0  0
nos:B3       | 9 11             |   5  0 |  0  0 |  0  0
nos:B4       | 6 4              |   8  0 |  0  0 |  0  0
nos:B5       | 6 9              |   6  0 |  0  0 |  0  0
nos:B6       | 6 7              |   8  0 |  0  0 |  0  0
nos:B7       | 5 9              |   9  0 |  0  0 |  0  0
nos:B8       | 5 5              |   6  0 |  0  0 |  0  0
nos:B9       | 6 6              |   6  0 |  0  0 |  0  0
nos:B10      | 3 8 4            |   8  0 |  0  0 |  0  0
nos:B11      | 3 6 4            |   4  0 |  0  0 |  0  0
nos:B12      | 5 8              |   9  0 |  0  0 |  0  0
nos:B13      | 4 8 5            |  10  0 |  0  0 |  0  0
nos:B14      | 3 6              |   8  0 |  0  0 |  0  0
nos:B15      | 4 5              |   9  0 |  0  0 |  0  0
nos:B16      | 5 6              |   6  0 |  0  0 |  0  0
nos:C1       | 4 6              |  10  0 |  0  0 |  0  0
nos:C2       | 3 5 5            |   8  0 |  0  0 |  0  0
nos:C3       | 5 5 6            |   5  0 |  0  0 |  0  0
nos:C4       | 7 10             |  10  0 |  0  0 |  0  0
nos:C5       | 7 3 4            |   4  0 |  0  0 |  0  0
nos:C6       | 7 5              |   6  0 |  0  0 |  0  0
nos:C7       | 3 8              |  12  0 |  0  0 |  0  0
nos:C8       | 4 4 6            |  11  0 |  0  0 |  0  0
nos:D1       | 3 3 5            |   9  0 |  0  0 |  0  0
nos:D2       | 5 6 2            |   4  0 |  0  0 |  0  0
nos:D3       | 3 4 4            |   8  0 |  0  0 |  0  0
nos:D4       | 6 6              |   7  0 |  0  0 |  0  0
nos:D5       | 5 8 5            |   8  0 |  0  0 |  0  0
nos:D6       | 6 7              |   7  0 |  0  0 |  0  0
nos:D7       | 4 9              |   8  0 |  0  0 |  0  0
nos:D8       | 6 2 4            |   5  0 |  0  0 |  0  0
nos:D9       | 4 4 5            |   4  0 |  0  0 |  0  0
nos:D10      | 5 3 5            |   9  0 |  0  0 |  0  0
nos:D11      | 5 4 3            |   8  0 |  0  0 |  0  0
nos:D12      | 6 5 6            |  10  0 |  0  0 |  0  0
nos:D13      | 5 6 5            |  10  0 |  0  0 |  0  0
nos:D14      | 5 4 3            |  12  0 |  0  0 |  0  0
nos:D15      | 5 6              |   8  0 |  0  0 |  0  0
nos:D16      | 6 6 5            |   8  0 |  0  0 |  0  0
nos:D17      | 6 6              |   3  0 |  0  0 |  0  0
nos:D18      | 5 7 5            |   7  0 |  0  0 |  0  0
nos:D19      | 4 6 5            |   7  0 |  0  0 |  0  0
nos:D20      | 8 6              |   7  0 |  0  0 |  0  0
nvq:B10      | 3 8 4            |   8  0 |  0  0 |  6  7
ocr:58A      | 3 8 4 8          |   0  0 |  0  0 |  7  7
"""

# Codes that the source itself skips; each has a ruling.
SKIPPED = {"nos:F5": "F5p", "nos:C1": "C1f", "nos:D6": "D6.2.2"}

# Where the source is torn, mistyped or out of order: what stands there now.
PUT_RIGHT_TEXT = """
nos:A1 A1f
    that people are different and have different expectations for many reasons such as their age,
    culture and personality
nos:A4 A4.3.4
    explain clearly to your customers any reasons why their expectations cannot be met
nos:F2 F2.2.5
    work in a way that shows you are aware of the main external regulations that apply to your job
    and the things you must not
nos:D18 D18g
    ways to review and adjust customer service delivery after the implementation of changes
nos:C1 C1g
    what customers normally expect
cvq:U00306 5.2
    Customers, staff and visitors are made aware of all hazards and potential hazards in accordance
    with the organisational procedures.
cvq:U00306 4.1
    In the event of an accident, basic first aid is performed following recommended procedures.
cvq:U09602 1.7
    Adapt your behaviour to respond effectively to different customer behaviour.
cvq:U13502 1.5
    Store customer service information where it is accessible to those who need it.
ocr:58A 1.2
    Organise what they do to ensure that they are consistently able to give prompt attention to your
    customers
ocr:58A 4.8
    Explain the legal and regulatory requirements regarding the storage of data
cg:323 1.6
    explain how to analyse the "customer journey".
cg:323 2.3
    confirm that systems and structures are in place to enable the delivery of agreed standards of
    customer service
"""
PUT_RIGHT = {
    (place.split()[0], place.split()[1]): " ".join(text.split())
    for place, text in re.findall(r"^(\S+ \S+)\n((?: {4}.*\n)+)", PUT_RIGHT_TEXT, re.MULTILINE)
}


def top(criteria: tuple[CriterionContent, ...]) -> list[CriterionContent]:
    return [item for item in criteria if item.parent is None]


def counted(unit: UnitContent) -> list[str]:
    kinds = (unit.knowledge, unit.range, unit.evidence)
    return [
        " ".join(str(len(criteria)) for _, criteria in unit.by_element),
        *(f"{len(top(kind))} {len(kind) - len(top(kind))}" for kind in kinds),
    ]


@pytest.mark.parametrize("line", COUNTED.strip().splitlines(), ids=lambda line: line.split()[0])
def test_a_unit_has_as_many_parts_as_its_source(line: str) -> None:
    address, *numbers = (" ".join(cell.split()) for cell in line.split("|"))
    assert counted(UNITS[address]) == numbers


def test_every_unit_of_the_sources_is_there_and_no_other() -> None:
    assert set(UNITS) == {line.split()[0] for line in COUNTED.strip().splitlines()}
    suites = {
        letter: sum(1 for unit in UNITS.values() if unit.framework.code == "nos" and unit.suite == letter)
        for letter in "FABCD"
    }
    assert suites == {"F": 6, "A": 18, "B": 16, "C": 8, "D": 20}  # fmt: skip


@pytest.mark.parametrize("address", UNITS)
def test_codes_run_in_order_and_stand_once(address: str) -> None:
    unit, skipped = UNITS[address], SKIPPED.get(address, "")
    for element, criteria in unit.by_element:
        expected = (f"{element.number}.{number}" for number in range(1, 99))
        wanted = [code for code, _ in zip((code for code in expected if code != skipped), criteria, strict=False)]
        assert [item.code for item in criteria] == wanted
    codes = [item.code for item in top(unit.knowledge)]
    if unit.framework.code in {"nos", "nvq"}:
        letters = (f"{unit.code}{letter}" for letter in string.ascii_lowercase)
        assert codes == [code for code, _ in zip((one for one in letters if one != skipped), codes, strict=False)]
    else:
        assert codes == [str(number) for number in range(1, len(codes) + 1)]
    assert not skipped or any(skipped in ruling.about for ruling in unit.rulings)


@pytest.mark.parametrize(("address", "code"), PUT_RIGHT, ids=lambda value: value)
def test_a_place_that_the_source_tears_reads_whole(address: str, code: str) -> None:
    assert [item.text for item in UNITS[address].criteria if item.code == code] == [PUT_RIGHT[address, code]]


@pytest.mark.parametrize("address", UNITS)
def test_no_trace_of_the_extraction_is_left(address: str) -> None:
    unit = UNITS[address]
    texts = [unit.title, *(item.text for item in unit.criteria)]
    texts += [text for element in unit.elements for text in (element.title, *element.guidance)]
    for text in texts:
        assert text == " ".join(text.split())
        assert not re.search(r"\*\*|<|>|•|\ufffd|&\w+;|\(continued\)", text), text
        assert not re.match(r"[-–] |[a-f]?\d+\.\d+", text), text


@pytest.mark.parametrize("address", UNITS)
def test_rules_name_what_the_unit_has_and_the_words_they_rest_on(address: str) -> None:
    unit = UNITS[address]
    numbers = {element.number for element in unit.elements}
    assert faults_of_references(unit.rules, elements=numbers, codes={item.full_code for item in unit.criteria}) == []
    said = {rule for rule, value in unit.rules.as_json().items() if value}
    if unit.framework.code != "nvq":  # its rulings quote them
        assert set(unit.rule_words) == said
    for item in unit.performance:
        assert all(words in item.text for words in item.emphasis)
    assert len(unit.purpose.split()) <= 30


@pytest.mark.parametrize("address", UNITS)
def test_a_requirement_that_repeats_a_range_item_has_its_words(address: str) -> None:
    unit = UNITS[address]
    ranges = {item.position: item for item in unit.range}
    for item in unit.evidence:
        if item.same_as is not None:
            repeated = ranges[item.same_as]
            assert repeated.is_tickable
            assert item.is_tickable
            assert set(words(repeated.text)) & set(words(item.text))


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]{4,}", text.lower())


def test_the_units_own_rules() -> None:
    """What the sources demand, each from its own unit's page."""
    everywhere = (Setting.REAL_JOB, Setting.REALISTIC_ENVIRONMENT, Setting.WORK_PLACEMENT)
    settings_of = {address: unit.rules.settings for address, unit in UNITS.items() if unit.rules.settings}
    assert settings_of == {
        "nvq:B10": (Setting.REAL_JOB,),
        "ocr:58A": (Setting.REAL_JOB,),
        "cvq:U00306": everywhere,
        "cvq:U09602": everywhere,
        **{f"cvq:{code}": (Setting.REAL_JOB,)
           for code in ("U12902", "U13002", "U13102", "U13202", "U13302", "U13402", "U13502")},
    }  # fmt: skip
    safety = UNITS["cvq:U00306"].rules
    assert dict(safety.settings_by_element) == dict.fromkeys("234", (*everywhere, Setting.SIMULATION))
    assert safety.performance_evidence_only == ("5.2", "5.3", "6.1", "6.2", "6.3")
    assert safety.knowledge_by == (EvidenceKind.QUESTIONING,)
    minimums = {(item.code, *item.range_elements): item.minimum for item in UNITS["cvq:U00306"].range if item.minimum}
    assert minimums == {("A", "6"): 1, ("B", "6"): 2, ("C", "6"): 2}
    assert [item.minimum for item in UNITS["cvq:U13202"].range if item.minimum] == [1]
    guilds = UNITS["cg:323"].rules
    assert (guilds.observations_at_least, guilds.kinds_at_least, len(guilds.statements)) == (1, 2, 1)
    assert "rotas" in guilds.held_elsewhere
    assert "appraisal" not in guilds.held_elsewhere


def test_the_knowledge_outcome_of_58a_may_be_shown_anywhere() -> None:
    unit = UNITS["ocr:58A"]
    assert [element.kind for element in unit.elements] == ["performance"] * 3 + ["knowledge"]
    assert Setting.SIMULATION not in unit.rules.settings_for("1")
    assert unit.rules.settings_for("4") == ()  # any
    assert unit.rules.statements == UNITS["nvq:B10"].rules.statements


@pytest.mark.parametrize("address", [address for address in UNITS if address.startswith("nos:")])
def test_a_national_standard_gates_nothing_and_leads_in_with_its_own_words(address: str) -> None:
    unit = UNITS[address]
    assert not any(unit.rules.as_json().values())
    assert (unit.level, unit.credit, unit.glh) == (None, None, None)
    [lead_in] = unit.elements[0].guidance
    assert re.fullmatch(r"(When you|To develop|To support) .* (you must consistently|you are able to):?", lead_in)
    assert all(element.guidance == () for element in unit.elements[1:])


def test_the_qualification_has_five_mandatory_units_and_one_of_four() -> None:
    [fixture] = FIXTURES.qualifications
    qualification = fixture.content
    assert (qualification.code, qualification.level, qualification.minimum_units) == ("CCA010-02", 2, 6)
    assert [(group.name, group.choose, len(group.units)) for group in qualification.groups] == [
        ("Mandatory", 5, 5),
        ("Optional", 1, 4),
    ]
    assert {f"cvq:{code}" for group in qualification.groups for code in group.units} == {
        address for address in UNITS if address.startswith("cvq:")
    }
