"""The states in which a claim, or a criterion as the best of its claims, can stand."""

from collections.abc import Iterable

from django.db import models


class Status(models.TextChoices):
    """How a claim stands, the best first: a criterion stands as the best of its claims does.

    `value` is what is stored and what scripts and style sheets name it by, `words` what people read, `letter` what
    stands for it in a cell of the grid, `shape` the drawing beside it (static/img), `rank` its place in the order.
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
        """One letter, since it stands in every cell of a grid that is not empty."""
        return LETTERS[self]

    @property
    def shape(self) -> str:
        """Which shape is drawn for it; what does not count looks like what is not met, with other words."""
        return Status.NOT_YET.value if self == Status.BARRED else self.value

    @property
    def rank(self) -> int:
        """Its place in the order, the best first, from 0."""
        return RANKS[self]


LETTERS = dict(zip(Status, ("m", "c", "p", "n", "b", ""), strict=True))
RANKS: dict[str, int] = {status: rank for rank, status in enumerate(Status)}


def best(statuses: Iterable[str]) -> Status:
    """Return how a criterion stands whose claims stand so: as the best of them, or empty where there is none."""
    return Status(min(statuses, key=RANKS.__getitem__, default=Status.EMPTY))


def statuses_told() -> dict[str, dict[str, str | int]]:
    """Return all of them as plain values, for a script: by value, with words, letter, shape and rank."""
    return {
        status.value: {"words": status.words, "letter": status.letter, "shape": status.shape, "rank": status.rank}
        for status in Status
    }
