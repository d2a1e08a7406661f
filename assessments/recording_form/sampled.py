"""What of a unit internal verifiers looked at: told by the app above, frozen in the document.

What they found is not in it: a document may be read by its candidate.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from assessments.standing.unit_record import UnitRecord
from centres.models import User
from portfolio.models import Capacity, UnitVersion
from record.canonical import utc


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A sample of a unit: who looked when, as what stage of the assessment, at which claims."""

    id: UUID
    by: User
    stage: str
    at: datetime.datetime
    claims: tuple[tuple[int, int], ...]  # primary keys of a claim and of the version of its evidence


Teller = Callable[[UnitVersion], Iterable[Sample]]
_tellers: list[Teller] = []


def tell_what_was_sampled(teller: Teller) -> None:
    """Have this asked whenever a document is written. Apps above call it when Django starts."""
    _tellers.append(teller)


def sampled_part(record: UnitRecord) -> list[dict[str, Any]]:
    """The samples of the open version, the oldest first, each with its claims that still say what was looked at.

    A claim on a piece that was corrected since is left out: nobody looked at what it says now.
    """
    now = {(one.claim.pk, one.version.pk): str(one.claim.uuid) for one in record.claims}
    return [
        {
            "id": str(sample.id),
            "by": {"id": str(sample.by.uuid), "name": sample.by.name, "capacity": str(Capacity.INTERNAL_VERIFIER)},
            "stage": sample.stage,
            "at": utc(sample.at),
            "claims": [now[looked_at] for looked_at in sample.claims if looked_at in now],
        }
        for teller in _tellers
        for sample in teller(record.version)
    ]
