"""What a criterion is called in a sentence and over a column, so that no two of a unit sound the same. Pure.

Codes are the unit's own, and they repeat: U00306 has a range category A in each of its elements, U09602 a
knowledge item 1 and a performance criterion 1.1. So the name gives the kind before a code that does not show it,
and the element after a letter that is used again.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TypeVar

from standards.content import CriterionContent, RevisionContent, UnitContent
from standards.in_words import part_names
from standards.models import Criterion

CriterionKey = tuple[str, int]  # kind and position
K = TypeVar("K")


@dataclass(frozen=True, kw_only=True)
class Name:
    """The name of a criterion in parts: "range", "B (ii)", "element 2". `kind` and `where` may be empty."""

    kind: str
    code: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.code}".strip() + (f" of {self.where}" if self.where else "")


def codes_apart(units: Mapping[K, tuple[str, str]]) -> dict[K, str]:
    """Return what each unit is called for short: its code, or "B10 (NVQ)" if two of them share a code.

    `units` are codes of units and of their frameworks, under any key.
    """
    shared = Counter(code for code, _ in units.values())
    return {
        key: f"{code} ({framework.upper()})" if shared[code] > 1 else code for key, (code, framework) in units.items()
    }


def unit_names(unit: UnitContent) -> dict[CriterionKey, Name]:
    """Return what each criterion of a unit is called, by its kind and position."""
    return names_of(unit.criteria, element_word=element_word(unit))


@lru_cache(maxsize=256)
def names_in(content: RevisionContent) -> dict[CriterionKey, Name]:
    """Return the same for a published revision, worked out once."""
    return unit_names(content.unit)


def element_word(unit: UnitContent) -> str:
    """Return what the unit calls its elements: "element", "learning outcome"."""
    return part_names(unit.framework.code).element.lower()


def names_of(criteria: Collection[CriterionContent], *, element_word: str = "element") -> dict[CriterionKey, Name]:
    """Return the name of every criterion of a unit by its kind and position."""
    parents = {(item.kind, item.position): item for item in criteria if item.parent is None}
    letters = Counter(item.code for item in parents.values() if item.kind == Criterion.Kind.RANGE)
    letters_repeat = any(count > 1 for count in letters.values())

    def name(item: CriterionContent) -> Name:
        parent = parents.get((item.kind, item.parent)) if item.parent is not None else None
        code = item.full_code or str(item.position)
        match item.kind:
            case Criterion.Kind.KNOWLEDGE:
                return Name(kind="knowledge" if code[0].isdigit() else "", code=code)
            case Criterion.Kind.RANGE:
                category = parent or item
                return Name(
                    kind="range",
                    code=f"{parent.code} ({item.code})".strip() if parent else code,
                    where=elements_in_words(category.range_elements, element_word) if letters_repeat else "",
                )
            case Criterion.Kind.EVIDENCE:
                return Name(kind="" if code[0].isdigit() and parent else "evidence", code=code)
            case _:
                return Name(kind="", code=code)

    return {(item.kind, item.position): name(item) for item in criteria}


def elements_in_words(numbers: Collection[str], word: str) -> str:
    """Return "element 2" or "elements 4 and 5"; empty if there are none."""
    if not numbers:
        return ""
    *before, last = numbers
    return f"{word}s {', '.join(before)} and {last}" if before else f"{word} {last}"


def listed_in_short(criteria: Iterable[CriterionContent], names: Mapping[CriterionKey, Name]) -> str:
    """Return the names, with runs shortened: "1.1 to 1.7, 2.3; range A (i) to (iv) of element 2".

    A run is three or more that follow one another in their element or under their heading.
    """

    def head(item: CriterionContent) -> tuple[str, str]:
        name = names[item.kind, item.position]
        return name.kind, name.where

    said: list[str] = []
    before = ""
    for (kind, where), found in groupby(criteria, key=head):
        runs = ", ".join(_runs(list(found), names))
        lead = f"{kind} " if kind and kind != before else ""
        said.append(f"{lead}{runs} of {where}" if where else f"{lead}{runs}")
        before = kind
    return "; ".join(said)


def _runs(items: list[CriterionContent], names: Mapping[CriterionKey, Name]) -> Iterable[str]:
    """Gather what is at consecutive positions under the same heading."""
    numbered = enumerate(items)
    for _, found in groupby(numbered, key=lambda pair: (*_under(pair[1]), pair[1].position - pair[0])):
        run = [item for _, item in found]
        codes = [names[item.kind, item.position].code for item in run]
        if len(run) < 3:
            yield from codes
        else:
            # The last name of a run need not repeat the letter: "B (i) to (vii)".
            last = f"({run[-1].code})" if codes[-1].endswith(f" ({run[-1].code})") else codes[-1]
            yield f"{codes[0]} to {last}"


def _under(item: CriterionContent) -> tuple[str, str | None, int | None]:
    return item.kind, item.element, item.parent
