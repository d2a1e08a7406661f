"""How one piece of evidence stands under one criterion of a unit: a cell of the grid.

A cell says of a claim what `ClaimRecord` says, in a few plain values: a grid has hundreds of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import CharField, FilteredRelation, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from assessments.models import Judgement
from assessments.standing import version_that_counts
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
    criteria = {criterion.pk: criterion for _, criterion in wanted}
    names = unit_names(content.unit)
    judged = Judgement.objects.filter(claim=OuterRef("standing__pk"), evidence_version=OuterRef("versions__pk"))
    rows = (
        Evidence.objects.kept()
        .filter(
            registration=unit.registration_id,
            uuid__in={uuid for uuid, _ in wanted},
            versions=version_that_counts(evidence=OuterRef("pk"), unit=unit.pk),
        )
        .annotate(
            standing=FilteredRelation(
                "claims",
                condition=Q(claims__candidate_unit=unit.pk)
                & Q(claims__withdrawn_at__isnull=True)
                & Q(claims__criterion__in=list(criteria)),
            ),
            took_part=_as_json(
                Participation.objects.filter(candidate_unit=unit.pk, user=actor.pk), pk="pk", capacity="capacity"
            ),
            judged=_as_json(judged.order_by("-pk")[:1], uuid="uuid", outcome="outcome", reason="reason"),
        )
        .select_for_update(no_key=True, of=("self",))
        .values_list(
            "pk", "uuid", "number", "versions__pk", "versions__uuid", "versions__number", "versions__kind",
            "versions__setting", "took_part", "judged", "standing__pk", "standing__uuid", "standing__criterion",
            "standing__author__capacity", "standing__where",
        )
    )  # fmt: skip
    pieces: dict[UUID, Piece] = {}
    claimed: dict[tuple[UUID, int], Cell] = {}
    before: Participation | None = None
    for row in rows:
        took_part, judgement, claim, claim_uuid, criterion_pk, author, where = row[8:]
        if took_part:
            before = Participation(candidate_unit=unit, user=actor, **took_part)
        piece = pieces.setdefault(row[1], Piece(*row[:8]))
        if claim is not None:
            criterion = criteria[criterion_pk]
            stands = judgement if judgement and judgement["outcome"] else {}
            claimed[piece.uuid, criterion_pk] = Cell(
                piece=piece,
                criterion=criterion,
                name=str(names[criterion.kind, criterion.position]),
                barred=bars_claim(unit=content.unit, criterion=criterion, kind=piece.kind, setting=piece.setting),
                claim=claim,
                claim_uuid=claim_uuid,
                author=author,
                where=where,
                judgement_uuid=UUID(stands["uuid"]) if stands else None,
                outcome=stands.get("outcome", ""),
                reason=stands.get("reason", ""),
            )
    cells = {
        (uuid, criterion.pk): claimed.get((uuid, criterion.pk))
        or Cell(
            piece=pieces[uuid],
            criterion=criterion,
            name=str(names[criterion.kind, criterion.position]),
            barred=bars_claim(
                unit=content.unit, criterion=criterion, kind=pieces[uuid].kind, setting=pieces[uuid].setting
            ),
        )
        for uuid, criterion in wanted
        if uuid in pieces
    }
    return cells, before


def _as_json(rows: QuerySet, **fields: str) -> Subquery:
    """Return these fields of the one row as an object: a subquery for each of them would take as long again."""
    return Subquery(rows.values(found=JSONObject(**fields)).values("found"), output_field=JSONField())


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
