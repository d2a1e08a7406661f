"""Keeps what a process has found in portfolios, for as long as nothing has happened in them."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, ClassVar, Generic, TypeVar

Found = TypeVar("Found")


class Remembered(Generic[Found]):
    """What was found of a kind of thing, each with the head of the portfolio's chain at which it was found.

    Whatever changes a portfolio writes an event, so what was found once holds while the head is the same. The
    head has to be read first: what is remembered is then never older than it. Nothing that changes without an
    event, such as the final form while it is being prepared, may be kept here.
    """

    _everything: ClassVar[list["Remembered[Any]"]] = []

    def __init__(self, *, at_most: int) -> None:
        """`at_most` things are kept; the one that was found first makes room."""
        self._at_most = at_most
        self._found: OrderedDict[Hashable, tuple[str, Found]] = OrderedDict()
        self._everything.append(self)

    def at(self, key: Hashable, head: str, find: Callable[[], Found]) -> Found:
        """Return what was found under the key at this head, or else what `find` finds now. No head: always that."""
        if not head:
            return find()
        kept = self._found.get(key)  # looked up once: another thread may make room meanwhile
        if kept and kept[0] == head:
            return kept[1]
        found = find()
        self._found[key] = (head, found)
        if len(self._found) > self._at_most:
            self._found.popitem(last=False)
        return found

    @classmethod
    def forget(cls) -> None:
        """Find everything anew from now on; for tests, which claim and judge in bulk without an event."""
        for one in cls._everything:
            one._found.clear()
