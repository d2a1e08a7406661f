"""Finds the headings and lists in what a person wrote in the page.

A line that begins with "# " is a heading, one that begins with "- " or "1. " an item of a list. All else is
paragraphs, parted by empty lines. It reads well as plain text too, and nothing else means anything.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

_HEADING = re.compile(r"#[ \t]+(?P<words>\S.*)")
# "•" is what a list of Word brings when it is pasted. The number is kept: "12. March" must not become "1. March".
_ITEM = re.compile(r"[ \t]*(?:(?P<number>[1-9][0-9]{0,2})\.|[-*•])[ \t]+(?P<words>\S.*)")


class PartKind(StrEnum):
    """What a part of a written text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    NUMBERED = "numbered"


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of a list, without its mark; `number` is the one that was typed, 0 in a list without numbers."""

    words: str
    number: int = 0


@dataclass(frozen=True, kw_only=True)
class WrittenPart:
    """A heading or a paragraph, with its `words`; or a list, with its `items`."""

    kind: PartKind
    words: str = ""
    items: tuple[Item, ...] = ()

    @property
    def direction(self) -> str:
        """In which direction it is read, a list like its first item, as an attribute of HTML."""
        return direction_of(self.words or self.items[0].words)


def direction_of(words: str) -> str:
    """Return "rtl" if the first letter belongs to a script that is read from the right, else "ltr".

    It is what browsers make of `dir="auto"`, which paper does not know.
    """
    letters = (unicodedata.bidirectional(character) for character in words)
    return "rtl" if next((one for one in letters if one in {"L", "R", "AL"}), "L") != "L" else "ltr"


def written_parts(text: str) -> tuple[WrittenPart, ...]:
    """Return the parts of a plain text (see `record.plain_text`) in their order; the lines of a paragraph are kept."""
    parts: list[WrittenPart] = []
    items: list[Item] = []
    paragraph: list[str] = []

    def end_list() -> None:
        if items:
            kind = PartKind.NUMBERED if items[0].number else PartKind.LIST
            parts.append(WrittenPart(kind=kind, items=tuple(items)))
            items.clear()

    def end_paragraph() -> None:
        if paragraph:
            parts.append(WrittenPart(kind=PartKind.PARAGRAPH, words="\n".join(paragraph)))
            paragraph.clear()

    for line in text.split("\n"):
        if found := _ITEM.match(line):
            item = Item(words=found["words"], number=int(found["number"] or 0))
            end_paragraph()
            if items and bool(items[0].number) != bool(item.number):
                end_list()
            items.append(item)
        elif not line.strip():
            end_paragraph()  # but empty lines may stand between the items of a list
        elif found := _HEADING.match(line):
            end_paragraph()
            end_list()
            parts.append(WrittenPart(kind=PartKind.HEADING, words=found["words"]))
        else:
            end_list()
            paragraph.append(line)
    end_paragraph()
    end_list()
    return tuple(parts)
