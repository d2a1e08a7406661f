"""What is shown of a document's text, within bounds."""

import itertools
from collections.abc import Iterable
from typing import Any

from record.plain_text import plain_text

LINES_AT_MOST = 2000  # lines and rows
CHARACTERS_AT_MOST = 200_000  # of all of them
COLUMNS_AT_MOST = 60


class Unreadable(Exception):
    """It cannot be shown as text; the argument says why, in the words of made.json."""


class Enough(Exception):
    """As much as is shown has been read."""


class Shown:
    """What is to be shown, as far as it fits."""

    def __init__(self) -> None:
        self.blocks: list[dict[str, Any]] = []
        self._lines = self._characters = 0
        self._title = ""

    @property
    def first(self) -> int:
        """How many lines and rows there are."""
        return self._lines

    def title(self, words: str) -> None:
        """Begin a part with a name: a sheet, a slide."""
        self._title = plain(words)

    def line(self, words: str) -> None:
        """Add a line of text. Raises Enough."""
        words = plain(words)
        fitting = self._fitting(words)
        self._block("lines").append(fitting)
        if fitting != words:
            raise Enough

    def row(self, cells: Iterable[str], number: int = 0) -> None:
        """Add a row of a table, unless it is empty. Raises Enough."""
        kept = [plain(cell) for cell in itertools.islice(cells, COLUMNS_AT_MOST)]
        while kept and not kept[-1].strip():
            kept.pop()
        if kept:
            fitting = self._fitting("\0".join(kept)).split("\0")
            self._block("rows").append([number, fitting])
            if fitting != kept:
                raise Enough

    def _block(self, kind: str) -> list[Any]:
        if self._title or not self.blocks or kind not in self.blocks[-1]:
            self.blocks.append({"title": self._title, kind: []})
            self._title = ""
        found: list[Any] = self.blocks[-1][kind]
        return found

    def _fitting(self, words: str) -> str:
        if self._lines == LINES_AT_MOST or self._characters >= CHARACTERS_AT_MOST:
            raise Enough
        self._lines += 1
        fitting = words[: CHARACTERS_AT_MOST - self._characters]
        self._characters += len(fitting) + 1
        return fitting


def plain(words: str) -> str:
    """Return the text as it was meant, like all that is typed or pasted, but with the blanks that it begins with."""
    return words[: len(words) - len(words.lstrip(" \t"))] + plain_text(words)
