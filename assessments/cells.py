"""How one piece of evidence stands under one criterion of a unit: a cell of the grid.

A cell says of a claim what `ClaimRecord` says, in a few plain values: a grid has hundreds of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import CharField
from django.db.models.functions import Cast
from django.utils import timezone

from assessments.standing import VERSION_THAT_COUNTS
from centres.models import User
from portfolio.models import CandidateUnit, Claim, Evidence, Participation
from portfolio.rules import Bar, bars_claim
from standards.content import CriterionContent, RevisionContent
from standards.models import Criterion
from standards.naming import unit_names

STAMP_LENGTH = 8  # of the 32 digits of a public identifier: enough to tell two states of one cell apart
NOTHING = ""  # the stamp of an empty cell

# The words of a cell for who hears the page, in the order in which the best of several is chosen.
WORDS = {"met": "Met", "claimed": "Waiting", "partly": "In part", "not_yet": "Not yet", "barred": "Does not count"}


def stamp_of(*, version: int, claim: UUID | None, judgement: UUID | None) -> str:
    """Return what tells this state of a cell from an earlier one: "2.9f03a1c7".

    The number of the version that was looked at, so that nobody judges a correction unseen, and the beginning
    of the judgement's identifier, or the claim's.
    """
    identifier = judgement or claim
    return f"{version}.{identifier.hex[:STAMP_LENGTH]}" if identifier else NOTHING


def as_text(field: str) -> Cast:
    """Return an identifier in a query as text, of which no UUID is made; it begins as the stamp does."""
    return Cast(field, CharField())


class Piece(NamedTuple):
    """A piece of the portfolio in the version that counts in the unit. `pk` is the evidence's."""

    pk: int
    uuid: UUID
    number: int
    version: int
    version_uuid: UUID
    version_number: int
    kind: str
    setting: str


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What stands in a cell, and all that a change to it asks about. Without a claim it is empty."""

    piece: Piece
    criterion: CriterionContent
    name: str  # of the criterion
    barred: Bar | None  # why the unit does not take the piece for it
    claim: int | None = None
    claim_uuid: UUID | None = None
    author: str = ""  # the capacity of who claimed it
    where: str = ""
    judgement_uuid: UUID | None = None
    outcome: str = ""
    reason: str = ""

    @property
    def status(self) -> str:
        """How it stands: empty, claimed, met, partly, not_yet or barred (as `ClaimRecord.status`)."""
        if self.claim is None:
            return "empty"
        return "barred" if self.barred else self.outcome or "claimed"

    @property
    def stamp(self) -> str:
        """What a change sends back of the state that the page showed."""
        return stamp_of(version=self.piece.version_number, claim=self.claim_uuid, judgement=self.judgement_uuid)


# Written out, because it is asked at every press and building it from querysets takes longer than the press.
CELLS = """SELECT piece.id, piece.uuid, piece.number, counts.id, counts.uuid, counts.number, counts.kind,
        counts.setting, claim.id, claim.uuid, claim.criterion_id, claimant.capacity, claim."where",
        judgement.uuid, judgement.outcome, judgement.reason, part.id, part.capacity
    FROM portfolio_evidence piece
    JOIN portfolio_evidenceversion counts ON counts.id = {version}
    LEFT JOIN portfolio_claim claim ON claim.evidence_id = piece.id AND claim.candidate_unit_id = %s
        AND claim.withdrawn_at IS NULL AND claim.criterion_id IN ({criteria})
    LEFT JOIN portfolio_participation claimant ON claimant.id = claim.author_id
    LEFT JOIN assessments_judgement judgement ON judgement.id = (
        SELECT MAX(given.id) FROM assessments_judgement given
        WHERE given.claim_id = claim.id AND given.evidence_version_id = counts.id)
    LEFT JOIN portfolio_participation part ON part.candidate_unit_id = %s AND part.user_id = %s
    WHERE piece.removed_at IS NULL AND piece.registration_id = %s AND piece.uuid IN ({pieces})
    ORDER BY piece.number"""  # two who lock several pieces lock them in the same order


def cells_lock(
    *,
    unit: CandidateUnit,
    content: RevisionContent,
    actor: User,
    wanted: Collection[tuple[UUID, CriterionContent]],
) -> tuple[Mapping[tuple[UUID, int], Cell], Participation | None]:
    """Return the cells that these pieces and criteria name, by the piece's uuid and the criterion's primary key.

    With them comes the actor's participation in the unit, if they took part before: all in one query. The
    pieces stay locked until the transaction ends, so that nobody corrects or removes one meanwhile. What is
    not in the portfolio, or was removed from it, has no cell.
    """
    if not wanted:
        return {}, None
    names = unit_names(content.unit)
    pieces: dict[UUID, Piece] = {}
    claimed: dict[tuple[UUID, int], dict[str, Any]] = {}
    before: Participation | None = None
    for row in _rows(unit, actor, {uuid for uuid, _ in wanted}, {criterion.pk for _, criterion in wanted}):
        claim, claim_uuid, criterion_pk, author, where, judgement, outcome, reason, part, capacity = row[8:]
        if part is not None:
            before = Participation(pk=part, candidate_unit=unit, user=actor, capacity=capacity)
        uuid = _uuid(row[1])
        pieces[uuid] = Piece(row[0], uuid, row[2], row[3], _uuid(row[4]), *row[5:8])
        if claim is not None:
            standing = {"claim": claim, "claim_uuid": _uuid(claim_uuid), "author": author, "where": where}
            if outcome:
                standing |= {"judgement_uuid": _uuid(judgement), "outcome": outcome, "reason": reason}
            claimed[uuid, criterion_pk] = standing
    cells = {
        (uuid, criterion.pk): Cell(
            piece=piece,
            criterion=criterion,
            name=str(names[criterion.kind, criterion.position]),
            barred=bars_claim(unit=content.unit, criterion=criterion, kind=piece.kind, setting=piece.setting),
            **claimed.get((uuid, criterion.pk), {}),
        )
        for uuid, criterion in wanted
        if (piece := pieces.get(uuid))
    }
    return cells, before


def _rows(unit: CandidateUnit, actor: User, pieces: Collection[UUID], criteria: Collection[int]) -> list[tuple]:
    identifiers = [Evidence._meta.get_field("uuid").get_db_prep_value(uuid, connection) for uuid in pieces]
    sql = CELLS.format(
        version=VERSION_THAT_COUNTS.format(evidence="piece.id"),
        criteria=", ".join(["%s"] * len(criteria)),
        pieces=", ".join(["%s"] * len(identifiers)),
    )
    if connection.features.has_select_for_no_key_update:
        sql += " FOR NO KEY UPDATE OF piece"
    with connection.cursor() as cursor:
        cursor.execute(sql, [unit.pk, unit.pk, *criteria, unit.pk, actor.pk, unit.registration_id, *identifiers])
        return cursor.fetchall()


def _uuid(found: Any) -> UUID:
    """Return an identifier as PostgreSQL gives it; SQLite gives its 32 digits."""
    return found if isinstance(found, UUID) else UUID(found)


def claim_in(cell: Cell, unit: CandidateUnit) -> Claim:
    """Return the row of a cell's claim as far as the cell knows it, for services that change or judge it."""
    if cell.claim_uuid is None:
        raise ValueError("An empty cell has no claim.")
    return Claim(
        pk=cell.claim,
        uuid=cell.claim_uuid,
        candidate_unit=unit,
        evidence=Evidence(pk=cell.piece.pk, uuid=cell.piece.uuid, number=cell.piece.number),
        criterion=Criterion(pk=cell.criterion.pk, kind=cell.criterion.kind, position=cell.criterion.position),
        where=cell.where,
        made_at=timezone.now(),
    )
