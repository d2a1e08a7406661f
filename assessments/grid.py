"""The grid of a unit: evidence down, criteria across, and how each claim stands.

It takes three queries, or four, whatever it holds, and none while nothing has happened in the portfolio: `grid_of`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple

from django.core.paginator import Page, Paginator

from assessments.cells import STAMP_LENGTH, as_text
from assessments.models import Outcome
from assessments.permissions import NEXT_STAGE
from assessments.progress import Progress, progress_from
from assessments.remembered import Remembered
from assessments.rules import ClaimFact, UnitFacts, facts_of, readiness
from assessments.standing import versions_pinned
from assessments.unit_parts import Part, parts_in
from assessments.unit_record import BEST_FIRST
from portfolio.models import CandidateUnit, Claim, EvidenceVersion, State, UnitVersion
from portfolio.rules import bars_claim
from standards.content import CriterionContent, RevisionContent, UnitContent
from standards.models import Criterion
from standards.naming import CriterionKey, names_in
from standards.published import wording

PIECES_ON_A_PAGE = 60
TITLE_AT_MOST = 90  # characters of a description; the piece's own page shows all of it
OUTCOMES = {outcome.value: outcome for outcome in Outcome}

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


class Mark(NamedTuple):
    """What stands in a cell that is not empty."""

    status: str
    stamp: str  # the end of what a change sends back; it begins with the number of the version, which is its row's
    where: str
    said: str  # why it is not met, or does not count
    claim: str  # the identifiers of the claim and of the judgement that counts, as the database writes them
    judgement: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Grid:
    """A page of a unit's grid. `headings` hold the columns that are shown, `missing` counts all that is missing.

    Two grids are the same if they are one object, so that what is written from one can be kept (grid_body.py).
    """

    content: RevisionContent
    version: UnitVersion
    headings: tuple[Heading, ...]
    rows: tuple[Row, ...]
    marks: Mapping[CellKey, Mark]
    page: Page
    missing: int
    only_missing: bool
    pieces: Mapping[int, Row]  # all of the portfolio's, by primary key
    facts: UnitFacts  # without what is stated and signed

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns from left to right."""
        return tuple(column for heading in self.headings for column in heading.columns)

    @property
    def progress(self) -> Progress:
        """How far the unit is; for a grid that shows every column."""
        return progress_from(column.status for column in self.columns)

    @cached_property
    def claimed_by(self) -> dict[int, list[tuple[Row, Mark]]]:
        """By criterion, the pieces that claim it, in their order."""
        found: dict[int, list[tuple[Row, Mark]]] = defaultdict(list)
        for (evidence, criterion), mark in self.marks.items():
            found[criterion].append((self.pieces[evidence], mark))
        for claims in found.values():
            claims.sort(key=lambda claim: claim[0].number)
        return found

    @cached_property
    def shown(self) -> list[str]:
        """What stands in it, a line for each claim: two grids that show the same have the same lines."""
        return sorted(
            f"{self.pieces[evidence].version} {criterion} {mark.claim} {mark.judgement} {mark.where}"
            for (evidence, criterion), mark in self.marks.items()
        )


@dataclass(frozen=True, kw_only=True)
class _Whole:
    """All of a unit's grid, of which pages are cut. `pages` are those that were."""

    content: RevisionContent
    version: UnitVersion
    marks: Mapping[CellKey, Mark]
    pieces: Mapping[int, Row]
    facts: UnitFacts
    columns: tuple[Column, ...]
    pages: dict[tuple[bool, bool, int], Grid] = field(default_factory=dict)


_wholes: Remembered[_Whole] = Remembered(at_most=128)  # a large one takes a megabyte


