"""The ways in which a claim can stand. A criterion stands as its best claim does."""

from collections.abc import Iterable

from django.db import models


class Status(models.TextChoices):
    """How a claim stands, the best first. A criterion stands as its best claim does.

    `value` is stored, and used by scripts and style sheets; `words` are what people read; `letter` is its sign in a
    cell of the grid; `shape` is the drawing beside it (static/img); `rank` is its place in the order.
    """

    MET = "met", "Met"
    CLAIMED = "claimed", "Waiting"
    PARTLY = "partly", "Met in part"
    NOT_YET = "not_yet", "Not yet"
    BARRED = "barred", "Does not count"
    EMPTY = "empty", "Nothing yet"

    @property
    def words(self) -> str:
        """What people read."""
        return str(self.label)

    @property
    def letter(self) -> str:
        """One letter, because every cell of a grid that is not empty has it."""
        return LETTERS[self]

    @property
    def shape(self) -> str:
        """Which shape is drawn for it. A barred claim has the shape of "not yet", with other words."""
        return Status.NOT_YET.value if self == Status.BARRED else self.value

    @property
    def rank(self) -> int:
        """Its place in the order, the best first, from 0."""
        return RANKS[self]


LETTERS = dict(zip(Status, ("m", "c", "p", "n", "b", ""), strict=True))
RANKS: dict[str, int] = {status: rank for rank, status in enumerate(Status)}


def best(statuses: Iterable[str]) -> Status:
    """Return how a criterion stands whose claims stand like this: as the best of them; empty if there is none."""
    return Status(min(statuses, key=RANKS.__getitem__, default=Status.EMPTY))


def statuses_told() -> dict[str, dict[str, str | int]]:
    """Return all of them as plain values, for a script: by value, with words, letter, shape and rank."""
    return {
        status.value: {"words": status.words, "letter": status.letter, "shape": status.shape, "rank": status.rank}
        for status in Status
    }
