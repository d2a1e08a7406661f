"""What the page of sampling one unit shows: its pieces with their claims, who opened them, and earlier records."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.http import QueryDict

from assessments.openings.looked_at import LookedAt, looked_at
from assessments.standing.unit_record import ClaimRecord, EvidenceRecord, UnitRecord
from centres.models import User
from portfolio.models import CandidateUnit, Evidence
from standards.naming import Name, names_in
from verification.models import SampledClaim, SamplingRecord


@dataclass(kw_only=True)
class ClaimToTick:
    """A claim, whether it is ticked as looked at, and the exception that was typed at it."""

    record: ClaimRecord
    name: Name
    is_ticked: bool = False
    exception: str = ""


@dataclass(kw_only=True)
class PieceToSample:
    """A claimed piece with its claims, and who has looked at it."""

    record: EvidenceRecord
    claims: list[ClaimToTick]
    looks: tuple[LookedAt, ...]
    mine: LookedAt | None  # what the verifier opened themselves
    was_shown: bool  # then its ticks are the verifier's own

    @property
    def evidence(self) -> Evidence:
        """The piece itself."""
        return self.record.version.evidence

    @property
    def ticked(self) -> int:
        """How many of its claims are ticked."""
        return sum(claim.is_ticked for claim in self.claims)


@dataclass(kw_only=True)
class Ticks:
    """What the page has been told so far: ticks and exceptions by claim, and the pieces it has shown (uuids)."""

    ticked: set[str] = field(default_factory=set)
    exceptions: dict[str, str] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)

    @classmethod
    def sent(cls, data: QueryDict | None) -> "Ticks":
        """Read them from a form."""
        if data is None:
            return cls()
        exceptions = {name.removesuffix("-exception"): str(data[name]) for name in data if name.endswith("-exception")}
        return cls(
            ticked={str(claim) for claim in data.getlist("looked")},
            exceptions={claim: words for claim, words in exceptions.items() if words.strip()},
            shown={str(piece) for piece in data.getlist("shown")},
        )


def pieces_to_sample(record: UnitRecord, *, verifier: User, ticks: Ticks, wanted: str) -> list[PieceToSample]:
    """Return the pieces of the unit, by number, with what is ticked; two queries.

    Ticked at first are the claims of what the verifier has opened, and of the piece that is `wanted` (by uuid; else the
    first), which is before them: they take away what they did not look at. A piece without a file is not before them.
    """
    looks = looked_at([piece.version.pk for piece in record.evidence])
    names = names_in(record.content)
    pieces = []
    for piece in record.evidence:
        uuid = str(piece.version.evidence.uuid)
        mine = next((look for look in looks.get(piece.version.pk, ()) if look.person == verifier), None)
        if uuid not in ticks.shown and (mine or (piece.files and uuid == wanted)):
            ticks.ticked |= {str(claim.claim.uuid) for claim in piece.claims}
            ticks.shown.add(uuid)
        claims = [
            ClaimToTick(
                record=claim,
                name=names[claim.criterion.kind, claim.criterion.position],
                is_ticked=str(claim.claim.uuid) in ticks.ticked or str(claim.claim.uuid) in ticks.exceptions,
                exception=ticks.exceptions.get(str(claim.claim.uuid), ""),
            )
            for claim in piece.claims
        ]
        pieces.append(
            PieceToSample(
                record=piece,
                claims=claims,
                looks=looks.get(piece.version.pk, ()),
                mine=mine,
                was_shown=uuid in ticks.shown,
            )
        )
    return pieces


def looked_at_claims(pieces: Iterable[PieceToSample]) -> dict[UUID, str]:
    """The claims that are ticked, each with its exception."""
    return {claim.record.claim.uuid: claim.exception for piece in pieces for claim in piece.claims if claim.is_ticked}


@dataclass(frozen=True, kw_only=True)
class PieceSampled:
    """What a record says of a piece: its number, for which criteria it was looked at, exceptions, if it was opened."""

    number: int
    codes: tuple[str, ...]
    exceptions: tuple[tuple[str, str], ...]  # the code of the criterion and the words
    was_opened: bool

    @property
    def claims(self) -> int:
        """How many claims were looked at."""
        return len(self.codes)


@dataclass(frozen=True, kw_only=True)
class RecordShown:
    """A record of sampling with the pieces it rests on."""

    record: SamplingRecord
    pieces: tuple[PieceSampled, ...]

    @property
    def unopened(self) -> list[int]:
        """The numbers of pieces whose claims were ticked, and which the verifier has not opened here."""
        return [piece.number for piece in self.pieces if not piece.was_opened]


def records_of(unit: CandidateUnit, names: Mapping[tuple[str, int], Name]) -> list[RecordShown]:
    """Return what was recorded of the unit in all its versions, the latest first; four queries, one if there is none.

    A piece counts as opened if the verifier had opened a file of it, or seen it, by then.
    """
    records = list(
        SamplingRecord.objects.filter(unit_version__candidate_unit=unit)
        .select_related("verifier__user", "assessor", "unit_version")
        .order_by("-pk")
    )
    if not records:
        return []
    rows = SampledClaim.objects.filter(record__in=records).select_related("claim__criterion", "version__evidence")
    by_record: dict[int, list[SampledClaim]] = defaultdict(list)
    for row in rows.order_by("version__evidence__number", "pk"):
        by_record[row.record_id].append(row)
    looks = looked_at({row.version_id for rows in by_record.values() for row in rows})
    return [
        RecordShown(record=record, pieces=_pieces_sampled(record, by_record[record.pk], looks, names))
        for record in records
    ]


def _pieces_sampled(
    record: SamplingRecord,
    rows: Sequence[SampledClaim],
    looks: Mapping[int, Sequence[LookedAt]],
    names: Mapping[tuple[str, int], Name],
) -> tuple[PieceSampled, ...]:
    pieces: dict[int, list[SampledClaim]] = defaultdict(list)
    for row in rows:
        pieces[row.version_id].append(row)
    return tuple(
        PieceSampled(
            number=claims[0].version.evidence.number,
            codes=tuple(_code(one, names) for one in claims),
            exceptions=tuple((_code(one, names), one.exception) for one in claims if one.exception),
            was_opened=any(
                look.person == record.verifier.user and look.first <= record.made_at for look in looks.get(version, ())
            ),
        )
        for version, claims in pieces.items()
    )


def _code(one: SampledClaim, names: Mapping[tuple[str, int], Name]) -> str:
    return names[one.claim.criterion.kind, one.claim.criterion.position].code
