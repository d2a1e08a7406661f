"""How one piece of evidence stands under one criterion of a unit: a cell of the grid.

A cell says of a claim what `ClaimRecord` says, in a few plain values: a grid has hundreds of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import CharField, F, FilteredRelation, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Substr
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


def beginning_in_sql(field: str) -> Substr:
    """Return the beginning of an identifier as a stamp holds it, without making a UUID of each row's."""
    return Substr(Cast(field, CharField()), 1, STAMP_LENGTH)


@dataclass(frozen=True, kw_only=True)
class Piece:
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
    took_part = Participation.objects.filter(candidate_unit=unit.pk, user=actor.pk)
    criteria = {criterion.pk: criterion for _, criterion in wanted}
    names = unit_names(content.unit)
    judged = Judgement.objects.filter(claim=OuterRef("standing__pk"), evidence_version=OuterRef("counts")).order_by(
        "-pk"
    )
    rows = (
        Evidence.objects.kept()
        .filter(registration=unit.registration_id, uuid__in={uuid for uuid, _ in wanted})
        .annotate(
            counts=version_that_counts(evidence=OuterRef("pk"), unit=unit.pk),
            standing=FilteredRelation(
                "claims",
                condition=Q(claims__candidate_unit=unit.pk)
                & Q(claims__withdrawn_at__isnull=True)
                & Q(claims__criterion__in=list(criteria)),
            ),
        )
        .filter(versions=F("counts"))
        .annotate(
            version_uuid=F("versions__uuid"),
            version_number=F("versions__number"),
            kind=F("versions__kind"),
            setting=F("versions__setting"),
            took_part=Subquery(took_part.values("pk")),
            took_part_as=Subquery(took_part.values("capacity")),
            claim=F("standing__pk"),
            claim_uuid=F("standing__uuid"),
            criterion=F("standing__criterion"),
            claimed_as=F("standing__author__capacity"),
            where=F("standing__where"),
            judgement_uuid=Subquery(judged.values("uuid")[:1]),
            outcome=Subquery(judged.values("outcome")[:1]),
            reason=Subquery(judged.values("reason")[:1]),
        )
        .select_for_update(no_key=True, of=("self",))
    )
    pieces: dict[UUID, Piece] = {}
    claimed: dict[tuple[UUID, int], Cell] = {}
    before: Participation | None = None
    for row in rows:
        if row.took_part:
            before = Participation(pk=row.took_part, candidate_unit=unit, user=actor, capacity=row.took_part_as)
        piece = pieces.setdefault(
            row.uuid,
            Piece(
                pk=row.pk,
                uuid=row.uuid,
                number=row.number,
                version=row.counts,
                version_uuid=row.version_uuid,
                version_number=row.version_number,
                kind=row.kind,
                setting=row.setting,
            ),
        )
        if row.claim is not None:
            criterion = criteria[row.criterion]
            claimed[row.uuid, criterion.pk] = Cell(
                piece=piece,
                criterion=criterion,
                name=str(names[criterion.kind, criterion.position]),
                barred=bars_claim(unit=content.unit, criterion=criterion, kind=piece.kind, setting=piece.setting),
                claim=row.claim,
                claim_uuid=row.claim_uuid,
                author=row.claimed_as,
                where=row.where,
                judgement_uuid=row.judgement_uuid if row.outcome else None,
                outcome=row.outcome or "",
                reason=(row.reason or "") if row.outcome else "",
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
