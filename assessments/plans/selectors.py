"""Questions that pages ask of plans and reviews."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from assessments.models import Action, Sheet, SheetKind, SheetLine, UnitProgress
from assessments.plans.said import codes_in_words
from centres.models import Centre, User
from portfolio.models import Allocation, CandidateUnit, Capacity, Registration, State
from standards.published import published_content, revision_row

DUE_WITHIN = timedelta(days=14)  # how early a home speaks of a review


@dataclass(frozen=True, kw_only=True)
class SheetLineShown:
    """A line of a sheet with its units: the row of each, with its code and what of it, in words."""

    line: SheetLine
    units: Sequence[tuple[CandidateUnit, str, str]]

    @property
    def action(self) -> Action:
        """What it asks."""
        return self.line.action


def sheets_of(registration: Registration) -> list[Sheet]:
    """All plans and reviews of a portfolio, the newest first; one query."""
    found = Sheet.objects.filter(registration=registration).select_related("author", "answer", "replaced_by")
    sheets = list(found.order_by("-signed_at", "-pk"))
    for sheet in sheets:
        sheet.registration = registration
    return sheets


def lines_of(sheet: Sheet) -> list[SheetLineShown]:
    """The lines of a sheet; two queries."""
    lines = sheet.lines.select_related("action__owner", "action__registration__centre").order_by("position")
    return _shown(list(lines), _units(sheet.registration))


def planned_for_unit(unit: CandidateUnit) -> list[SheetLine]:
    """What is planned for a unit and not done, those that are due first; one query."""
    planned = _planned().filter(sheet__registration=unit.registration_id).select_related("action__owner")
    return [line for line in planned if str(unit.uuid) in {covered["unit"] for covered in line.covers}]


def open_lines(registration: Registration, author: User) -> list[SheetLine]:
    """What is planned by an assessor in a portfolio and not done, those that are due first; one query."""
    return list(_planned().filter(sheet__registration=registration, sheet__author=author))


def planned_next(candidate: User) -> list[SheetLine]:
    """What is planned next with the person in each of their portfolios; one query."""
    planned = _planned().filter(sheet__registration__candidate=candidate)
    first: dict[int, SheetLine] = {}
    for line in planned.select_related("sheet__registration__centre", "action__owner"):
        first.setdefault(line.sheet.registration_id, line)
    return list(first.values())


def to_answer(candidate: User) -> list[Sheet]:
    """The plans and reviews that the person has not said anything of yet, the oldest first; one query."""
    unseen = Sheet.objects.filter(registration__candidate=candidate, answer=None, replaced_by=None)
    return list(unseen.select_related("author", "registration__centre").order_by("pk"))


def reviews_due(assessor: User, centres: Iterable[Centre]) -> list[Sheet]:
    """The sheets after which a review is due soon where the person assesses, the first due on top; one query.

    Nothing is due any more where no unit is open to assessment.
    """
    later = Sheet.objects.filter(registration=OuterRef("registration"), pk__gt=OuterRef("pk"))
    later = later.filter(Q(kind=SheetKind.REVIEW) | Q(next_review__isnull=False))
    works = Allocation.objects.filter(
        candidate_unit__registration=OuterRef("registration"), user=assessor.pk, capacity=Capacity.ASSESSOR
    ).in_force(OuterRef("registration__centre"))
    still = UnitProgress.objects.filter(
        registration=OuterRef("registration"), state__in=(State.COLLECTING, State.SUBMITTED)
    )
    soon = {centre.pk: centre.today + DUE_WITHIN for centre in centres}
    if not soon:
        return []
    found = Sheet.objects.filter(~Exists(later), Exists(works), Exists(still), next_review__lte=max(soon.values()))
    found = found.filter(registration__centre__in=list(soon)).select_related("registration__candidate")
    found = found.order_by("next_review", "pk")
    return [sheet for sheet in found if sheet.next_review and sheet.next_review <= soon[sheet.registration.centre_id]]


def progress_lines(registration: Registration) -> list[dict[str, Any]]:
    """How far each unit of a portfolio has come, as a review keeps it: code, title, state, and how much is met."""
    rows = (
        UnitProgress.objects.filter(registration=registration, candidate_unit__set_aside_at=None)
        .select_related("candidate_unit__revision__unit")
        .order_by("candidate_unit__revision__unit__code", "pk")
    )
    return [
        {
            "unit": str(row.candidate_unit.uuid),
            "code": row.candidate_unit.revision.unit.code,
            "title": row.candidate_unit.revision.title,
            "state": str(row.state),
            "met": row.met,
            "of": row.total,
        }
        for row in rows
    ]


def carried_of(registration: Registration) -> list[dict[str, Any]]:
    """What is still to be done in a portfolio, as a review keeps it; what only others may read is left out."""
    asked = Action.objects.open().filter(registration=registration, for_candidate=True)
    return [
        {
            "action": str(action.uuid),
            "text": action.text,
            "by": action.owner.name,
            "due": action.due.isoformat() if action.due else None,
        }
        for action in asked.select_related("owner").order_by("due", "pk")
    ]


def still_open(carried: Iterable[Mapping[str, Any]]) -> list[tuple[str, date | None, str]]:
    """What was still to be done, as a review kept it: what, by which day, and who."""
    return [(one["text"], date.fromisoformat(one["due"]) if one["due"] else None, one["by"]) for one in carried]


def _planned() -> Any:
    """Lines of the plans that hold, of which something is still to be said."""
    found = SheetLine.objects.filter(sheet__kind=SheetKind.PLAN, sheet__replaced_by=None, action__ended_at=None)
    return found.select_related("action").order_by("action__due", "pk")


def _units(registration: Registration) -> dict[str, CandidateUnit]:
    units = {str(unit.uuid): unit for unit in registration.candidate_units.all()}
    for unit in units.values():
        unit.revision = revision_row(unit.revision_id)
    return units


def _shown(lines: Iterable[SheetLine], units: Mapping[str, CandidateUnit]) -> list[SheetLineShown]:
    return [
        SheetLineShown(
            line=line,
            units=[
                (
                    unit,
                    published_content(unit.revision).unit.code,
                    codes_in_words(unit, [tuple(key) for key in covered["criteria"]]),
                )
                for covered in line.covers
                if (unit := units.get(covered["unit"]))
            ],
        )
        for line in lines
    ]
