"""The grid of a unit: evidence down, criteria across, and how each claim stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from assessments.models import NotShown, Stage, Standing
from assessments.models.status import Status, best
from assessments.permissions import NEXT_STAGE
from assessments.standing.not_shown import agreed_by_position, in_a_sentence, not_shown_in
from assessments.standing.progress import Progress, progress_from
from assessments.standing.readiness import ClaimFact, UnitFacts, facts_of, in_short, readiness
from assessments.standing.unit_record import UnitStanding
from assessments.standing.worked_out import versions_in, versions_that_count
from portfolio.barred_claims import why_barred
from portfolio.models import CandidateUnit, State, UnitVersion
from portfolio.open_versions import open_version
from portfolio.written_as import written_as
from record.prepared import prepared
from standards.content import CriterionContent, RevisionContent
from standards.models import Criterion
from standards.naming import CriterionKey, names_in
from standards.parts import Part, parts_in
from standards.published import published_content

PIECES_ON_A_PAGE = 60
TITLE_AT_MOST = 90  # characters of a description; the piece's own page shows all of it

CellKey = tuple[int, int]  # evidence and criterion, by primary key


@dataclass(frozen=True, kw_only=True)
class CriterionColumn:
    """A criterion, and how it stands: as its best claim does."""

    criterion: CriterionContent
    code: str
    status: Status
    serves: tuple[str, ...]  # the requirements that repeat it, by name: one tick for both


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading over neighbouring columns: a part of the unit."""

    part: Part
    columns: tuple[CriterionColumn, ...]


class EvidenceRow(NamedTuple):
    """A piece of evidence in the version that counts. `pk` and `version` are the primary keys of the two.

    `author` is the capacity in which it was written.
    """

    pk: int
    version: int
    uuid: str
    number: int
    title: str
    kind: str
    setting: str
    author: str
    has_witness: bool
    removed_at: datetime | None  # when a file of it was first removed
    is_incomplete: bool


class FilledCell(NamedTuple):
    """A cell that is not empty."""

    status: Status
    stamp: str  # what a change sends back
    where: str = ""
    reason: str = ""  # why it is not met


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A page of a unit's grid. `headings` hold the columns that are shown."""

    content: RevisionContent
    version: UnitVersion
    headings: tuple[Heading, ...]
    rows: tuple[EvidenceRow, ...]
    marks: Mapping[CellKey, FilledCell]
    page: Page
    missing: frozenset[int]  # criteria that the next signature still asks for, by primary key
    only_missing: bool
    pieces: Mapping[int, EvidenceRow]  # all of the portfolio's, by primary key
    not_shown: tuple[NotShown, ...]
    said_not_shown: Mapping[int, str]  # by range item, by primary key: that it need not be shown, in a sentence
    facts: UnitFacts  # statements and signatures are not among them

    @cached_property
    def columns(self) -> tuple[CriterionColumn, ...]:
        """The columns from left to right."""
        return tuple(column for heading in self.headings for column in heading.columns)

    @property
    def progress(self) -> Progress:
        """How far the unit has come; only for a grid that shows every column."""
        return progress_from(column.status for column in self.columns if not self.is_settled(column))

    @property
    def has_agreed(self) -> bool:
        """Whether any item of the range need not be shown."""
        return any(self.facts.not_shown.values())

    def is_agreed(self, column: CriterionColumn) -> bool:
        """Whether it was agreed that the workplace cannot show it."""
        criterion = column.criterion
        return criterion.kind == Criterion.Kind.RANGE and bool(self.facts.not_shown.get(criterion.position))

    def is_settled(self, column: CriterionColumn) -> bool:
        """Whether nobody claims it any more, because that was agreed."""
        return self.is_agreed(column) and column.status == Status.EMPTY

    @cached_property
    def claimed_by(self) -> dict[int, list[tuple[EvidenceRow, FilledCell]]]:
        """By criterion, the pieces that claim it, in their order."""
        found: dict[int, list[tuple[EvidenceRow, FilledCell]]] = defaultdict(list)
        for (evidence, criterion), mark in self.marks.items():
            found[criterion].append((self.pieces[evidence], mark))
        for claims in found.values():
            claims.sort(key=lambda claim: claim[0].number)
        return found

    def said(self, criterion: CriterionContent, row: EvidenceRow, mark: FilledCell) -> str:
        """Why the claim in a cell is not met, or why the unit does not take it."""
        if mark.status == Status.BARRED:
            return str(why_barred(unit=self.content.unit, criterion=criterion, kind=row.kind, setting=row.setting))
        return mark.reason


def grid_of(
    unit: CandidateUnit,
    *,
    all_pieces: bool,
    only_missing: bool = False,
    page: str | None = None,
    in_words: bool = False,
) -> Grid:
    """Return the grid of a unit, in four queries, one more where a piece was corrected, and one if it has a range.

    `all_pieces` shows pieces that claim nothing in it as well, to claim from them. `in_words` tells of each claim
    where to look and what was said of it, and not what is missing, which such a page says in words too.
    """
    content = published_content(unit.revision)
    version = open_version(unit)
    marks = _marks(unit, in_words)
    pieces = {row.pk: row for row in pieces_of(unit)}
    not_shown = not_shown_in(unit, content)
    facts = _facts(content, marks, pieces, agreed_by_position(not_shown, content))
    missing = frozenset() if in_words else _missing(facts, State(version.state))
    claimed = {evidence for evidence, _ in marks}
    paged = Paginator([row for row in pieces.values() if all_pieces or row.pk in claimed], PIECES_ON_A_PAGE)
    shown = paged.get_page(page)
    columns = [column for column in _columns(content, marks) if column.criterion.pk in missing or not only_missing]
    return Grid(
        content=content,
        version=version,
        headings=tuple(_headings(content, columns)),
        rows=tuple(shown.object_list),
        marks=marks,
        page=shown,
        missing=missing,
        only_missing=only_missing,
        pieces=pieces,
        not_shown=not_shown,
        said_not_shown={one.criterion_id: in_a_sentence(one, unit.registration.centre) for one in not_shown},
        facts=facts,
    )


