"""How far a unit or a whole portfolio has come: how many of its criteria stand how."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from assessments.models import UnitProgress
from assessments.models.status import Status


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many criteria there are, and how many are met, wait, or need more; each counts as its best claim does."""

    total: int = 0
    met: int = 0
    waiting: int = 0
    partly: int = 0
    not_yet: int = 0
    to_judge: int = 0  # claims, not criteria

    @property
    def returned(self) -> int:
        """How many criteria have "met in part" or "not yet" as their best answer, with no other claim waiting."""
        return self.partly + self.not_yet

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
        """How much is met, in per cent; 100 only when all of it is."""
        return self.met * 100 // self.total if self.total else 0

    def __add__(self, other: Self) -> "Progress":
        return Progress(
            total=self.total + other.total,
            met=self.met + other.met,
            waiting=self.waiting + other.waiting,
            partly=self.partly + other.partly,
            not_yet=self.not_yet + other.not_yet,
            to_judge=self.to_judge + other.to_judge,
        )


FIELDS = ("total", "met", "waiting", "partly", "not_yet", "to_judge")


def progress_from(statuses: Iterable[Status]) -> Progress:
    """Count criteria by how they stand, each as its best claim does; a barred claim does not count."""
    stand = Counter(statuses)
    return Progress(
        total=stand.total(),
        met=stand[Status.MET],
        waiting=stand[Status.CLAIMED],
        partly=stand[Status.PARTLY],
        not_yet=stand[Status.NOT_YET],
    )


def progress_of(units: Collection[int]) -> dict[int, Progress]:
    """Return how far each of these units has come, as it is kept, by primary key; one query."""
    rows = UnitProgress.objects.filter(candidate_unit__in=units).values_list("candidate_unit", *FIELDS)
    return {unit: Progress(**dict(zip(FIELDS, counted, strict=True))) for unit, *counted in rows}
