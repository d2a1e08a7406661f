"""Questions that pages ask of plans and reviews."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from assessments.models import Action, Sheet, SheetKind, SheetLine, UnitProgress
from assessments.plans.said import codes_in_words
from centres.models import User
from portfolio.models import CandidateUnit, Registration
from standards.published import published_content, revision_row


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
    lines = planned().filter(sheet__registration=unit.registration_id).select_related("action__owner")
    return [line for line in lines if str(unit.uuid) in {covered["unit"] for covered in line.covers}]


def open_lines(registration: Registration, author: User) -> list[SheetLine]:
    """What is planned by an assessor in a portfolio and not done, those that are due first; one query."""
    return list(planned().filter(sheet__registration=registration, sheet__author=author))


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


def planned() -> QuerySet[SheetLine]:
    """Lines of the plans that hold, of which something is still to be said, those that are due first."""
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
