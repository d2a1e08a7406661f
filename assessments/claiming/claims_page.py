"""What the page that asks what a piece shows has on it: the units of the portfolio, and in which order their criteria.

What is missing comes first, then what waits, then what is met; what the unit does not take from this piece is last.
The criteria of a folded unit come when it is unfolded: a portfolio has hundreds, and most pieces answer a few of one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from assessments.cells.changes import CellChange
from assessments.claiming.also_answers import ClaimingUnit, also_answers, claiming_units
from assessments.claiming.claims_form import ClaimGroup, ClaimLine, ClaimsForm, Leader, Sent
from assessments.claiming.likely import LIKELY_AT_MOST, Likelihood, likely_in
from assessments.models import Standing
from assessments.models.status import Status, best
from assessments.standing.unit_record import claims_of_piece
from centres.models import User
from portfolio.models import EvidenceVersion
from portfolio.testimony.selectors import ticked_by_witness
from record.prepared import prepared
from standards.content import CriterionContent, RevisionContent, code_order
from standards.near_words import nearest
from standards.parts import Part, parts_in
from standards.search import beginnings, search_words, searchable

NO_SUCH_CRITERION = "This page names a criterion that no unit of this portfolio has. Nothing was saved."


@dataclass
class ClaimBlock:
    """Criteria of a unit that stand alike, under the headings of the unit."""

    heading: str
    is_folded: bool = False
    is_likely: bool = False
    is_reason: bool = False  # it says why its criteria cannot be claimed
    groups: list[ClaimGroup] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many criteria it has, each range item and the requirement that repeats it counted once."""
        return sum(line.repeats is None for group in self.groups for line in group.lines)

    @property
    def is_open(self) -> bool:
        """Whether it shows its lines even though it is folded: something in it was typed and not saved."""
        return any(line.is_unsaved for group in self.groups for line in group.lines)


@dataclass
class UnitShown:
    """A unit on the page."""

    claiming: ClaimingUnit
    blocks: list[ClaimBlock]
    explained: list[Part]  # parts of the unit that have no criteria
    counts: list[str]  # how its criteria stand, in words
    is_first: bool
    is_open: bool
    is_here: bool  # its criteria are on the page; else they come when it is unfolded
    typed: list[str]  # what was ticked here, though nothing can be ticked here any more