def grid_of(
    unit: CandidateUnit, *, all_pieces: bool, only_missing: bool = False, page: str | None = None, head: str = ""
) -> Grid:
    """Return the grid of a unit. `all_pieces` shows pieces that claim nothing in it as well, to claim from them.

    `head` is that of the portfolio's chain, read before this call: a grid that was found at the same head
    still holds. Without it the rows are read, as they are now.
    """
    whole = _wholes.at((unit.pk, unit.revision_id), head, lambda: _whole(unit))
    claimed = {evidence for evidence, _ in whole.marks}
    listed = [row for row in whole.pieces.values() if all_pieces or row.pk in claimed]
    paged = Paginator(listed, PIECES_ON_A_PAGE).get_page(page)
    cut = (all_pieces, only_missing, paged.number)
    if cut not in whole.pages:
        shown = [column for column in whole.columns if column.is_missing or not only_missing]
        whole.pages[cut] = Grid(
            content=whole.content,
            version=whole.version,
            headings=tuple(_headings(whole.content, shown)),
            rows=tuple(paged.object_list),
            marks=whole.marks,
            page=paged,
            missing=sum(column.is_missing for column in whole.columns),
            only_missing=only_missing,
            pieces=whole.pieces,
            facts=whole.facts,
        )
    return whole.pages[cut]


def _whole(unit: CandidateUnit) -> _Whole:
    content = wording(unit.revision)
    version = UnitVersion.objects.get(candidate_unit=unit, closed_at__isnull=True)
    claims, judged = _claims(unit)
    pieces = {row.pk: row for row in pieces_of(unit, State(version.state))}
    marks = _marks(content, claims, judged, pieces)
    facts = _facts(content.unit, marks, pieces)
    columns = tuple(_columns(content, marks, _missing(facts, State(version.state))))
    return _Whole(content=content, version=version, marks=marks, pieces=pieces, facts=facts, columns=columns)


def pieces_of(unit: CandidateUnit, state: State) -> list[Row]:
    """Return the pieces of the portfolio by number, each in the version that counts in the unit.

    One query, and one more where a piece was corrected and a signature may hold the unit to an earlier version.
    """
    versions = list(
        EvidenceVersion.objects.filter(evidence__registration=unit.registration_id, evidence__removed_at__isnull=True)
        .order_by("evidence__number", "number")
        .values_list("evidence_id", "pk", "number", "evidence__uuid", "evidence__number", "title", "kind", "setting")
    )
    latest = {evidence: version for evidence, version, *_ in versions}
    was_corrected = len(latest) < len(versions)
    if was_corrected and state != State.COLLECTING:  # before that no signature stands
        latest |= versions_pinned(unit)
    return [
        Row(
            pk=pk,
            version=version,
            version_number=version_number,
            uuid=str(uuid),
            number=number,
            title=title if len(title) <= TITLE_AT_MOST else f"{title[: TITLE_AT_MOST - 1].rstrip()}…",
            kind=kind,
            setting=setting,
        )
        for pk, version, version_number, uuid, number, title, kind, setting in versions
        if latest[pk] == version
    ]


_Claims = Mapping[int, tuple[int, int, str, str]]  # by primary key: evidence, criterion, identifier, where to look
_Judged = Mapping[tuple[int, int], tuple[str, str, str]]  # by claim and version: outcome, identifier, reason
NOT_JUDGED = ("", "", "")


def _claims(unit: CandidateUnit) -> tuple[_Claims, _Judged]:
    """The claims in the unit that stand, and the last judgement on each version, unless it was taken back.

    One query, made before the pieces are read, so that a claim that comes meanwhile is on a piece that is known.
    """
    claims: dict[int, tuple[int, int, str, str]] = {}
    judged: dict[tuple[int, int], tuple[str, str, str]] = {}
    rows = (
        Claim.objects.filter(candidate_unit=unit.pk, withdrawn_at__isnull=True)
        .annotate(claim=as_text("uuid"), judgement=as_text("judgements__uuid"))
        .order_by("judgements__pk")
        .values_list(
            "pk", "evidence_id", "criterion_id", "claim", "where",
            "judgements__evidence_version_id", "judgements__outcome", "judgement", "judgements__reason",
        )
    )  # fmt: skip
    for pk, evidence, criterion, claim, where, version, outcome, judgement, reason in rows:
        claims[pk] = (evidence, criterion, claim, where)
        if version is not None:
            judged[pk, version] = (outcome, judgement, reason) if outcome else NOT_JUDGED
    return claims, judged


