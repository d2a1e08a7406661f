"""Looks at a print as at a picture: whether a person who has it in hand would miss something.

It knows nothing of how the print was made, so that what went wrong there shows here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont

MARGIN = 15.0  # points at each edge that an office printer leaves white
DRAWN = re.compile(rb"/(\S+) [\d.]+ Tf|<((?:[0-9a-f]{4})+)>")  # a font is taken; glyphs are drawn, by four digits each


@dataclass(frozen=True, kw_only=True)
class Tables:
    """What tells that a page has rows of a table: `marks`, each a character, under a head with the word `head`.

    What stands lower than `foot`, in points, is at the foot of the page and in no table.
    """

    marks: str
    head: str
    foot: float


def found_in(pdf: bytes, tables: Tables | None = None) -> list[str]:
    """Return what is wrong with a print, in sentences that quote nothing of it; empty if it is whole.

    Raises what the readers of PDFs raise for what is none.
    """
    import pikepdf  # noqa: PLC0415 - only where something is looked at
    import pypdfium2  # noqa: PLC0415

    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            text = page.get_textpage()
            if _is_cut(text, *page.get_size()):
                found.append(f"On page {number}, words stand outside what a printer prints.")
            if tables and not _has_heads(text, tables):
                found.append(f"On page {number}, rows stand without the heads of their columns.")
    with pikepdf.open(BytesIO(pdf)) as opened:
        fonts: dict[str, int] = {}
        for number, leaf in enumerate(opened.pages, 1):
            if any(glyph == 0 or glyph >= there for glyph, there in _glyphs(leaf, fonts)):
                found.append(f"On page {number}, a character is printed as an empty box.")
    return found


def _is_cut(text: Any, width: float, height: float) -> bool:
    boxes = (text.get_rect(place) for place in range(text.count_rects()))
    return any(
        left < MARGIN or bottom < MARGIN or right > width - MARGIN or top > height - MARGIN
        for left, bottom, right, top in boxes
    )


def _has_heads(text: Any, tables: Tables) -> bool:
    """Whether the highest mark on a page stands under a head. Only a table that goes on there could have lost it."""
    marks = [bottom for mark in tables.marks for bottom in _bottoms(text, mark) if bottom > tables.foot]
    return not marks or any(bottom > max(marks) for bottom in _bottoms(text, tables.head))


def _bottoms(text: Any, words: str) -> Iterator[float]:
    """How high above the foot of the page these words stand, wherever they do."""
    search = text.search(words, match_case=True, match_whole_word=len(words) > 1)
    while found := search.get_next():
        yield text.get_charbox(found[0])[1]


def _glyphs(leaf: Any, fonts: dict[str, int]) -> Iterator[tuple[int, int]]:
    """Yield each glyph that is drawn on a page, with how many its font has; `fonts` keeps that by their names."""
    leaf.contents_coalesce()
    there = 0
    for font, drawn in DRAWN.findall(leaf.Contents.read_bytes()):
        if font:
            name = f"/{font.decode()}"
            if name not in fonts:
                fonts[name] = _glyphs_in(leaf.Resources.Font[name])
            there = fonts[name]
        for glyph in {drawn[at : at + 4] for at in range(0, len(drawn), 4)}:
            yield int(glyph, 16), there


def _glyphs_in(font: Any) -> int:
    """How many glyphs the font has that is in the file."""
    described = font.DescendantFonts[0].FontDescriptor
    file = described.get("/FontFile2") or described.get("/FontFile3")
    return int(TTFont(BytesIO(file.read_bytes()), lazy=True)["maxp"].numGlyphs)
