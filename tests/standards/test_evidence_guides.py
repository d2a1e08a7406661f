"""What each unit's evidence guide says of the kinds of evidence, beside what its rules make of it.

The sentences are the units' own. A kind counts as performance evidence where the guide names it so, and where the
guide does not name it, if it shows the work itself.
"""

import pytest
from django.conf import settings

from standards.content import UnitContent
from standards.evidence_kinds import EvidenceKind
from standards.fixtures import read_fixtures
from standards.in_words import rules_in_words
from standards.parts import parts_of

FIXTURES = read_fixtures(settings.BASE_DIR / "fixtures")
UNITS = {fixture.content.address: fixture.content for fixture in FIXTURES.units}

# By unit: a kind, "+" for performance evidence or "-" for supplementary, and the beginning of the words on it.
GUIDES = """
U09602 | observation             | + | Observation reports by your assessor recording how you create a positive
U09602 | work_product            | + | Copies of your written communications with customers.
U09602 | witness_testimony       | - | Witness testimonies from your manager that provide evidence
U09602 | case_history            | - | Case histories and personal statements which show
U09602 | personal_statement      | - | Case histories and personal statements which show
U09602 | professional_discussion | - | A professional discussion with your assessor
U12902 | observation             | + | Observation reports by your assessor recording how you can consistently
U12902 | witness_testimony       | + | Witness testimonies from your manager or customers which provide evidence
U12902 | work_product            | + | Work place documents/records.
U12902 | case_history            | - | Case histories which describe situations where things have gone wrong
U13002 | observation             | + | Observation reports by your assessor recording how you are able to use
U13002 | witness_testimony       | + | Witness testimonies from managers or colleagues from your own
U13002 | professional_discussion | - | A professional discussion with your assessor
U13002 | case_history            | - | Case histories which describe situations you have dealt with
U13002 | work_product            | - | Copies of records which show customers' loyalty
U13102 | witness_testimony       | + | Witness testimonies from managers or others describing
U13102 | observation             | + | Observation report by your assessor describing
U13102 | case_history            | - | A case history which describes when you noticed
U13102 | professional_discussion | - | A professional discussion with your assessor
U00306 | observation             | + | Observation reports from your assessor
U00306 | photo                   | + | Photographs of yourself at work
U00306 | work_product            | + | Entries made by you into the organisation's incident book.
U00306 | witness_testimony       | - | Witness testimony from customers and line managers
U00306 | personal_statement      | - | Personal statements from yourself describing
U00306 | questioning             | - | Answers to oral or written questions.
U13202 | case_history            | + | Case histories which describe how you have been actively involved
U13202 | work_product            | + | Copies of completed questionnaires of other types of customer feedback
U13202 | witness_testimony       | - | Witness testimonies from managers that provide evidence
U13302 | witness_testimony       | + | Witness testimony from an appropriate person
U13302 | work_product            | + | Copies of appraisals or reviews which relate
U13302 | professional_discussion | + | A professional discussion with your assessor
U13402 | observation             | + | Observation reports from your assessor recording
U13402 | witness_testimony       | + | Witness testimony from an appropriate person
U13402 | case_history            | - | Case histories which describe situations where you have been able
U13402 | work_product            | - | Copies of reports or transaction statistics
U13502 | observation             | + | Observation report by your assessor recording
U13502 | witness_testimony       | + | Witness testimony from an appropriate person
U13502 | work_product            | - | Copies of records of customer information you have collected.
U13502 | professional_discussion | - | A professional discussion with your assessor
"""
NAMED = [[part.strip() for part in line.split("|")] for line in GUIDES.strip().splitlines()]
CODES = list(dict.fromkeys(row[0] for row in NAMED))


def sides(unit: UnitContent) -> dict[str, list[str]]:
    """The entries under "Performance evidence …" and under "Supplementary evidence …"."""
    found: dict[str, list[str]] = {"+": [], "-": []}
    side = ""
    for item in unit.evidence:
        if item.section != "methods":
            continue
        if item.text.endswith("for this unit could include:"):
            side = {"P": "+", "S": "-"}.get(item.text[0], "")
        elif side:
            found[side].append(item.text)
    return found


