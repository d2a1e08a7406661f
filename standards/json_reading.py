"""Reads plain values from JSON and collects the faults, each with its place."""

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from record.plain_text import plain_text

Given = dict[str, Any]

LONGEST = 5000  # characters of one text
MOST = 9999  # of anything that is counted

# Codes stand in addresses of pages and in `framework:code`.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Reading:
    """One reading of a document. Every method takes the path of the value, and continues after a fault."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, path: str, words: str) -> None:
        """Keep one fault."""
        self.faults.append(f"{path}: {words}")

    def fields(
        self, value: object, path: str, *, known: Collection[str] | None = None, needed: Collection[str] = ()
    ) -> Given:
        """Return the object, without keys that nobody knows; `needed` ones that are missing are faults.

        Without `known` any key will do.
        """
        if not isinstance(value, dict):
            self.fault(path, "give an object")
            return {}
        if known is None:
            known = value.keys()
        for key in value:
            if key not in known:
                self.fault(inside(path, _shown(key)), "there is no such key")
        for key in needed:
            if key not in value:
                self.fault(inside(path, key), "is missing")
        return {key: item for key, item in value.items() if key in known}

    def listed(self, given: Given, key: str, path: str) -> list[tuple[Any, str]]:
        """Return the entries of a list with their paths; an absent list is empty."""
        value = given.get(key, [])
        if not isinstance(value, list):
            self.fault(inside(path, key), "give a list")
            return []
        if len(value) > MOST:
            self.fault(inside(path, key), f"at most {MOST} entries")
            return []
        return [(item, f"{inside(path, key)}[{index}]") for index, item in enumerate(value)]

    def text(self, given: Given, key: str, path: str, *, longest: int = LONGEST, empty: bool = False) -> str:
        """Return a text with its white space normalised; "" if it is absent or null and `empty` permits that."""
        return self.words(given.get(key), inside(path, key), longest=longest, empty=empty) if key in given else ""

    def words(self, value: object, path: str, *, longest: int = LONGEST, empty: bool = False) -> str:
        """Return one text: no control characters, no longer than `longest`, not empty unless that is permitted."""
        if value is None and empty:
            return ""
        if not isinstance(value, str):
            self.fault(path, "give a text")
            return ""
        if not is_plain(value.replace("\r", "\n")):
            self.fault(path, "holds a control character")
            return ""
        said = " ".join(plain_text(value).split())
        if len(said) > longest:
            self.fault(path, f"longer than {longest} characters")
        elif not said and not empty:
            self.fault(path, "is empty")
        return said

    def texts(self, given: Given, key: str, path: str, *, longest: int = LONGEST) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(self.words(item, at, longest=longest) for item, at in self.listed(given, key, path))

    def distinct(self, given: Given, key: str, path: str, *, known: Collection[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, no one twice, each of the words that are `known`, where that is given."""
        seen: set[str] = set()
        found = []
        for item, at in self.listed(given, key, path):
            said = self.words(item, at) if known is None else self.one_of(item, at, known=known)
            self.once(said, at, seen)
            found.append(said)
        return tuple(said for said in found if said)

    def code(self, given: Given, key: str, path: str) -> str:
        """Return a code that addresses are made of: letters, digits, full stops, hyphens and underscores."""
        said = self.text(given, key, path, longest=20)
        if said and not CODE.fullmatch(said):
            self.fault(inside(path, key), "use letters, digits, full stops, hyphens and underscores only")
        return said

    def number(self, given: Given, key: str, path: str, *, least: int = 0) -> int | None:
        """Return a whole number; None if it is absent or null."""
        value = given.get(key)
        # True is an int to Python and not to anybody else.
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.fault(inside(path, key), f"give a whole number, {least} or more")
            return None
        if value > MOST:
            self.fault(inside(path, key), f"at most {MOST}")
            return None
        return value

    def choice(self, given: Given, key: str, path: str, *, known: Collection[str]) -> str:
        """Return one of the words that are known; "" where it is absent."""
        return self.one_of(given[key], inside(path, key), known=known) if key in given else ""

    def one_of(self, value: object, path: str, *, known: Collection[str]) -> str:
        """Return one of the words that are known, or "" where it is none of them."""
        said = self.words(value, path)
        if said and said not in known:
            self.fault(path, f'there is no "{_shown(said)}"; give one of {", ".join(known)}')
            return ""
        return said

    def once(self, value: str, path: str, seen: set[str]) -> None:
        """Remember the value; it is a fault to meet it again."""
        if value and value in seen:
            self.fault(path, f'"{_shown(value)}" twice')
        seen.add(value)


def is_plain(text: str) -> bool:
    """Return whether the text holds no control character."""
    return all(character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"} for character in text)


def inside(path: str, key: str) -> str:
    """Return the path of a key of the object at `path`."""
    return f"{path}.{key}" if path else key


def _shown(text: str) -> str:
    """A few characters of what was given, fit for a terminal."""
    plain = "".join(character if character.isprintable() else "�" for character in text[:40])
    return plain if len(text) <= 40 else f"{plain}…"
