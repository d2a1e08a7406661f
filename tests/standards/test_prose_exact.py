"""The prose of the fixtures against what was counted in the sources, and some of it word for word.

All of it was found in the sources by a script after it was read, text by text.
"""

import hashlib
from collections import Counter

import pytest
from django.conf import settings

from standards.content import Prose
from standards.fixtures import read_fixtures

PROSE: dict[tuple[str, str], Prose] = {
    fixture.unit: fixture.prose for fixture in read_fixtures(settings.BASE_DIR / "fixtures").prose
}

# Digests of the words, parted by single blanks.
DIGESTS = {
    ("nvq", "B10"): "71a98d3366954f7b",
    ("ocr", "58A"): "90b5753da35d9bed",
    ("cg", "323"): "226aebbcfd43ac10",
    ("cvq", "U12902"): "abfafcbf3d378a4a",
    ("cvq", "U00306"): "c9773e92b4804e91",
    ("nos", "A2"): "de4233c2f00f3c7d",
    ("nos", "C8"): "80578802dcfeb032",
    ("nos", "D19"): "4e9b386fd1b283a6",
}


def words(prose: Prose) -> list[str]:
    """Every word, in its order."""
    paragraphs = [" ".join([one.heading, one.text, *one.items]) for one in prose.paragraphs]
    return " ".join([prose.theme_statement, *paragraphs]).split()


def test_every_word_of_the_sources_is_there() -> None:
    counted: Counter[str] = Counter()
    for (framework, _), prose in PROSE.items():
        counted[framework] += len(words(prose))
    assert counted == {"nvq": 139, "ocr": 193, "cg": 57, "cvq": 1083, "nos": 11_203}


@pytest.mark.parametrize(("framework", "code"), DIGESTS)
def test_it_is_word_for_word(framework: str, code: str) -> None:
    said = " ".join(words(PROSE[framework, code]))
    assert hashlib.sha256(said.encode()).hexdigest().startswith(DIGESTS[framework, code])


def test_what_keeps_people_from_a_unit_is_not_only_folded_away() -> None:
    """Each sentence that speaks of choosing stands apart, so that pages can show it before anybody chooses."""
    for unit, prose in PROSE.items():
        for paragraph in prose.paragraphs:
            for sentence in paragraph.text.split(". "):
                if any(words in sentence for words in ("unit if", "for you if", "for you only if", "chosen this")):
                    assert any(sentence in one for one in prose.for_whom), (unit, sentence)


def test_d19_says_who_must_not_use_it() -> None:
    assert PROSE["nos", "D19"].for_whom == (
        "This unit is for you if you are responsible for reviewing customer service processes.",
        "Do not use this unit if you do not hold that responsibility and do not have the support of those with "
        "authority to make changes.",
    )


def test_the_source_prints_nothing_under_the_heading_of_d10() -> None:
    assert PROSE["nos", "D10"].paragraphs == ()
    assert [ruling.about for ruling in PROSE["nos", "D10"].rulings] == ["what this unit is about"]
