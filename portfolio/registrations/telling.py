"""Tells of allocations that were made and ended, in the chains of the portfolios and of the centre."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field

from django.utils import timezone

from centres.models import User
from portfolio.models import Allocation, AllocationReason
from record.models import Chain
from record.services.events import Happening, events_add


@dataclass
class Telling:
    """What one act changes in allocations, to be told of in the end: each chain is then written to once."""

    actor: User
    at: datetime.datetime = field(default_factory=timezone.now)
    changed: list[tuple[str, Allocation, tuple[AllocationReason, ...]]] = field(default_factory=list)

    def add(self, what: str, allocation: Allocation, *also: AllocationReason) -> None:
        """Note that an allocation was "made" or "ended"."""
        self.changed.append((what, allocation, also))

    def tell(self) -> None:
        """Tell of all of them in the portfolios' chains and, in short, in the centre's. Their locks must be held."""
        by_chain: dict[Chain, list[Happening]] = defaultdict(list)
        for what, allocation, also in self.changed:
            registration = allocation.candidate_unit.registration
            in_short = {"registration": str(registration.uuid)}
            by_chain[registration.centre.chain].append(
                Happening(kind=f"portfolio.allocation_{what}", row=allocation, payload=in_short)
            )
            by_chain[registration.chain].append(Happening(kind=f"allocation.{what}", row=allocation, also=also))
        for chain, happenings in by_chain.items():
            events_add(chain=chain, actor=self.actor.uuid, at=self.at, happenings=happenings)
