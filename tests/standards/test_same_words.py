"""Which criteria of different units say the same: by hand, and over the standards that come with Countersign."""

from collections import Counter

import pytest
from django.conf import settings

from standards.content import CriterionContent, FrameworkContent, UnitContent
from standards.fixtures import read_fixtures
from standards.same_words import by_words, words_key

FIXTURES = read_fixtures(settings.BASE_DIR / "fixtures")
UNITS = {fixture.content.address: fixture.content for fixture in FIXTURES.units}  # the latest revision comes last
CVQ = [unit for address, unit in UNITS.items() if address.startswith("cvq:")]
[CVQ_LEVEL_2] = [one.content for one in FIXTURES.qualifications if one.content.address == "cvq:CCA010-02"]


def unit_of(*criteria: CriterionContent) -> UnitContent:
    return UnitContent(framework=FrameworkContent(code="x", title="X"), code="X1", title="X", criteria=criteria)


def item(position: int, text: str, kind: str = "knowledge", parent: int | None = None, **said) -> CriterionContent:
    code = str(position)
    return CriterionContent(kind=kind, position=position, code=code, full_code=code, text=text, parent=parent, **said)


# --- By hand ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Plan everything you need.", "plan everything they need"),
        ("What are your customers’ rights?", "What are the customers' rights"),
        ("Health and safety", "  health   and\nsafety;"),
        ("When systems have let you down", "When systems have let them down"),
        ("Up-to-date records", "up to date records"),
        ("A café", "The cafe"),
    ],
)
def test_what_differs_in_case_stops_articles_and_pronouns_alone_says_the_same(one, other):
    assert words_key(one) == words_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Describe the procedures", "Evaluate the procedures"),
        ("Respond when they make comments", "Respond when customers make comments"),
        ("10 minutes", "15 minutes"),
        ("records of customers", "records of a customer"),
        ("what IT is used", "what is used"),
    ],
)
def test_other_words_are_not_the_same(one, other):
    assert words_key(one) != words_key(other)


@pytest.mark.parametrize("text", ["", " … ", "the", "You: your", "?!"])
def test_a_text_of_which_nothing_is_left_is_like_no_other(text):
    assert words_key(text) == ""
    assert by_words(unit_of(item(1, text))) == {}


def test_a_lettered_part_is_compared_with_the_words_that_it_completes():
    how = unit_of(item(1, "How to keep", is_tickable=False), item(2, "records", parent=1))
    law = unit_of(item(1, "The law on", is_tickable=False), item(2, "Records.", parent=1))
    same = unit_of(item(1, "law on:", is_tickable=False), item(2, "your records", parent=1))
    assert not by_words(how).keys() & by_words(law).keys()
    assert by_words(law).keys() == by_words(same).keys()


def test_doing_is_not_knowing_and_what_cannot_be_claimed_is_not_found():
    doing, knowing = unit_of(item(1, "Greet customers", "performance")), unit_of(item(1, "Greet customers"))
    assert not by_words(doing).keys() & by_words(knowing).keys()
    assert by_words(unit_of(item(1, "A heading", is_tickable=False), item(2, "Twin", same_as=1))) == {}


def test_two_criteria_of_one_unit_that_say_the_same_are_both_found():
    [(_, found)] = by_words(unit_of(item(1, "Your records"), item(2, "The records"))).items()
    assert [one.position for one in found] == [1, 2]


# --- Over the standards -------------------------------------------------------------------------------


def test_eleven_questions_stand_in_eight_of_the_nine_units_of_the_cvq():
    assert len(CVQ) == 9
    units = Counter(key for unit in CVQ for key in by_words(unit) if key[0] == "knowledge")
    assert Counter(units.values()) == {1: 69, 2: 1, 7: 1, 8: 11}


def test_more_than_two_fifths_of_the_knowledge_of_an_award_repeat():
    """Items beyond the first of the same words, of all items of five mandatory units and one optional unit."""
    mandatory, optional = CVQ_LEVEL_2.groups
    repeat = {}
    for chosen in optional.units:
        found = Counter(
            key
            for code in (*mandatory.units, chosen)
            for key, items in by_words(UNITS[f"cvq:{code}"]).items()
            for _ in items
            if key[0] == "knowledge"
        )
        repeat[chosen] = (found.total() - len(found), found.total())
    assert repeat == {"U13202": (48, 112), "U13302": (48, 117), "U13402": (48, 115), "U13502": (48, 113)}
    assert all(0.41 <= again / of < 0.43 for again, of in repeat.values())


def test_b10_and_58a_share_21_of_30():
    b10, other = by_words(UNITS["nvq:B10"]), by_words(UNITS["ocr:58A"])
    assert len(b10) == len(other) == 30
    shared = Counter(kind for kind, _, _ in b10.keys() & other.keys())
    assert shared == {"performance": 14, "evidence": 7}  # 58A asks for other knowledge, and words 2.5 otherwise
