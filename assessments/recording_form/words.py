"""How single values read on paper: dates, kinds of evidence, names in any script. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from datetime import date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from printing.characters import code_point

# By hand, because strftime follows the language of the machine that happens to print.
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

LONG = 800  # characters in a row of a table

SMALL_WORDS = ("and", "of", "the", "or")

CAPACITIES = {"candidate": "candidate", "assessor": "assessor", "internal_verifier": "internal verifier"}

# As the source's form has it; the countersignature stands under the same sentence.
SATISFACTION = (
    "The candidate has satisfied the assessor and internal verifier that the performance evidence has been met."
)

# In its place where the verifier released what the sampling plan left out.
NOT_SAMPLED = (
    "Not sampled: plan of {day}. The candidate has satisfied the assessor that the performance evidence has been met."
)

# Invisible characters that reorder what stands around them: a title could change how a date reads.
_REORDERING = {ord(character): None for character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}
_RIGHT_TO_LEFT = {"R", "AL", "AN"}
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def day(value: str) -> str:
    """A date of the record ("2026-11-14") as people write it ("14 Nov 2026")."""
    return _written(date.fromisoformat(value))


def day_of(moment: str, time_zone: str) -> str:
    """The day on which a moment of the record ("2026-11-14T23:30:00Z") fell in the centre's time zone."""
    return _written(datetime.fromisoformat(moment).astimezone(ZoneInfo(time_zone)).date())


def period(first: str | None, last: str | None) -> str:
    """The date or period of an activity; empty when the record has none."""
    if first and last and first != last:
        return f"{day(first)} to {day(last)}"
    return day(first or last or "") if first or last else ""


def kind_of_evidence(kind: str) -> str:
    """ "work_product" as "Work product"; the domain's own word for prior learning is added."""
    words = kind.replace("_", " ").capitalize()
    return f"{words} (RPL)" if kind == "prior_learning" else words


def headline(words: str) -> str:
    """A heading as the source's form prints it: "Knowledge and understanding" as "Knowledge and Understanding"."""
    return " ".join(word if word in SMALL_WORDS else word[:1].upper() + word[1:] for word in words.split())


def lettered(parent: str, code: str) -> str:
    """The printed code of a lettered item: requirement 4, item a is "4a"; B10a, item i is "B10a.i"."""
    if not parent or code.startswith(parent):
        return code
    return f"{parent}.{code}" if parent[-1].isalpha() else f"{parent}{code}"


def isolated(text: str) -> str:
    """The text fenced off, if it has right-to-left letters, so that it cannot reorder its neighbours."""
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text


def is_long(*words: str) -> bool:
    """Whether a row with these words may go on on the next page: one longer than a page would lose its heads."""
    return sum(map(len, words)) > LONG


def initials(name: str) -> str:
    """The first letter of each word of a name: "MAO" of "Mary-Ann O’Neill". A name without letters stays whole."""
    found: list[str] = []
    for word in re.split(r"[\s-]+", unicodedata.normalize("NFC", name)):
        letters = (character for character in word if unicodedata.category(character).startswith("L"))
        found.extend(letter.upper() for letter in islice(letters, 1))
    joined = any(unicodedata.bidirectional(letter) == "AL" for letter in found)  # letters that would become a word
    return isolated((" " if joined else "").join(found) or name)


def initials_of(people: dict[str, str]) -> dict[str, str]:
    """The initials of each of these names, by who it is; the whole name where two have the same initials."""
    short = {who: initials(name) for who, name in people.items()}
    often = Counter(short.values())
    return {who: short[who] if often[short[who]] == 1 else isolated(name) for who, name in people.items()}


def described(character: str) -> str:
    """A character's number and name: "U+1F600 (grinning face)"."""
    name = unicodedata.name(character, "").lower()
    return f"{code_point(character)} ({name})" if name else code_point(character)


def printable(document: Any, unprintable: Collection[str]) -> Any:
    """The document with each character that no font has written as its number, "[U+1F600]".

    Also drops the invisible characters that reorder text; everything else stays as it is.
    """
    replacements: dict[int, str | None] = dict(_REORDERING)
    replacements.update({ord(character): f"[{code_point(character)}]" for character in unprintable})

    def through(value: Any) -> Any:
        if isinstance(value, str):
            return value.translate(replacements)
        if isinstance(value, list):
            return [through(item) for item in value]
        if isinstance(value, dict):
            return {name: through(item) for name, item in value.items()}
        return value

    return through(document)


def characters_of(document: Any) -> set[str]:
    """Every character that stands in a value of the document."""
    if isinstance(document, str):
        return set(document)
    values = document.values() if isinstance(document, dict) else document
    if isinstance(document, list | dict):
        return set().union(*(characters_of(value) for value in values))
    return set()


def _written(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
