"""The pictures that were drawn of a file, as they are on the disk.

They are in a folder of PREVIEWS_DIR, by centre, digest and type: `1.webp`, `2.webp`, … and `made.json`, which
`portfolio/files/rendering.py` writes, or of a text `portfolio/files/reading/`. The same bytes under the same type are
drawn once, whatever they are called.
They can be removed at any time: they are drawn again.
`portfolio.files.drawing` makes them, on the worker; `portfolio.files.tasks` asks for them.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portfolio.files.file_types import Look, look_of
from portfolio.files.film_copies import MINUTES_AT_MOST, is_copied
from portfolio.models import EvidenceFile
from portfolio.models.evidence import drawn_path

FORMAT = 2  # the same as in portfolio/files/rendering.py, which knows nothing of us
COPY = "copy.mp4"  # of a film that not every browser plays
TRY_AGAIN_AFTER = 24 * 3600  # seconds: a failure may have been the server's fault
KILLED_AGAIN_AFTER = 60  # seconds: that the system killed it says nothing about the file
DRAWN = {Look.PICTURE, Look.PAGES, Look.DOCUMENT}

# What a fault in made.json means for the person, who can download the file in any case.
_FAULTS = {
    "": "",
    "locked": "It has a password, so its pages cannot be shown here.",
    "damaged": "It cannot be shown here: it may be damaged.",
    "cut_off": "The end of this file is missing. It is shown as far as it goes.",
    "too_large": "It is too large to be shown here.",
    "slow": "Drawing it took too long.",
    "crashed": "It cannot be shown here: drawing it failed.",
    "killed": "It cannot be shown just now: the server was kept from drawing it. That is tried again soon.",
    "lost": "Its content is not on the server as it was stored.",
    "plain": "This is its text alone. Download it to see its layout and pictures.",
    "no_text": "There is no text in it. Download it to see it.",
    "no_reader": "Download it to open it in its own program.",
    "no_picture": "This film has no picture, only sound.",
    "long_film": f"No copy that it can play was made, because the film is longer than {MINUTES_AT_MOST} minutes.",
}
_LASTING = {"", "cut_off", "no_picture", "long_film"}  # another try would come to the same
# After these nobody need be told where there is more to see.
_COMPLETE = {"", "cut_off", "plain", "no_text", "no_reader", "no_picture", "long_film"}


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """A picture that was drawn: its number, its size in pixels, and the page that it shows or is a piece of."""

    number: int
    width: int
    height: int
    page: int


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of the text of a document: a title, and lines or the rows of a table.

    A row is its number in a sheet, 0 in a table that counts none, and its cells.
    """

    title: str
    lines: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What was drawn: the first pages, how many pages there are in all, and what went wrong, if anything did.

    Of a document that has no pages it has the text: `first` is how many lines are shown, if there are more.
    """

    pictures: tuple[Drawn, ...]
    count: int
    fault: str  # a word of made.json
    blocks: tuple[Block, ...] = ()
    first: int = 0
    has_copy: bool = False

    @property
    def sentence(self) -> str:
        """Say what went wrong."""
        return _FAULTS[self.fault]

    @property
    def drawn(self) -> int:
        """How many pages there is a picture of, from the first."""
        return self.pictures[-1].page if self.pictures else 0

    @property
    def lacks(self) -> bool:
        """Whether the file itself shows more."""
        return self.drawn < self.count or self.fault not in _COMPLETE

    @property
    def where_it_ends(self) -> str:
        """Say how much of a long text is shown."""
        return "The first line is shown." if self.first == 1 else f"The first {self.first:,} lines are shown."


def is_drawn(file: EvidenceFile) -> bool:
    """Whether pictures are made of files of this type, their text is read, or a copy made that browsers play."""
    return look_of(file.content_type) in DRAWN or is_copied(file.content_type)


def preview_of(file: EvidenceFile) -> Preview | None:
    """Return what was drawn of the file; None if it is not drawn yet, or never is."""
    if not is_drawn(file):
        return None
    try:
        made = json.loads(_made(file).read_bytes())
        if made["format"] != FORMAT:
            return None
        pictures = tuple(
            Drawn(number=number, width=width, height=height, page=page)
            for number, (width, height, page) in enumerate(made["pages"], start=1)
        )
        blocks = tuple(_block(block) for block in made.get("blocks", ()))
        if made["fault"] not in _FAULTS:
            return None
        return Preview(
            pictures=pictures,
            count=made["count"],
            fault=made["fault"],
            blocks=blocks,
            first=made.get("first", 0),
            has_copy=copy_path(file).exists(),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _block(made: dict[str, Any]) -> Block:
    rows = tuple((number, tuple(cells)) for number, cells in made.get("rows", ()))
    return Block(title=made["title"], lines=tuple(made.get("lines", ())), rows=rows)


def needs_drawing(file: EvidenceFile) -> bool:
    """Whether it is not drawn yet, or failed in a way that is worth another try."""
    preview = preview_of(file)
    if preview is None or preview.fault == "lost":  # the bytes may be back
        return True
    if preview.fault in _LASTING:
        return False
    wait = KILLED_AGAIN_AFTER if preview.fault == "killed" else TRY_AGAIN_AFTER
    try:
        return not 0 <= time.time() - _made(file).stat().st_mtime <= wait  # before 0: the clock went back
    except OSError:
        return True


def was_killed(file: EvidenceFile) -> bool:
    """Whether the system killed the last try to draw it."""
    preview = preview_of(file)
    return preview is not None and preview.fault == "killed"


def page_path(file: EvidenceFile, page: int) -> Path:
    """Where the picture of a page lies, if there is one."""
    return drawn_path(file) / f"{page}.webp"


def copy_path(file: EvidenceFile) -> Path:
    """Where the copy of a film lies, if there is one."""
    return drawn_path(file) / COPY


def _made(file: EvidenceFile) -> Path:
    return drawn_path(file) / "made.json"
