"""What people are told of a piece that a unit takes all the same: it may not count as they think. Pure: plain values.

Nothing is refused for it. Whoever claims, signs or judges reads it, and the assessor decides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portfolio.models import Capacity
from standards.content import UnitContent
from standards.evidence_kinds import EvidenceKind
from standards.search import beginnings, search_words, searchable

# What a document of the workplace can be marked as; the other kinds are written for the portfolio.
DOCUMENTS = {EvidenceKind.WORK_PRODUCT, EvidenceKind.PHOTO, EvidenceKind.AUDIO, EvidenceKind.VIDEO}


# Of a witness; from docs/contributors/domain.md, "What witnesses give".
FAMILY = "The witness is a member of the family: the assessor decides what their word is worth."


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A sentence on a piece, and the unit's own words on which it rests."""

    sentence: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AgeAsked:
    """How old evidence may be at a centre without a remark: in months before a day; None for as old as it likes."""

    months: int | None
    before: date
    is_submitted: bool  # whether that is the day of the submission, and not today


def remarks_on(
    unit: UnitContent, *, kind: str, title: str, author: str, is_elsewhere: bool, happened: date, age: AgeAsked
) -> list[Remark]:
    """Return what a unit and its centre have to say of a piece of this kind and title, written in this capacity.

    `is_elsewhere`: it holds no file, only the place where it is kept. `happened`: the last day of what it shows.
    """
    found = [
        *_of_the_age(happened, age),
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


def _of_the_age(happened: date, age: AgeAsked) -> Iterator[tuple[str, str]]:
    if age.months is None or not _is_older(happened, months=age.months, before=age.before):
        return
    months = "a month" if age.months == 1 else f"{age.months} months"
    since = "before the unit was submitted" if age.is_submitted else "ago"
    yield (
        "",
        f"This happened on {happened.day} {happened:%B %Y}, more than {months} {since}. The centre asks for newer "
        "evidence: the assessor decides whether it is still current.",
    )


def _is_older(happened: date, *, months: int, before: date) -> bool:
    """Whether a day lies more than so many months before another; the same day of the month is not more."""
    return (before.year * 12 + before.month, before.day) > (happened.year * 12 + happened.month + months, happened.day)


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
