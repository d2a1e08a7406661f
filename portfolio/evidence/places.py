"""Reads which page, or which moment of a recording, a claim's "where to look" means."""

import re
from typing import Literal, NamedTuple

PLACES_AT_MOST = 10
LETTERS_AT_MOST = 2000


class Place(NamedTuple):
    """A page (its number, from 1) or a moment (in seconds from the beginning), and in which file, if that is said."""

    kind: Literal["page", "time"]
    value: int
    file: int | None = None  # which of the piece's files, from 1

    def __str__(self) -> str:
        """Say it as a button: "Page 3", "1:35", "File 2, page 3"."""
        if self.file is not None:
            within = str(self._replace(file=None))
            return f"File {self.file}, {within[:1].lower()}{within[1:]}"
        if self.kind == "page":
            return f"Page {self.value}"
        minutes, seconds = divmod(self.value, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


# A span leads to its beginning; of several pages each is a place. The time of day is no place.
_TO = r"\s*(?:to|until|till|[-–—])\s*"
_NUMBER = r"\d{1,4}(?![\d:])(?!\s*(?:min|sec))"
_SPAN = rf"{_NUMBER}(?:{_TO}{_NUMBER})?"
_CLOCK = r"(?:\d{1,2}:)?\d{1,3}:[0-5]\d(?![\d:]|\s*[ap]\.?m\b)"
_PLACE = re.compile(
    rf"""
    (?: \bfile\s* (?P<file>\d{{1,3}})(?!\d) \s*,?\s* )?
    (?:
      \bp(?:ages?|gs?|p)?\.?\s*  (?P<pages> {_SPAN} (?: \s*(?:,\s*and\b|,|and\b|&)\s* {_SPAN} )* )
    | (?<![\d:.,])  (?P<clock> {_CLOCK} )  (?: {_TO} {_CLOCK} )?
    | \b(?P<minutes>\d{{1,3}})  (?: \s*min(?:ute)?s?\b\.? | m(?=\d) )
      (?: \s*(?:and\s*)?(?P<rest>\d{{1,2}})\s*s(?:ec(?:ond)?s?)?\b )?
    | \b(?P<seconds>\d{{1,4}}) \s*sec(?:ond)?s?\b
    | \bmin(?:ute)?\.?\s* (?P<minute>\d{{1,3}})\b(?![:.]\d)
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIRST_OF_SPAN = re.compile(rf"(\d+)(?:{_TO}\d+)?", re.IGNORECASE)


def places_in(text: str) -> list[Place]:
    """Return the places that a text names, in order, each once: "p. 2, then 0:10 to 0:24" names two."""
    found: dict[Place, None] = {}
    for match in _PLACE.finditer(text[:LETTERS_AT_MOST]):
        found |= dict.fromkeys(_places(match))
    return list(found)[:PLACES_AT_MOST]


def is_one_place(text: str) -> bool:
    """Whether a text names one page or moment and says nothing else: "page 2", not "pages 2 to 4" or "p. 2, top"."""
    match = _PLACE.fullmatch(text.strip(" .,;:"))
    if match is None:
        return False
    if match["pages"]:
        return match["pages"].isdecimal()
    return match["clock"] is None or match.end("clock") == match.end()


def _places(match: re.Match[str]) -> list[Place]:
    file = int(match["file"]) if match["file"] else None
    return [place._replace(file=file) for place in _in_their_file(match)]


def _in_their_file(match: re.Match[str]) -> list[Place]:
    if match["pages"]:
        numbers = [int(number) for number in _FIRST_OF_SPAN.findall(match["pages"])]
        return [Place("page", number) for number in numbers if number]
    if match["clock"]:
        seconds = 0
        for part in match["clock"].split(":"):
            seconds = seconds * 60 + int(part)
        return [Place("time", seconds)]
    if match["minutes"]:
        return [Place("time", int(match["minutes"]) * 60 + int(match["rest"] or 0))]
    return [Place("time", int(match["seconds"] or 0) + 60 * int(match["minute"] or 0))]
