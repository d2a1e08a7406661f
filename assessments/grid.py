"""The grid of a unit: evidence down, criteria across, and how each claim stands. Seven queries, whatever it holds."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import Left

from assessments.cells import beginning_in_sql
from assessments.models import Judgement, Outcome
from assessments.permissions import NEXT_STAGE
from assessments.rules import ClaimFact, facts_of, readiness
from assessments.standing import version_that_counts
from assessments.unit_parts import Part, parts_of
from assessments.unit_record import BEST_FIRST
from portfolio.models import CandidateUnit, Claim, EvidenceVersion, State, UnitVersion
from portfolio.rules import bars_claim
from portfolio.wordings import wording
from standards.content import CriterionContent, RevisionContent, UnitContent
from standards.models import Criterion
from standards.naming import CriterionKey, unit_names

PIECES_ON_A_PAGE = 60
TITLE_AT_MOST = 90  # characters of a description; the piece's own page shows all of it
CellKey = tuple[int, int]  # evidence and criterion, by primary key


@dataclass(frozen=True, kw_only=True)
class Column:
    """A criterion, and how it stands as the best of its claims does."""

    criterion: CriterionContent
    code: str
    status: str
    is_missing: bool  # before the next signature
    serves: tuple[str, ...]  # the requirements that repeat it, by name: one tick for both


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What stands over neighbouring columns: a part of the unit."""

    part: Part
    columns: tuple[Column, ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A piece of evidence in the version that counts. `pk` is the evidence's, `version` the version's."""

    pk: int
    version: int
    version_number: int
    uuid: str
    number: int
    title: str
    kind: str
    setting: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What stands in a cell that is not empty: its status, and the end of the stamp that a change sends back."""

    status: str
    stamp: str  # it begins with the number of the version, which is its row's


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A page of a unit's grid. `headings` hold the columns that are shown, `missing` counts all that is missing."""

    content: RevisionContent
    version: UnitVersion
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    marks: Mapping[CellKey, Mark]
    page: Page
    missing: int
    only_missing: bool

    @property
    def missing_range(self) -> int:
        """How many range items are missing: which of them count cannot be told from a column alone."""
        return sum(column.is_missing and column.criterion.kind == Criterion.Kind.RANGE for column in self.columns)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns from left to right."""
        return tuple(column for heading in self.headings for column in heading.columns)


def grid_of(unit: CandidateUnit, *, all_pieces: bool, only_missing: bool = False, page: str | None = None) -> Grid:
    """Return the grid of a unit. `all_pieces` shows pieces that claim nothing in it as well, to claim from them."""
    content = wording(unit.revision)
    version = UnitVersion.objects.get(candidate_unit=unit, closed_at__isnull=True)
    claims = list(
        Claim.objects.filter(candidate_unit=unit, withdrawn_at__isnull=True)
        .annotate(stamp=beginning_in_sql("uuid"))
        .values_list("pk", "evidence_id", "criterion_id", "stamp")
    )
    pieces = {row.pk: row for row in pieces_of(unit)}
    marks = _marks(unit, content, claims, pieces)
    kinds = {pk: row.kind for pk, row in pieces.items()}
    columns = _columns(content.unit, marks, kinds, State(version.state))
    shown = [column for column in columns if column.is_missing or not only_missing]
    claimed = {evidence for evidence, _ in marks}
    listed = [row for row in pieces.values() if all_pieces or row.pk in claimed]
    paged = Paginator(listed, PIECES_ON_A_PAGE).get_page(page)
    return Grid(
        content=content,
        version=version,
        headings=tuple(_headings(content.unit, shown)),
        rows=tuple(paged.object_list),
        marks=marks,
        page=paged,
        missing=sum(column.is_missing for column in columns),
        only_missing=only_missing,
    )


def pieces_of(unit: CandidateUnit) -> Iterable[Row]:
    """Return the pieces of the portfolio by number, each in the version that counts in the unit."""
    versions: QuerySet[EvidenceVersion] = EvidenceVersion.objects.filter(
        evidence__registration=unit.registration_id, evidence__removed_at__isnull=True
    )
    counting = versions.annotate(counts=version_that_counts(evidence=OuterRef("evidence"), unit=unit.pk))
    rows = counting.filter(pk=F("counts")).order_by("evidence__number")
    short = Left("title", TITLE_AT_MOST + 1)
    for pk, version, version_number, uuid, number, title, kind, setting in rows.values_list(
        "evidence_id", "pk", "number", "evidence__uuid", "evidence__number", short, "kind", "setting"
    ):
        yield Row(
            pk=pk,
            version=version,
            version_number=version_number,
            uuid=str(uuid),
            number=number,
            title=title if len(title) <= TITLE_AT_MOST else f"{title[: TITLE_AT_MOST - 1].rstrip()}…",
            kind=kind,
            setting=setting,
        )


def _marks(
    unit: CandidateUnit,
    content: RevisionContent,
    claims: list[tuple[int, int, int, str]],
    pieces: Mapping[int, Row],
) -> dict[CellKey, Mark]:
    """How each standing claim stands, by its cell. Of several judgements on the version that counts the last one."""
    judged: dict[tuple[int, int], tuple[str, str]] = {}
    for claim, version, outcome, stamp in (
        Judgement.objects.filter(claim__candidate_unit=unit, claim__withdrawn_at__isnull=True)
        .annotate(stamp=beginning_in_sql("uuid"))
        .order_by("pk")
        .values_list("claim_id", "evidence_version_id", "outcome", "stamp")
    ):
        judged[claim, version] = (outcome, stamp)
    criteria = {criterion.pk: criterion for criterion in content.unit.criteria}
    barred: dict[tuple[int, str, str], bool] = {}
    marks = {}
    for claim, evidence, criterion, stamp in claims:
        piece = pieces[evidence]
        key = (criterion, piece.kind, piece.setting)
        if key not in barred:
            bar = bars_claim(unit=content.unit, criterion=criteria[criterion], kind=piece.kind, setting=piece.setting)
            barred[key] = bar is not None
        outcome, judgement = judged.get((claim, piece.version), ("", ""))
        marks[evidence, criterion] = Mark(
            status="barred" if barred[key] else outcome or "claimed", stamp=judgement if outcome else stamp
        )
    return marks


def _columns(unit: UnitContent, marks: Mapping[CellKey, Mark], kinds: Mapping[int, str], state: State) -> list[Column]:
    """Every criterion that is claimed by itself, with the best of its claims. `kinds` are those of the pieces."""
    statuses: dict[int, list[str]] = defaultdict(list)
    for (_, criterion), mark in marks.items():
        statuses[criterion].append(mark.status)
    missing = _missing(unit, marks, kinds, state)
    names = unit_names(unit)
    serves: dict[CriterionKey, list[str]] = defaultdict(list)
    for item in unit.criteria:
        if item.same_as is not None:
            serves[Criterion.Kind.RANGE, item.same_as].append(str(names[item.kind, item.position]))
    return [
        Column(
            criterion=criterion,
            code=names[criterion.kind, criterion.position].code,
            status=min(statuses[criterion.pk], key=BEST_FIRST.index, default="empty"),
            is_missing=criterion.pk in missing,
            serves=tuple(serves[criterion.kind, criterion.position]),
        )
        for criterion in unit.claimable
    ]


def _missing(unit: UnitContent, marks: Mapping[CellKey, Mark], kinds: Mapping[int, str], state: State) -> set[int]:
    """What the next signature still asks for, by the criterion's primary key: `readiness` says it."""
    stage = NEXT_STAGE.get(state)
    if stage is None:
        return set()
    criteria = {criterion.pk: criterion for criterion in unit.criteria}
    claims = [
        ClaimFact(
            kind=criteria[criterion].kind,
            position=criteria[criterion].position,
            evidence=evidence,
            evidence_kind=kinds[evidence],
            outcome=Outcome(mark.status) if mark.status in Outcome.values else None,
            counts=mark.status != "barred",
        )
        for (evidence, criterion), mark in marks.items()
    ]
    facts = facts_of(unit, claims=claims, confirmed=(), signed=())
    return {criterion.pk for one in readiness(facts, stage) for criterion in one.criteria}


def _headings(unit: UnitContent, columns: Iterable[Column]) -> Iterable[Heading]:
    """The columns under the parts of the unit that they belong to."""
    shown = {column.criterion.pk: column for column in columns}
    for part in parts_of(unit):
        if found := tuple(shown[item.pk] for item in part.columns if item.pk in shown):
            yield Heading(part=part, columns=found)
