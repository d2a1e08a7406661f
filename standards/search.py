"""Finds words in texts as people type them, and says where they stand. Pure: no database.

Upper and lower case, accents, hyphens, punctuation and the shape of quotation marks make no difference:
"Customers’" finds "customer's", "cafe" finds "Café". A word finds all that begin with it, and a plural its
singular.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from standards.content import Span

_WORD = re.compile(r"[^\W_]+(?:['’‘ʼ´`][^\W_]+)*")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ´`"))
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<!s)s$")
CONTEXT = 90  # characters shown on each side of the first match


def search_words(typed: str) -> tuple[str, ...]:
    """Return the words of what was typed, each once, as texts are searched for them."""
    found = (_plain(word) for word in _WORD.findall(unicodedata.normalize("NFC", typed)))
    return tuple(dict.fromkeys(_PLURAL.sub("", word) for word in found))


@dataclass(frozen=True, kw_only=True)
class Line:
    """A text that can be found, with its code and where it stands on the unit's page ("" for its head)."""

    code: str
    text: str
    anchor: str

    @cached_property
    def searchable(self) -> str:
        """Its words in the form they are searched in, a blank before each."""
        return "".join(f" {_plain(word)}" for word in _WORD.findall(f"{self.code} {self.text}"))

    def found(self, words: Collection[str]) -> int:
        """Return how many of the words stand in it."""
        return sum(1 for word in words if f" {word}" in self.searchable)

    def spans(self, words: Collection[str]) -> tuple[Span, ...]:
        """Return the text in pieces with the words marked; of a long text, what stands around the first."""
        marks = [found.span() for found in _WORD.finditer(self.text) if _plain(found.group()).startswith(tuple(words))]
        first, last = self._shown(marks)
        spans, at = [Span("… " if first else "")], first
        for start, end in marks:
            if first <= start and end <= last:
                spans += [Span(self.text[at:start]), Span(self.text[start:end], marked=True)]
                at = end
        spans.append(Span(self.text[at:last] + (" …" if last < len(self.text) else "")))
        return tuple(span for span in spans if span.text)

    def _shown(self, marks: list[tuple[int, int]]) -> tuple[int, int]:
        if len(self.text) <= 3 * CONTEXT:
            return 0, len(self.text)
        start, end = marks[0] if marks else (0, 0)
        first = self.text.find(" ", start - CONTEXT, start) + 1 if start > CONTEXT else 0
        last = self.text.rfind(" ", end, end + 2 * CONTEXT)
        return first, last if last > 0 and end + 2 * CONTEXT < len(self.text) else len(self.text)


def _plain(word: str) -> str:
    """Return a word without case, accents and apostrophes."""
    parted = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES).casefold())
    return "".join(character for character in parted if not unicodedata.combining(character))