class ClaimsPage:
    """All units of a portfolio as one piece is claimed in them. Each reads its own part of what was sent."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        piece: EvidenceVersion,
        person: User,
        first: str,
        find: str,
        unfolded: Collection[str] = (),
    ) -> None:
        """`piece` is its latest version, with its portfolio. `first` is the uuid of the unit from which one came, and
        `find` are words to search for; both may be empty. `unfolded` are the uuids of other units that are open."""
        self.is_bound = data is not None
        self.unfolded = unfolded
        self.sent = Sent.by(data)
        self.found_by = beginnings(search_words(find))
        self.errors: list[str] = []
        units = claiming_units(piece.evidence.registration, evidence=piece.evidence, person=person)
        self.first = next((one for one in units if str(one.unit.uuid) == first), None)
        self._statuses, self._of_its_kind = _how_criteria_stand(units, piece)
        records = claims_of_piece({one.unit: one.content for one in units}, piece.evidence)
        self._answered = [
            (one, record.criterion) for one in units if one.unit.set_aside_at is None for record in records[one.unit.pk]
        ]
        self._ticked = ticked_by_witness(piece.evidence)
        self._also = also_answers(units, claimed={criterion.pk for _, criterion in self._answered})
        self.forms = [
            ClaimsForm(
                data,
                sent=self.sent,
                unit=one,
                records=records[one.unit.pk],
                also=self._also,
                statuses=self._statuses,
            )
            for one in sorted(units, key=self._place)
        ]

    @property
    def is_marked(self) -> bool:
        """Whether something is wrong that is marked where it stands."""
        return any(form.where_errors for form in self.forms)

    @property
    def may_claim(self) -> bool:
        """Whether the person may claim anything on it."""
        return any(form.unit.is_open for form in self.forms)

    def is_valid(self) -> bool:
        """Whether all that was sent can be read; if not, `errors` say why, and nothing is to be saved."""
        known = {name for form in self.forms for name in form.tickable}
        if not self.sent.names <= known:
            self.errors = [NO_SUCH_CRITERION]
            return False
        wrong = [str(error) for form in self.forms if not form.is_valid() for error in form.non_field_errors()]
        self.errors = list(dict.fromkeys(wrong))
        return not wrong

    def changes(self) -> dict[ClaimingUnit, list[CellChange]]:
        """What was ticked, moved and unticked, by unit. For a valid page."""
        return {form.unit: found for form in self.forms if (found := form.cleaned_data["changes"])}

    def also(self) -> dict[ClaimingUnit, list[CellChange]]:
        """What one tick claims with it, by unit. What was ticked, or shown, in its own place goes by that alone.

        For a valid page.
        """
        by_itself = self.sent.ticks | self.sent.seens.keys()
        wanted: dict[ClaimingUnit, dict[int, CellChange]] = {}
        for form in self.forms:
            for unit, found in form.cleaned_data["also"].items():
                for change in found:
                    if str(change.criterion.uuid) not in by_itself:
                        wanted.setdefault(unit, {}).setdefault(change.criterion.pk, change)
        return {unit: [*found.values()] for unit, found in wanted.items()}

    def units(self, *, fresh: bool = False) -> list[UnitShown]:
        """Return what the page shows. `fresh`: it has shown by now what had changed meanwhile."""
        shown = []
        led: dict[UUID | None, Leader] = {}
        is_wrong = False
        for place, form in enumerate(self.forms):
            if not self._is_worked_on(form):
                continue
            if not self._is_here(form):
                shown.append(self._folded(form))
                continue
            lines = form.lines(fresh=fresh)
            for line in lines:
                line.anchor = anchor(line.criterion, place)
                line.repeats_at = anchor(line.repeats, place) if line.repeats else ""
                line.is_first_wrong = bool(line.errors) and not is_wrong
                is_wrong = is_wrong or bool(line.errors)
            lines = [line for line in lines if self._is_found(line)]
            if self.found_by and not lines:
                continue
            if form.unit.is_open:
                _lead(form.unit, lines, led)
            shown.append(self._unit(form, lines, is_first=place == 0))
        return shown

    def _near(self, content: RevisionContent) -> dict[int, str]:
        """The names of what the piece answers elsewhere in nearly the words of criteria, by their primary key."""
        names = {criterion.pk: one.name_of(criterion) for one, criterion in self._answered}
        answered = ((one.content, criterion) for one, criterion in self._answered)
        return {pk: names[criterion.pk] for pk, (_, criterion) in nearest(content, answered).items()}

    def _place(self, unit: ClaimingUnit) -> tuple:
        """Where a unit stands: what one came from, then where most pieces of this kind are claimed."""
        of_its_kind = sum(self._of_its_kind.get(item.pk, 0) for item in unit.content.unit.criteria)
        return (
            unit is not self.first,
            not unit.is_open,
            -of_its_kind,
            code_order(unit.content.unit.code),
            unit.unit.pk,
        )

    def _is_worked_on(self, form: ClaimsForm) -> bool:
        """Whether the unit is not set aside; or it was only when something was ticked in it, or it is asked for."""
        said = self.sent.ticks | self.sent.seens.keys()
        return form.unit.unit.set_aside_at is None or form.unit is self.first or not said.isdisjoint(form.tickable)

    def _is_here(self, form: ClaimsForm) -> bool:
        """Whether the page has the unit's criteria: of the first unit, of what was unfolded, and of all when something
        is searched for or was sent."""
        return (
            form is self.forms[0] or self.is_bound or bool(self.found_by) or str(form.unit.unit.uuid) in self.unfolded
        )

    def _folded(self, form: ClaimsForm) -> UnitShown:
        return UnitShown(
            claiming=form.unit,
            blocks=[],
            explained=[],
            counts=_counts(form.unit, self._statuses),
            is_first=False,
            is_open=False,
            is_here=False,
            typed=[],
        )

    def _is_found(self, line: ClaimLine) -> bool:
        said = searchable(f"{line.code} {line.text}") if self.found_by else ""
        return line.is_unsaved or all(word in said for word in self.found_by)

    def _unit(self, form: ClaimsForm, lines: Sequence[ClaimLine], *, is_first: bool) -> UnitShown:
        content = form.unit.content
        likely: Mapping[int, Likelihood] = {}
        if form.unit.is_open:
            near = self._near(content)
            likely = likely_in(content, of_its_kind=self._of_its_kind, also=self._also, near=near, ticked=self._ticked)
            for line in lines:
                if not line.record and not line.also.claimed:
                    line.near = near.get(line.criterion.pk, "")
        is_unsaved = any(line.is_unsaved for line in lines)
        return UnitShown(
            claiming=form.unit,
            blocks=_blocks(content, lines, likely),
            explained=[] if self.found_by else [part for part in parts_in(content) if not part.criteria],
            counts=_counts(form.unit, self._statuses),
            is_first=is_first,
            is_open=is_first or is_unsaved or bool(self.found_by) or str(form.unit.unit.uuid) in self.unfolded,
            is_here=True,
            typed=[] if form.unit.is_open else form.typed(),
        )


def anchor(criterion: CriterionContent, unit: int) -> str:
    """The id of a criterion's place on the page; in the first unit that by which other pages know it."""
    return f"criterion-{criterion.uuid}" if unit else criterion.anchor


