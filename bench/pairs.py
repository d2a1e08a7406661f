"""Two ways to do one thing, timed side by side.

A time means something only beside another one of the same run, so both halves take turns and what counts
is the ratio: of each turn, because the machine is never equally busy for long, and of those the median.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Found:
    """What a measure found: a line of `script/bench`. `notes` say what else was counted."""

    name: str
    value: float
    limit: float
    notes: tuple[str, ...] = ()
    is_more_over: bool = False  # something that the notes count is over a limit of its own

    @property
    def is_over(self) -> bool:
        """Whether any limit is exceeded."""
        return self.value > self.limit or self.is_more_over

    def __str__(self) -> str:
        verdict = "over" if self.is_over else "ok"
        return "\t".join([self.name, f"{self.value:.2f}", f"{self.limit:.2f}", verdict, *self.notes])


@dataclass(frozen=True)
class Measure:
    """One pair.

    `prepare` gives, for as long as the measuring lasts, our work and what it is compared with;
    `limit` is the greatest allowed ratio of their times; `rounds` is how often each is done. Work that
    only computes in this process is best timed by `time.process_time`, which other programs disturb less.
    `ready` is done before each turn and not timed.
    """

    name: str
    limit: float
    prepare: Callable[[], AbstractContextManager[tuple[Work, Work]]]
    rounds: int = 7
    clock: Callable[[], float] = time.perf_counter
    ready: Work = lambda: None

    def find(self) -> Found:
        """Measure it: the line to print."""
        return Found(self.name, self.ratio(), self.limit)

    def ratio(self) -> float:
        """The time of our work over the time of the other: the median of all rounds."""
        with self.prepare() as works:
            return statistics.median(ours / other for ours, other in self._timed(works))

    def _timed(self, works: tuple[Work, Work]) -> Iterator[tuple[float, float]]:
        self.ready()
        for work in works:  # fonts, templates and caches are read once a process: not what is measured
            work()
        for turn in range(self.rounds):
            order = (0, 1) if turn % 2 == 0 else (1, 0)
            seconds = [0.0, 0.0]
            self.ready()
            for which in order:
                start = self.clock()
                works[which]()
                seconds[which] = self.clock() - start
            yield seconds[0], seconds[1]
