"""When, and on how many occasions, the evidence of a unit arose: what a statement of the assessor rests on."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.models.status import Status
from assessments.standing.unit_record import EvidenceRecord, UnitRecord
from portfolio.evidence.selectors import period


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """A claimed piece: when it happened, and how many of its criteria are judged met."""

    piece: EvidenceRecord
    when: str
    met: int


@dataclass(frozen=True, kw_only=True)
class Occasions:
    """The claimed pieces by the day on which they began, and what they come to."""

    pieces: tuple[Occasion, ...]
    first: datetime.date
    last: datetime.date
    days: int  # on which a piece began
    kinds: tuple[tuple[str, int], ...]  # in words, each with how many pieces; the most first
    settings: tuple[tuple[str, int], ...]


def occasions_of(record: UnitRecord) -> Occasions | None:
    """Return when the claimed evidence of a unit arose; None while nothing is claimed. Whether it is enough, an
    assessor says: no source puts a number on it.
    """
    if not record.evidence:
        return None
    pieces = sorted(record.evidence, key=lambda piece: (piece.version.happened_from, piece.number))
    versions = [piece.version for piece in pieces]
    return Occasions(
        pieces=tuple(
            Occasion(
                piece=piece,
                when=period(piece.version),
                met=sum(claim.status == Status.MET for claim in piece.claims),
            )
            for piece in pieces
        ),
        first=versions[0].happened_from,
        last=max(version.happened_to or version.happened_from for version in versions),
        days=len({version.happened_from for version in versions}),
        kinds=_counted(version.get_kind_display() for version in versions),
        settings=_counted(version.get_setting_display() for version in versions),
    )


def _counted(words: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(words).most_common())
