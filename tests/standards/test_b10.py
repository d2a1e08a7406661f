"""Unit B10 as the page prints it, transcribed by hand a second time, against what the database holds."""

import pytest

from standards.content import RevisionContent
from standards.evidence_kinds import Setting
from standards.unit_rules import UnitRules

pytestmark = pytest.mark.django_db

ELEMENTS = """
B10.1 Plan and organise the delivery of reliable customer service
B10.2 Review and maintain customer service delivery
B10.3 Use recording systems to maintain reliable customer service
"""

PERFORMANCE = """
B10.1 > B10.1.1
    Plan, prepare and organise everything you need to deliver services or products to different types
    of customers.
B10.1 > B10.1.2
    Organise what you do to ensure that you are consistently able to give prompt attention to your
    customers.
B10.1 > B10.1.3
    Reorganise your work to respond to unexpected additional workloads.
B10.2 > B10.2.1
    Maintain service delivery during very busy periods and unusually quiet periods.
B10.2 > B10.2.2
    Maintain service delivery when systems, people or resources have let you down.
B10.2 > B10.2.3
    Consistently meet your customers' expectations.
B10.2 > B10.2.4
    Balance the time you take with your customers with the demands of other customers seeking your
    attention.
B10.2 > B10.2.5
    Respond appropriately to your customers when they make comments about the products or services you
    are offering.
B10.2 > B10.2.6
    Alert others to repeated comments made by your customers.
B10.2 > B10.2.7
    Take action to improve the reliability of your service based on customer comments.
B10.2 > B10.2.8
    Monitor the action you have taken to identify improvements in the service you give to your customers.
B10.3 > B10.3.1
    Record and store customer service information accurately following organisational guidelines.
B10.3 > B10.3.2
    Select and retrieve customer service information that is relevant, sufficient and in an appropriate
    format.
B10.3 > B10.3.3
    Quickly locate information that will help solve a customer's query.
B10.3 > B10.3.4
    Supply accurate customer service information to others using the most appropriate method of
    communication.
"""

KNOWLEDGE = """
B10a
    Organisational procedures for unexpected situations and your role within them.
B10b
    Resource implications in times of staff sickness and holiday periods and your responsibility at these
    times.
B10c
    The importance of having reliable and fast information for your customers and your organisation.
B10d
    Organisational procedures and systems for delivering customer service.
B10e
    How to identify useful customer feedback and how to decide which feedback should be acted on.
B10f
    How to communicate feedback from customers to others.
B10g
    Organisational procedures and systems for recording, storing, retrieving and supplying customer
    service information.
B10h
    Legal and regulatory requirements regarding the storage of data.
"""

EVIDENCE = """
1
    Your evidence should be collected when carrying out a real job, whether paid or voluntary, and when
    dealing with real customers, whether internal or external to the organisation. Evidence collected in
    a realistic working environment or a work placement is not permissible for this Unit. Simulation is
    not allowed for any performance evidence within this Unit.
2
    You may collect the evidence for the Unit through work in a private sector organisation, a
    not-for-profit organisation or a public services organisation.
3
    You must provide evidence that shows you have done this over a sufficient period of time with
    different customers on different occasions for your assessor to be confident that you are competent.
4
    You need to include evidence that you have dealt with a variety of customers including:
tick 4a
    customers who are easy to deal with
tick 4b
    customers who are difficult to deal with
tick 4c
    existing customers
tick 4d
    new customers.
5
    Your evidence must show that you have:
tick 5a
    taken responsibility for your own actions in the delivery of customer service
tick 5b
    used spontaneous customer feedback to improve customer service
tick 5c
    used customer feedback that you have requested to improve customer service.
6
    The system you use for recording data can be manual or electronic.
"""


def entries(transcription: str) -> list[tuple[str, str]]:
    """Each line at the margin is a head; the indented lines below it are its words."""
    found: list[tuple[str, list[str]]] = []
    for line in transcription.strip().splitlines():
        if line.startswith(" "):
            found[-1][1].append(line.strip())
        else:
            found.append((line, []))
    return [(head, " ".join(words)) for head, words in found]


def test_its_elements_are_those_of_the_page(b10: RevisionContent) -> None:
    assert [f"{row.number} {row.title}" for row in b10.unit.elements] == ELEMENTS.strip().splitlines()
    assert [row.guidance for row in b10.unit.elements] == [("You must consistently:",)] * 3


def test_its_performance_criteria_are_those_of_the_page(b10: RevisionContent) -> None:
    held = [(f"{row.element} > {row.full_code}", row.text) for row in b10.unit.performance]
    assert held == entries(PERFORMANCE)
    assert all(row.is_tickable for row in b10.unit.performance)


def test_its_knowledge_is_that_of_the_page(b10: RevisionContent) -> None:
    assert [(row.full_code, row.text) for row in b10.unit.knowledge] == entries(KNOWLEDGE)
    assert all(row.is_tickable for row in b10.unit.knowledge)


def test_its_evidence_requirements_are_those_of_the_page(b10: RevisionContent) -> None:
    held = [(f"tick {row.full_code}" if row.is_tickable else row.full_code, row.text) for row in b10.unit.evidence]
    assert held == entries(EVIDENCE)


def test_its_lettered_items_know_what_they_are_part_of(b10: RevisionContent) -> None:
    by_position = {row.position: row for row in b10.unit.evidence}
    parts = [(by_position[row.parent].code, row.code) for row in b10.unit.evidence if row.parent]
    assert parts == [("4", "a"), ("4", "b"), ("4", "c"), ("4", "d"), ("5", "a"), ("5", "b"), ("5", "c")]


def test_positions_run_through_all_items_of_a_kind(b10: RevisionContent) -> None:
    for items, number in ((b10.unit.performance, 15), (b10.unit.knowledge, 8), (b10.unit.evidence, 13)):
        assert [row.position for row in items] == list(range(1, number + 1))


def test_it_takes_performance_evidence_from_a_real_job_only(b10: RevisionContent) -> None:
    assert b10.unit.rules == UnitRules(
        settings=(Setting.REAL_JOB,),
        statements=("over a sufficient period of time with different customers on different occasions",),
    )


def test_what_the_assessor_states_is_in_the_words_of_requirement_3(b10: RevisionContent) -> None:
    requirement = next(row for row in b10.unit.evidence if row.full_code == "3")
    assert all(words in requirement.text for words in b10.unit.rules.statements)


def test_every_correction_of_the_source_is_recorded(b10: RevisionContent) -> None:
    about = {ruling.about for ruling in b10.unit.rulings}
    lost_or_displaced = {
        "title", "columns", "headings", "B10.1.2", "B10.1.3", "B10.2.1", "B10.2.2", "B10.2.5", "B10.2.6",
        "B10.2.7", "B10.2.8", "evidence 3",
    }  # fmt: skip
    assert lost_or_displaced <= about
    assert {"rules.settings", "rules.statements"} <= about