def _how_criteria_stand(
    units: Iterable[ClaimingUnit], piece: EvidenceVersion
) -> tuple[dict[int, Status], dict[int, int]]:
    """How each criterion stands, and how many other pieces of the kind of this one claim it, by primary key; one query.

    Claims that do not count say nothing of what other pieces show.
    """
    statuses: dict[int, list[str]] = defaultdict(list)
    counted: Counter[int] = Counter()
    for criterion, status, others in _standings([one.unit.pk for one in units], piece.evidence_id, piece.kind):
        statuses[criterion].append(status)
        counted[criterion] += others
    return {criterion: best(found) for criterion, found in statuses.items()}, dict(counted)


@prepared
def _standings(units: Collection[int], evidence: int, kind: str) -> QuerySet[Standing, tuple]:
    of_its_kind = Q(version__kind=kind) & ~Q(evidence=evidence) & ~Q(status=Status.BARRED)
    rows = Standing.objects.filter(candidate_unit__pk__in=units).order_by()
    return rows.values_list("criterion", "status").annotate(others=Count("pk", filter=of_its_kind))


def _lead(unit: ClaimingUnit, lines: Iterable[ClaimLine], led: dict[UUID | None, Leader]) -> None:
    """Let the first line of the page that says a thing offer it for all, and the others name that line."""
    for line in lines:
        line.led_by = led.get(line.criterion.uuid)
        if line.led_by is None and (line.can_be_ticked or line.is_checked):
            leader = Leader(name=unit.name_of(line.criterion), anchor=line.anchor)
            for one in line.also.found:
                led.setdefault(one.criterion.uuid, leader)


def _blocks(content: RevisionContent, lines: Sequence[ClaimLine], likely: Mapping[int, Likelihood]) -> list[ClaimBlock]:
    """The criteria of a unit by how they stand, without empty blocks."""
    here = ClaimBlock("Claimed from this evidence")
    first = ClaimBlock("Most likely", is_likely=True)
    missing = ClaimBlock("Missing")
    waiting = ClaimBlock(f"{Status.CLAIMED.words}: claimed from other evidence")
    met = ClaimBlock(f"{Status.MET.words} already", is_folded=True)
    not_taken = ClaimBlock("Not taken from this evidence", is_folded=True, is_reason=True)
    place: dict[int | None, ClaimBlock] = {}
    for line in lines:
        place[line.criterion.pk] = (
            here
            if line.record
            else not_taken
            if line.barred
            else {Status.MET: met, Status.CLAIMED: waiting}.get(line.status, missing)
        )
    wanted = [line for line in lines if place[line.criterion.pk] is missing and line.asks_where]
    wanted = [line for line in wanted if line.criterion.pk in likely]
    wanted.sort(key=lambda line: likely[line.criterion.pk], reverse=True)
    at_most = max(LIKELY_AT_MOST, sum(likely[line.criterion.pk].is_ticked for line in wanted))
    place |= {line.criterion.pk: first for line in wanted[:at_most]}
    place |= {line.criterion.pk: place[line.repeats.pk] for line in lines if line.repeats and line.repeats.pk in place}
    by_pk = {line.criterion.pk: line for line in lines}
    for part in parts_in(content):
        for item in part.criteria:
            if item.pk not in by_pk:
                continue
            groups = place[item.pk].groups
            if not groups or groups[-1].part is not part:
                groups.append(ClaimGroup(part=part))
            groups[-1].lines.append(by_pk[item.pk])
    blocks = [block for block in (here, first, missing, waiting, met, not_taken) if block.groups]
    explained = set()
    for group in (group for block in blocks for group in block.groups):
        group.explains = id(group.part) not in explained
        explained.add(id(group.part))
    return blocks


def _counts(unit: ClaimingUnit, statuses: Mapping[int, Status]) -> list[str]:
    """How the unit's criteria stand: "12 missing", "3 waiting", "40 met"."""
    stand = Counter(statuses.get(item.pk, Status.EMPTY) for item in unit.content.unit.claimable)
    met, waiting = stand.pop(Status.MET, 0), stand.pop(Status.CLAIMED, 0)
    counted = {"missing": stand.total(), Status.CLAIMED.words.lower(): waiting, Status.MET.words.lower(): met}
    return [f"{count} {words}" for words, count in counted.items() if count]
