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
class Measure:
    """One line of `script/bench`.

    `prepare` gives, for as long as the measuring lasts, our work and what it is compared with;
    `limit` is the greatest allowed ratio of their times; `rounds` is how often each is done. Work that
    only computes in this process is best timed by `time.process_time`, which other programs disturb less.
    """

    name: str
    limit: float
    prepare: Callable[[], AbstractContextManager[tuple[Work, Work]]]
    rounds: int = 7
    clock: Callable[[], float] = time.perf_counter

    def ratio(self) -> float:
        """The time of our work over the time of the other: the median of all rounds."""
        with self.prepare() as works:
            return statistics.median(ours / other for ours, other in self._timed(works))

    def _timed(self, works: tuple[Work, Work]) -> Iterator[tuple[float, float]]:
        for work in works:  # fonts, templates and caches are read once a process: not what is measured
            work()
        for turn in range(self.rounds):
            order = (0, 1) if turn % 2 == 0 else (1, 0)
            seconds = [0.0, 0.0]
            for which in order:
                start = self.clock()
                works[which]()
                seconds[which] = self.clock() - start
            yield seconds[0], seconds[1]
