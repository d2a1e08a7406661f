"""How far a unit, or a whole portfolio, has come: its criteria by what became of them. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many criteria there are to claim, and how many are met, wait, or need more; each counts as its best claim."""

    total: int = 0
    met: int = 0
    waiting: int = 0
    returned: int = 0  # answered "met in part" or "not yet", and nothing else waits
    to_judge: int = 0  # claims, not criteria

    @property
    def claimed(self) -> int:
        """How many criteria are claimed, however the claims stand."""
        return self.met + self.waiting + self.returned

    @property
    def missing(self) -> int:
        """How many criteria nobody has claimed yet."""
        return self.total - self.claimed

    @property
    def percent(self) -> int:
        """How much is met, of a hundred; 100 only when all of it is."""
        return self.met * 100 // self.total if self.total else 0

    def __add__(self, other: Self) -> "Progress":
        return Progress(
            total=self.total + other.total,
            met=self.met + other.met,
            waiting=self.waiting + other.waiting,
            returned=self.returned + other.returned,
            to_judge=self.to_judge + other.to_judge,
        )


def progress_from(statuses: Iterable[str]) -> Progress:
    """Count criteria by how they stand, each as the best of its claims does; a barred claim counts for nothing."""
    stand = Counter(statuses)
    return Progress(
        total=stand.total(), met=stand["met"], waiting=stand["claimed"], returned=stand["partly"] + stand["not_yet"]
    )
