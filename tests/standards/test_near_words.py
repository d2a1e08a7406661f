"""Which criteria of different units say nearly the same: by hand, and over the standards that come with Countersign."""

from dataclasses import replace
from itertools import count
from uuid import uuid4

import pytest

from standards.content import RevisionContent, UnitContent
from standards.near_words import nearest, nearness
from tests.standards.test_same_words import CVQ, item, unit_of

KEYS = count(1)


def published(unit: UnitContent) -> RevisionContent:
    criteria = tuple(replace(one, pk=next(KEYS)) for one in unit.criteria)
    return RevisionContent(pk=next(KEYS), uuid=uuid4(), number=1, unit=replace(unit, criteria=criteria))


def near_of(content: RevisionContent, *others: RevisionContent) -> dict[str, str]:
    """By the text of each criterion, that of the nearest."""
    found = nearest(content, [(other, one) for other in others for one in other.unit.claimable])
    return {content.criterion_by_pk[pk].text: criterion.text for pk, (_, criterion) in found.items()}


def test_it_counts_the_words_that_both_have():
    assert nearness({"keep", "good", "records"}, {"keep", "records"}) == 0.8
    assert nearness([], []) == nearness(["a"], ["b"]) == 0.0


@pytest.mark.parametrize(
    ("text", "other", "is_near"),
    [
        ("How to diffuse stressful situations", "How to defuse stressful situations", True),
        ("Deal with the orders of regular customers", "Deal with regular customers and their orders", True),
        ("Tell customers what you have done for them", "Ask a colleague for help", False),
        ("Keep records", "Keep good records", False),  # of so few words, most are soon the same
    ],
)
def test_most_words_are_the_same_in_whatever_order(text, other, is_near):
    found = near_of(published(unit_of(item(1, text))), published(unit_of(item(1, other))))
    assert found == ({text: other} if is_near else {})


def test_the_nearest_is_given_and_doing_is_not_knowing():
    text = "How to defuse stressful situations"
    other = unit_of(
        item(1, "How to defuse some stressful situations"),
        item(2, "How to defuse stressful situations, politely"),
        item(3, "How to defuse the stressful situations"),
        item(1, text, kind="performance"),
    )
    assert near_of(published(unit_of(item(1, text))), published(other)) == {
        text: "How to defuse the stressful situations"
    }


def test_over_the_cvq_it_finds_what_was_spelt_otherwise_and_little_else():
    units = [published(unit) for unit in CVQ]
    pairs = {
        frozenset(pair)
        for one in units
        for pair in near_of(one, *units).items()
        if pair[0].strip(" .") != pair[1].strip(" .")
    }
    assert frozenset({"equal opportunity", "equal opportunities"}) in pairs
    assert len(pairs) < 20
