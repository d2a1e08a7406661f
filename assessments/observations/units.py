"""In which units a person can record, and what is ticked in each."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from assessments.models import RecordKind
from assessments.standing.unit_record import OPEN_TO_JUDGEMENT
from centres.models import Centre, User
from portfolio.barred_claims import bars_claim
from portfolio.conflicts import is_kept_out
from portfolio.models import Allocation, CandidateUnit, Capacity, Registration, State
from portfolio.models.registration_standings import has_ended
from standards.content import CriterionContent, RevisionContent
from standards.evidence_kinds import Setting
from standards.models import Criterion
from standards.naming import names_in
from standards.parts import Part, parts_in
from standards.published import published_contents_of, revision_row

TALKS = {RecordKind.DISCUSSION.value, RecordKind.QUESTIONING.value}  # which mostly show knowledge


@dataclass(kw_only=True)
class TickLine:
    """A criterion on the form, as it was ticked; `key` names it and its unit to the page."""

    criterion: CriterionContent
    key: str
    code: str
    ticked: bool
    where: str
    barred: str  # why the unit does not take it from this record; empty if it does
    errors: list[str] = field(default_factory=list)

    @property
    def can_be_ticked(self) -> bool:
        """Whether it can be ticked, or unticked."""
        return self.ticked or not self.barred


@dataclass(kw_only=True)
class TickGroup:
    """The criteria under one heading of a unit, and why some of them cannot be ticked, each reason once."""

    part: Part
    lines: list[TickLine]
    is_asked: bool  # whether a record of this kind mostly shows such criteria

    @property
    def ticked(self) -> int:
        """How many of them are ticked."""
        return sum(line.ticked for line in self.lines)

    @property
    def is_open(self) -> bool:
        """Whether it is unfolded when the page comes."""
        return self.is_asked or any(line.ticked or line.where or line.errors for line in self.lines)

    @property
    def barred(self) -> list[str]:
        """The reasons."""
        return list(dict.fromkeys(line.barred for line in self.lines if line.barred))


@dataclass(kw_only=True)
class UnitTicks:
    """A unit on the form. It is `open` as long as anything is judged in it."""

    unit: CandidateUnit
    content: RevisionContent
    open: bool
    groups: list[TickGroup]

    @property
    def lines(self) -> Iterable[TickLine]:
        """All its criteria."""
        return (line for group in self.groups for line in group.lines)

    @property
    def knowledge(self) -> list[TickLine]:
        """Its knowledge items: what can be asked."""
        return [line for line in self.lines if line.criterion.kind == Criterion.Kind.KNOWLEDGE]


def recordable_units(
    person: User, centre: Centre, *, chosen: Collection[UUID] = (), registration: Registration | None = None
) -> list[CandidateUnit]:
    """The units of the centre that the person assesses now and in which something is judged, by candidate and code.

    Those of one `registration` alone, if it is given. Those that were `chosen` are among them also if nothing is judged
    in them any more. Each has its `state`.
    """
    theirs = Allocation.objects.in_force(centre.pk).filter(user=person.pk, capacity=Capacity.ASSESSOR)
    allocated = theirs.filter(~is_kept_out(), candidate_unit=OuterRef("pk"))
    rows = (
        CandidateUnit.objects.taken()
        .filter(Exists(allocated), ~has_ended(), registration__centre=centre, versions__closed_at__isnull=True)
        .filter(Q(versions__state__in=OPEN_TO_JUDGEMENT) | Q(uuid__in=chosen))
        .annotate(state=F("versions__state"))
        .select_related("registration__candidate", "registration__chain")
        .order_by("registration__candidate__name", "registration")
    )
    units = list(rows.filter(registration=registration) if registration else rows)
    place = {registration: place for place, registration in enumerate(dict.fromkeys(u.registration_id for u in units))}
    for unit in units:
        unit.revision = revision_row(unit.revision_id)
        unit.registration.centre = centre
    return sorted(units, key=lambda unit: (place[unit.registration_id], unit.revision.unit.code, unit.pk))


def unit_ticks(
    units: Sequence[CandidateUnit],
    *,
    kind: str,
    settings: Mapping[int, str],
    ticked: Collection[str],
    wheres: Mapping[str, str],
) -> list[UnitTicks]:
    """What the form shows of each of these units. `settings` are by portfolio; an unknown one bars by kind alone."""
    contents = published_contents_of({unit.revision_id for unit in units})
    return [
        UnitTicks(
            unit=unit,
            content=contents[unit.revision_id],
            open=State(unit.state) in OPEN_TO_JUDGEMENT,  # type: ignore[attr-defined]
            groups=_groups(
                unit,
                contents[unit.revision_id],
                shown_by=(kind, settings[unit.registration_id]),
                ticked=ticked,
                wheres=wheres,
            ),
        )
        for unit in units
    ]


def _groups(
    unit: CandidateUnit,
    content: RevisionContent,
    *,
    shown_by: tuple[str, str],
    ticked: Collection[str],
    wheres: Mapping[str, str],
) -> list[TickGroup]:
    """`shown_by` is the kind of the evidence, and its setting."""
    kind, setting = shown_by
    names = names_in(content)
    known = setting if setting in Setting.values else Setting.REAL_JOB.value  # which every unit takes

    def line(item: CriterionContent) -> TickLine:
        key = f"{unit.uuid}_{item.uuid}"
        barred = bars_claim(unit=content.unit, criterion=item, kind=kind, setting=known, is_incomplete=False)
        return TickLine(
            criterion=item,
            key=key,
            code=names[item.kind, item.position].code,
            ticked=key in ticked,
            where=wheres.get(key, ""),
            barred=str(barred) if barred else "",
        )

    parts = [part for part in parts_in(content) if part.columns]
    asked = Criterion.Kind.KNOWLEDGE if kind in TALKS else Criterion.Kind.PERFORMANCE
    if not any(item.kind == asked for part in parts for item in part.columns):
        asked = Criterion.Kind.PERFORMANCE
    return [
        TickGroup(
            part=part,
            lines=[line(item) for item in part.columns],
            is_asked=any(item.kind == asked for item in part.columns),
        )
        for part in parts
    ]