def pieces_of(unit: CandidateUnit) -> list[EvidenceRow]:
    """Return the pieces of the portfolio by number, each in the version that counts in the unit."""
    counts = versions_that_count([unit.pk], versions_in(unit.registration_id))[unit.pk]
    return [
        EvidenceRow(
            pk=version.evidence,
            version=version.pk,
            uuid=str(version.evidence_uuid),
            number=version.evidence_number,
            title=_shortened(version.title),
            kind=version.kind,
            setting=version.setting,
            author=written_as(unit.registration, author=version.author, kind=version.kind, witness=version.witness),
            has_witness=version.witness is not None,
            removed_at=version.removed_at,
            is_incomplete=version.is_incomplete,
        )
        for version in sorted(counts.values(), key=attrgetter("evidence_number"))
    ]


def _shortened(title: str) -> str:
    return title if len(title) <= TITLE_AT_MOST else f"{title[: TITLE_AT_MOST - 1].rstrip()}…"


STATUSES = {status.value: status for status in Status}


def _marks(unit: CandidateUnit, in_words: bool) -> dict[CellKey, FilledCell]:
    """How each claim stands, by its cell. Read before the pieces, so that the piece of each claim is there."""
    rows = _standings_in_words(unit.pk) if in_words else _standings(unit.pk)
    return {
        (evidence, criterion): FilledCell(STATUSES[status], stamp, *(text or "" for text in words))
        for evidence, criterion, status, stamp, *words in rows
    }


OF_A_CELL = ("evidence_id", "criterion_id", "status", "stamp")


@prepared
def _standings(unit: int) -> QuerySet[Standing, tuple]:
    return Standing.objects.filter(candidate_unit=unit).order_by().values_list(*OF_A_CELL)


@prepared
def _standings_in_words(unit: int) -> QuerySet[Standing, tuple]:
    rows = Standing.objects.filter(candidate_unit=unit).order_by()
    return rows.values_list(*OF_A_CELL, "claim__where", "judgement__reason")


def _columns(content: RevisionContent, marks: Mapping[CellKey, FilledCell]) -> list[CriterionColumn]:
    """Every criterion that can be claimed, with how its best claim stands."""
    statuses: dict[int, set[Status]] = defaultdict(set)
    for (_, criterion), mark in marks.items():
        statuses[criterion].add(mark.status)
    names, serves = names_in(content), _serves(content)
    return [
        CriterionColumn(
            criterion=criterion,
            code=names[criterion.kind, criterion.position].code,
            status=best(statuses.get(criterion.pk, ())),
            serves=tuple(serves.get((criterion.kind, criterion.position), ())),
        )
        for criterion in content.unit.claimable
    ]


def _missing(facts: UnitFacts, state: State) -> frozenset[int]:
    """What `readiness` says is missing for the next signature, by the criterion's primary key."""
    stage = NEXT_STAGE.get(state)
    return (
        frozenset(item.pk for one in readiness(facts, stage) for item in one.criteria if item.is_claimable)
        if stage
        else frozenset()
    )


def _facts(
    content: RevisionContent,
    marks: Mapping[CellKey, FilledCell],
    pieces: Mapping[int, EvidenceRow],
    not_shown: Mapping[int, bool],
) -> UnitFacts:
    criteria = content.criterion_by_pk
    claims = [
        ClaimFact(
            kind=criteria[criterion].kind,
            position=criteria[criterion].position,
            evidence=evidence,
            evidence_kind=pieces[evidence].kind,
            status=mark.status,
            author=pieces[evidence].author,
        )
        for (evidence, criterion), mark in marks.items()
    ]
    return facts_of(content.unit, claims=claims, stated=(), signed=(), not_shown=not_shown)


@lru_cache(maxsize=256)
def _serves(content: RevisionContent) -> dict[CriterionKey, list[str]]:
    """By range item, the requirements that repeat it."""
    names = names_in(content)
    found: dict[CriterionKey, list[str]] = defaultdict(list)
    for item in content.unit.criteria:
        if item.same_as is not None:
            found[Criterion.Kind.RANGE.value, item.same_as].append(str(names[item.kind, item.position]))
    return found


def _headings(content: RevisionContent, columns: Iterable[CriterionColumn]) -> Iterable[Heading]:
    """The columns under the parts of the unit that they belong to."""
    shown = {column.criterion.pk: column for column in columns}
    for part in parts_in(content):
        if found := tuple(shown[item.pk] for item in part.columns if item.pk in shown):
            yield Heading(part=part, columns=found)


def missing_in_short(grid: Grid, standing: UnitStanding, stage: Stage) -> list[str]:
    """What is missing before a stage is signed, in a few lines."""
    called = standing.unit.registration.centre.words
    facts = replace(
        grid.facts, stated=standing.stated, signed=standing.signed, unanswered=standing.unanswered, called=called
    )
    return in_short(readiness(facts, stage), facts)
