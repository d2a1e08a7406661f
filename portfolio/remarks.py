"""What people are told of a piece that a unit takes all the same: it may not count as they think. Pure: plain values.

Nothing is refused for it. Whoever claims, signs or judges reads it, and the assessor decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portfolio.models import Capacity
from standards.content import UnitContent
from standards.evidence_kinds import EvidenceKind
from standards.search import beginnings, search_words, searchable

# What a document of the workplace can be marked as; the other kinds are written for the portfolio.
DOCUMENTS = {EvidenceKind.WORK_PRODUCT, EvidenceKind.PHOTO, EvidenceKind.AUDIO, EvidenceKind.VIDEO}


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A sentence on a piece, and the unit's own words on which it rests."""

    sentence: str
    words: tuple[str, ...] = ()


def remarks_on(unit: UnitContent, *, kind: str, title: str, author: str, is_elsewhere: bool) -> list[Remark]:
    """Return what a unit has to say of a piece of this kind and title, written in this capacity.

    `is_elsewhere`: it holds no file, only the place where it is kept.
    """
    found = [
        *(_of_the_place(unit, EvidenceKind(kind), title) if is_elsewhere else ()),
        *_of_the_author(unit, kind, author),
    ]
    return [Remark(sentence=said, words=tuple(unit.rule_words.get(rule, ()))) for rule, said in found]


def _of_the_place(unit: UnitContent, kind: EvidenceKind, title: str) -> Iterator[tuple[str, str]]:
    """323 marks with an asterisk the documents that may stay at the workplace. Most units say nothing of it."""
    allowed = unit.rules.held_elsewhere
    if not allowed:
        return
    if kind not in DOCUMENTS:
        yield (
            "held_elsewhere",
            f"{unit.code} lets only documents of the workplace stay there, and this is marked “{kind.label.lower()}”. "
            "Its file belongs in the portfolio. The assessor decides whether it counts without.",
        )
    elif not any(_names(title, document) for document in allowed):
        yield (
            "held_elsewhere",
            f"{unit.code} lets some documents stay at the workplace, and this description names none of them. Either "
            "its file belongs in the portfolio, or the description should say which of them it is. The assessor "
            "decides whether it counts without a file.",
        )


def _names(title: str, document: str) -> bool:
    """Whether a description names a document, or one of two: "organisational processes and procedures"."""
    said = searchable(title)
    return any(all(word in said for word in beginnings(search_words(part))) for part in document.split(" and "))


def _of_the_author(unit: UnitContent, kind: str, author: str) -> Iterator[tuple[str, str]]:
    if unit.rules.observed_elements and kind == EvidenceKind.OBSERVATION and author != Capacity.ASSESSOR:
        yield (
            "observed_elements",
            f"{unit.code} asks for an observation that an assessor wrote. No assessor wrote this one: it may show "
            "criteria, but it is not the observation that the unit asks for.",
        )
