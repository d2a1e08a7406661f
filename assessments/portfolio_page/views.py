"""The page of a portfolio: its units, how far they have come, and its evidence."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.history.portfolio import KINDS as HAPPENINGS
from assessments.history.portfolio import by_month, came_in, end_of_today, steps_of
from assessments.history.timeline import Happened, line_a_kind
from assessments.home.listed_units import ListedUnit, units_in
from assessments.standing.progress import Progress
from centres.context import shell_of
from centres.http import SignedInRequest
from centres.permissions import coordinates
from portfolio.models import Claim, EvidenceVersion, Registration, RemovedFile, State
from portfolio.open_registrations import standing_of
from portfolio.permissions import authors_for, chooses_units
from portfolio.registrations.choosing import unit_choice
from portfolio.registrations.particulars import particulars_of
from portfolio.testimony.selectors import waiting_in
from standards.evidence_kinds import EvidenceKind
from standards.naming import codes_apart

KINDS = dict(EvidenceKind.choices)


class PieceLine(NamedTuple):
    """What the list says of a piece in its latest version. `pk` is the evidence's."""

    pk: int
    uuid: UUID
    number: int
    title: str
    kind: str
    happened_from: date
    happened_to: date | None
    added_at: datetime
    files: int
    has_removed_file: bool

    @property
    def kind_in_words(self) -> str:
        """What kind of evidence it is."""
        return KINDS[self.kind]


@require_safe
def portfolio(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show a portfolio to its candidate, who adds to it, and to those who look after it."""
    visible = Registration.objects.visible_to(request.user).select_related(
        "centre", "candidate", "chain", "qualification__framework"
    )
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    today = end_of_today(registration)
    units = units_in(registration)
    names = codes_apart({unit.pk: (unit.code, unit.framework) for unit in units})
    claimed = _claimed(names)
    choice = unit_choice(registration)
    pieces = [(piece, claimed[piece.pk]) for piece in _pieces(registration)]
    stamps = {one.unit.pk: one.version.stamp for one in choice.offered if one.unit and one.version}
    moved = {unit: name for unit, name in names.items() if stamps.get(unit)}  # nothing was ever signed in the others
    happened = came_in(piece.added_at for piece, _ in pieces) + (
        steps_of(moved, registration.centre.words) if moved else []
    )
    authors = authors_for(request.user, registration)
    may_add = bool(authors)
    context = {
        "registration": registration,
        "is_own": registration.candidate_id == request.user.pk,
        "units": [(unit, names[unit.pk], choice.group_of.get(unit.pk, ""), unit.progress) for unit in units],
        "progress": sum((unit.progress for unit in units), Progress()),
        "choice": choice,
        "particulars": particulars_of(registration),
        "may_correct": coordinates(shell_of(request).held_roles),
        "standing": standing_of(registration),
        "may_choose": coordinates(shell_of(request).held_roles) or chooses_units(registration, adds=may_add),
        "pieces": pieces,
        "timeline": _timeline(registration, units, happened, today) if happened else "",
        "may_add": may_add,
        "may_ask_witness": request.user in authors,
        "asked": waiting_in([registration.pk]),
        "is_finished": _is_finished(units),
    }
    return render(request, "assessments/portfolio_page/portfolio.html", context)


def _is_finished(units: Sequence[ListedUnit]) -> bool:
    return bool(units) and all(unit.state == State.VERIFIED for unit in units)


def _timeline(
    registration: Registration, units: Sequence[ListedUnit], happened: Sequence[Happened], today: datetime
) -> str:
    """What happened when, from the registration until today, or until the last step if every unit is verified."""
    until = max(step.at for step in happened) if _is_finished(units) else today
    zone = ZoneInfo(registration.centre.time_zone)
    with timezone.override(zone):
        return render_to_string(
            "assessments/portfolio_page/_portfolio_timeline.html",
            {
                "drawn": line_a_kind(happened, kinds=HAPPENINGS, began=registration.registered_at, until=until),
                "months": by_month(happened, zone),
            },
        )


def _pieces(registration: Registration) -> Iterable[PieceLine]:
    """The pieces by number, each in its latest version; one query."""
    versions = (
        EvidenceVersion.objects.filter(evidence__registration=registration, evidence__removed_at__isnull=True)
        .order_by("evidence__number", "number")
        .values_list(
            "evidence", "evidence__uuid", "evidence__number", "title", "kind", "happened_from", "happened_to",
            "evidence__added_at", Count("files"), Exists(RemovedFile.objects.of_version()),
        )
    )  # fmt: skip
    return {version[0]: PieceLine._make(version) for version in versions}.values()


def _claimed(names: dict[int, str]) -> dict[int, dict[str, int]]:
    """How many criteria each piece claims in each of these units, by the piece's primary key and the unit's name."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    counted = (
        Claim.objects.filter(candidate_unit__in=list(names), withdrawn_at__isnull=True)
        .order_by("candidate_unit__revision__unit__code", "candidate_unit")
        .values_list("evidence", "candidate_unit")
        .annotate(claims=Count("pk"))
    )
    for evidence, unit, claims in counted:
        found[evidence][names[unit]] = claims
    return found