@pytest.mark.parametrize(("code", "kind", "side", "begins"), NAMED)
def test_a_kind_counts_as_the_guide_names_it(code: str, kind: str, side: str, begins: str) -> None:
    unit = UNITS[f"cvq:{code}"]
    assert any(text.startswith(begins) for text in sides(unit)[side])
    assert (kind in unit.rules.performance_evidence) == (side == "+")
    assert any(words.startswith(begins) for words in unit.rule_words["performance_kinds"])


@pytest.mark.parametrize("code", CODES)
def test_a_kind_that_the_guide_does_not_name_counts_if_it_shows_the_work_itself(code: str) -> None:
    named = {kind for unit, kind, _, _ in NAMED if unit == code}
    counts = set(UNITS[f"cvq:{code}"].rules.performance_kinds)
    assert counts - named == {kind for kind in EvidenceKind if kind.is_performance_evidence} - named


def test_every_unit_of_the_cvq_is_read_and_no_other_framework_speaks_of_it() -> None:
    assert {f"cvq:{code}" for code in CODES} == {address for address in UNITS if address.startswith("cvq:")}
    assert {address for address, unit in UNITS.items() if unit.rules.performance_kinds} == {
        f"cvq:{code}" for code in CODES
    }


def test_what_supplementary_evidence_may_not_cover() -> None:
    """Only U00306 says so: "For all other performance criteria and ranges a combination … can be used"."""
    limited = {
        address: (unit.rules.performance_evidence_only, unit.rules.minimum_by_performance_evidence)
        for address, unit in UNITS.items()
        if unit.rules.performance_evidence_only or unit.rules.minimum_by_performance_evidence
    }
    assert limited == {"cvq:U00306": (("5.2", "5.3", "6.1", "6.2", "6.3"), ("6",))}
    assert (
        "At a minimum, performance evidence must be provided to cover performance criteria 1-3 of Element 6 showing "
        "evidence of dealing with at least one type of security risk; working in two types of customer and staff "
        "areas; and dealing with two types of storage and security facilities."
    ) in [item.text for item in UNITS["cvq:U00306"].evidence]


def test_the_pages_of_u00306_say_what_its_minima_ask_for() -> None:
    said = {rule.heading: rule.items for rule in rules_in_words(UNITS["cvq:U00306"])}
    kinds = "observation, work product, photo, audio recording or video recording"
    assert said[f"Met by performance evidence only ({kinds})"] == ("5.2", "5.3", "6.1", "6.2", "6.3")
    assert said["What is asked for at least, of the range, is shown by performance evidence in"] == (
        "6 Maintain a secure work environment for customers, staff and visitors: Security risks (at least 1), "
        "Customer and staff areas (at least 2), Storage and security facilities (at least 2)",
    )
    notes = {part.heading: part.note for part in parts_of(UNITS["cvq:U00306"]) if part.note}
    assert notes["Customer and staff areas"] == f"At least 2 of these by performance evidence ({kinds})."
    [other] = [part for part in parts_of(UNITS["cvq:U13202"]) if part.note.startswith("At least")]
    assert other.note == "At least 1 of these."


def test_323_says_who_is_to_see_what() -> None:
    unit = UNITS["cg:323"]
    note = (
        "Note: the candidate must be observed at least on one occasion showing competence in organising and "
        "delivering customer service."
    )
    assert any(item.text.startswith(note) for item in unit.evidence)
    assert (unit.rules.observations_at_least, unit.rules.observed_elements) == (1, ("2", "3"))
    titles = {element.number: element.title for element in unit.elements}
    assert titles["2"] == "be able to plan the delivery of customer service"
    assert titles["3"] == "be able to deliver customer service"
    [said] = [rule for rule in rules_in_words(unit) if rule.heading.startswith("The observation is written")]
    assert said.items == (f"2 {titles['2']}", f"3 {titles['3']}")
    assert said.words == (note,)


def test_a_unit_that_says_something_new_has_a_new_number() -> None:
    """So its identifiers are the same where it is the first revision and where it follows an older one."""
    numbers = {fixture.content.address: fixture.number for fixture in FIXTURES.units if fixture.number > 1}
    assert numbers == {"cg:323": 3} | {f"cvq:{code}": 2 for code in CODES}


def test_323_names_what_it_is_related_to() -> None:
    assert [(named.unit, named.words) for named in UNITS["cg:323"].related] == [
        ("nos:B10", "CFACSB10 Organise the delivery of reliable customer service"),
        ("nos:B2", "CFACSB2 Deliver reliable customer service"),
    ]