def _marks(
    content: RevisionContent, claims: _Claims, judged: _Judged, pieces: Mapping[int, Row]
) -> dict[CellKey, Mark]:
    """How each standing claim stands, by its cell."""
    criteria = {criterion.pk: criterion for criterion in content.unit.criteria}
    barred: dict[tuple[int, str, str], str] = {}
    marks = {}
    for pk, (evidence, criterion, claim, where) in claims.items():
        if (piece := pieces.get(evidence)) is None:
            continue  # taken back and its piece removed between our two looks
        key = (criterion, piece.kind, piece.setting)
        if key not in barred:
            bar = bars_claim(unit=content.unit, criterion=criteria[criterion], kind=piece.kind, setting=piece.setting)
            barred[key] = str(bar or "")
        why_barred = barred[key]
        outcome, judgement, reason = judged.get((pk, piece.version), NOT_JUDGED)
        marks[evidence, criterion] = Mark(
            "barred" if why_barred else outcome or "claimed",
            (judgement or claim)[:STAMP_LENGTH],
            where,
            why_barred or reason,
            claim,
            judgement,
        )
    return marks


def _columns(content: RevisionContent, marks: Mapping[CellKey, Mark], missing: set[int]) -> list[Column]:
    """Every criterion that is claimed by itself, with the best of its claims."""
    statuses: dict[int, list[str]] = defaultdict(list)
    for (_, criterion), mark in marks.items():
        statuses[criterion].append(mark.status)
    names, serves = names_in(content), _serves(content)
    return [
        Column(
            criterion=criterion,
            code=names[criterion.kind, criterion.position].code,
            status=min(statuses[criterion.pk], key=BEST_FIRST.index, default="empty"),
            is_missing=criterion.pk in missing,
            serves=tuple(serves.get((criterion.kind, criterion.position), ())),
        )
        for criterion in content.unit.claimable
    ]


def _missing(facts: UnitFacts, state: State) -> set[int]:
    """What the next signature still asks for, by the criterion's primary key: `readiness` says it."""
    stage = NEXT_STAGE.get(state)
    return {criterion.pk for one in readiness(facts, stage) for criterion in one.criteria} if stage else set()


def _facts(unit: UnitContent, marks: Mapping[CellKey, Mark], pieces: Mapping[int, Row]) -> UnitFacts:
    criteria = {criterion.pk: criterion for criterion in unit.criteria}
    claims = [
        ClaimFact(
            kind=criteria[criterion].kind,
            position=criteria[criterion].position,
            evidence=evidence,
            evidence_kind=pieces[evidence].kind,
            outcome=OUTCOMES.get(mark.status),
            counts=mark.status != "barred",
        )
        for (evidence, criterion), mark in marks.items()
    ]
    return facts_of(unit, claims=claims, stated=(), signed=())


@lru_cache(maxsize=256)
def _serves(content: RevisionContent) -> dict[CriterionKey, list[str]]:
    """By range item, the requirements that repeat it."""
    names = names_in(content)
    found: dict[CriterionKey, list[str]] = defaultdict(list)
    for item in content.unit.criteria:
        if item.same_as is not None:
            found[Criterion.Kind.RANGE.value, item.same_as].append(str(names[item.kind, item.position]))
    return found


def _headings(content: RevisionContent, columns: Iterable[Column]) -> Iterable[Heading]:
    """The columns under the parts of the unit that they belong to."""
    shown = {column.criterion.pk: column for column in columns}
    for part in parts_in(content):
        if found := tuple(shown[item.pk] for item in part.columns if item.pk in shown):
            yield Heading(part=part, columns=found)
