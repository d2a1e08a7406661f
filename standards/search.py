"""Finds words in texts as people type them, and says where they are. Pure: no database.

Upper and lower case, accents, hyphens, punctuation and the shape of quotation marks make no difference:
"Customers’" finds "customer's", "cafe" finds "Café". A word finds all words that begin with it, and a plural
finds its singular.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

_WORD = re.compile(r"[^\W_]+(?:['’‘ʼ´`][^\W_]+)*")
_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼ´`"))
_PLURAL = re.compile(r"(?<=[a-z]{3})(?<!s)s$")
CONTEXT = 90  # characters shown on each side of the first match


def search_words(typed: str) -> tuple[str, ...]:
    """Return the words that were typed, each once, in the form that is searched for."""
    found = (_plain(word) for word in _WORD.findall(unicodedata.normalize("NFC", typed)))
    return tuple(dict.fromkeys(_PLURAL.sub("", word) for word in found))


def beginnings(words: Collection[str]) -> tuple[str, ...]:
    """Return the strings to look for in a searchable text: words that begin like this one."""
    return tuple(f" {word}" for word in words)


@dataclass(frozen=True, kw_only=True)
class Highlighted:
    """A text, or a part of it, in which words were found: pairs of the text before a word and the word itself."""

    pairs: tuple[tuple[str, str], ...]
    tail: str
    begins_before: bool = False
    goes_on: bool = False

    @property
    def html(self) -> SafeString:
        """The pairs with each word in `<mark>`, escaped. The tail follows it; templates are slow at this."""
        return format_html_join("", "{}<mark>{}</mark>", self.pairs)


def searchable(text: str) -> str:
    """Return the words of a text in the form in which they are searched, with a blank before each."""
    return "".join(f" {_plain(word)}" for word in _WORD.findall(text))


def highlighted(text: str, words: Collection[str]) -> Highlighted:
    """Return the text with the words marked; of a long text, only what is around the first match."""
    marks = [found.span() for found in _WORD.finditer(text) if _plain(found.group()).startswith(tuple(words))]
    first, last = _shown(text, *(marks[0] if marks else (0, 0)))
    pairs, at = [], first
    for start, end in marks:
        if first <= start and end <= last:
            pairs.append((text[at:start], text[start:end]))
            at = end
    return Highlighted(pairs=tuple(pairs), tail=text[at:last], begins_before=first > 0, goes_on=last < len(text))


def _shown(text: str, start: int, end: int) -> tuple[int, int]:
    """Return which part of a text is shown, whose first match reaches from `start` to `end`."""
    if len(text) <= 3 * CONTEXT:
        return 0, len(text)
    first = text.find(" ", start - CONTEXT, start) + 1 if start > CONTEXT else 0
    last = text.rfind(" ", end, end + 2 * CONTEXT) if end + 2 * CONTEXT < len(text) else -1
    return first, last if last > 0 else min(len(text), end + 2 * CONTEXT)


@lru_cache(maxsize=20_000)  # standards have few words, again and again
def _plain(word: str) -> str:
    """Return a word without case, accents and apostrophes."""
    parted = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES).casefold())
    return "".join(character for character in parted if not unicodedata.combining(character))
