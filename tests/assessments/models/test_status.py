"""Each way in which a claim can stand has its words, its letter, its shape and its rule, said in one place."""

import json
import re
from html import unescape
from itertools import permutations

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Outcome, Standing, UnitProgress
from assessments.models.status import Status, best, statuses_told
from assessments.standing.progress import FIELDS
from tests.assessments.pages import address, signed_in

STATIC = settings.BASE_DIR / "static"
GRID_CSS = (STATIC / "css" / "grid.css").read_text()
TOKENS_CSS = (STATIC / "css" / "tokens.css").read_text()


def drawn_by(letter: str) -> str:
    """The shape that the grid's style sheet draws for a letter in a cell."""
    for selectors, rules in re.findall(r"([^{}]+)\{([^{}]*)\}", GRID_CSS):
        letters = re.findall(r"\.grid (?:\.|:is\()([^,{]*?(?:, [^)]*)?)\)?,", f"{selectors.strip()},")
        shape = re.search(r'--shape: url\("\.\./img/outcome-(\w+)\.svg"\)', rules)
        if shape and any(letter in re.findall(r"\b\w\b", found) for found in letters):
            return shape[1]
    return ""


@pytest.mark.parametrize("status", Status)
def test_each_has_words_and_a_shape_that_is_there(status):
    assert status.words
    assert status.words == status.label
    assert (STATIC / "img" / f"outcome-{status.shape}.svg").is_file()
    assert f".outcome-{status.shape} {{" in TOKENS_CSS


@pytest.mark.parametrize("status", [status for status in Status if status != Status.EMPTY])
def test_each_has_a_letter_that_the_grid_draws_as_its_shape(status):
    assert re.fullmatch("[a-z]", status.letter)
    assert drawn_by(status.letter) == status.shape
    for name in (".grid td:is(", ".grid thead th:is("):
        drawn = GRID_CSS.partition(name)[2].partition(")")[0]
        assert f".{status.letter}" in drawn.split(", "), name


def test_no_two_are_taken_for_each_other():
    for of in ("words", "letter", "rank"):
        assert len({getattr(status, of) for status in Status}) == len(Status)
    assert Status.EMPTY.letter == ""  # most cells of a grid are empty, and cost four characters


def test_outcomes_are_the_statuses_that_an_assessor_gives_with_the_same_words():
    assert [(outcome.value, str(outcome.label)) for outcome in Outcome] == [
        (status.value, status.words) for status in (Status.MET, Status.PARTLY, Status.NOT_YET)
    ]


def test_the_best_of_several_counts_in_whatever_order():
    assert [*Status] == sorted(Status, key=lambda status: status.rank)
    for one, other in permutations(Status, 2):
        assert best([one, other]) == min(one, other, key=lambda status: status.rank)
    assert best([]) == Status.EMPTY
    assert best(["not_yet", "met"]) is Status.MET  # as the tables have it


@given(st.lists(st.sampled_from(Status), min_size=1), st.sampled_from(Status))
def test_one_more_claim_never_makes_a_criterion_stand_worse(statuses, more):
    assert best([*statuses, more]).rank <= best(statuses).rank


def test_tables_have_room_for_each():
    assert {status for status, _ in Standing._meta.get_field("status").choices or ()} == set(Status.values)
    assert max(map(len, Status.values)) <= (Standing._meta.get_field("status").max_length or 0)
    kept = {field.name for field in UnitProgress._meta.concrete_fields}
    assert set(FIELDS) <= kept


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["grid", "judge"])
def test_scripts_take_them_from_the_page(name, claimed_unit, evidence, assessor):
    more = {"evidence": evidence.uuid} if name == "judge" else {}
    html = signed_in(assessor).get(address(name, claimed_unit, **more)).content.decode()
    found = re.search(r'data-statuses="([^"]*)"', html)
    assert found is not None
    assert json.loads(unescape(found[1])) == statuses_told()
    assert statuses_told().keys() == set(Status.values)
    script = (STATIC / "js" / f"{name}.js").read_text()
    assert "dataset.statuses" in script
    # None of them says the words or names the shapes again. (Who hears of a cell is told in words of its own.)
    assert not re.search("Met in part|Does not count|outcome-met|outcome-partly", script, re.IGNORECASE)
