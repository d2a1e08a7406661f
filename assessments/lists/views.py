"""The pages of the lists, which are also their files."""

from functools import partial
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.actions.selectors import readable_at
from assessments.lists.action_list import ActionsFilter, ActionsTable, action_rows
from assessments.lists.evidence_list import EvidenceFilter, EvidenceTable, PortfolioEvidenceTable, evidence_rows
from assessments.lists.unit_list import LISTS_UNITS, UnitsFilter, UnitsTable, unit_rows, units_of_centre
from centres.context import shell_of
from centres.http import SignedInRequest
from centres.lists.page import Listed, listed
from centres.models import Centre
from centres.permissions import coordinates
from centres.views.lookup import own_centre_or_404
from portfolio.models import Evidence, Registration

ROWS = 25  # on a page: each has many columns


@require_safe
def units(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the units of the centre to its coordinators, and to who assesses or verifies those they work on."""
    at = own_centre_or_404(request, centre)
    roles = shell_of(request).held_roles
    if LISTS_UNITS.isdisjoint(roles):
        raise PermissionDenied
    filters = UnitsFilter(request.GET, queryset=units_of_centre(at, request.user, roles), centre=at, roles=roles)
    name = f"{at.name} units {at.today}"
    found = listed(request, filters, UnitsTable, rows=partial(unit_rows, at), file_name=name, size=ROWS)
    return _page(request, "units", at, found)


@require_safe
def evidence(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the evidence of all portfolios in the centre that are open to the person."""
    at = own_centre_or_404(request, centre)
    pieces = Evidence.objects.visible_to(request.user).kept().filter(registration__centre=at)
    filters = EvidenceFilter(request.GET, queryset=pieces)
    name = f"{at.name} evidence {at.today}"
    found = listed(request, filters, EvidenceTable, rows=partial(evidence_rows, at), file_name=name, size=ROWS)
    return _page(request, "evidence", at, found)


@require_safe
def portfolio_evidence(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """List the evidence of one portfolio."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    at = registration.centre
    filters = EvidenceFilter(request.GET, queryset=registration.evidence.kept())
    name = f"{registration.candidate.name} evidence {at.today}"
    found = listed(request, filters, PortfolioEvidenceTable, rows=partial(evidence_rows, at), file_name=name, size=ROWS)
    return _page(request, "portfolio_evidence", at, found, registration=registration)


@require_safe
def actions(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the actions in the centre that the person may read."""
    at = own_centre_or_404(request, centre)
    filters = ActionsFilter(request.GET, queryset=readable_at(at, request.user), centre=at, person=request.user)
    name = f"{at.name} actions {at.today}"
    found = listed(request, filters, ActionsTable, rows=partial(action_rows, at), file_name=name, size=ROWS)
    return _page(request, "actions", at, found)


def _page(
    request: SignedInRequest, which: str, centre: Centre, found: Listed | HttpResponse, **more: object
) -> HttpResponse:
    """The page of a list, or the file that was asked for."""
    if isinstance(found, HttpResponse):
        return found
    roles = shell_of(request).held_roles
    context = {
        "centre": centre,
        "listed": found,
        "coordinates": coordinates(roles),
        "lists_units": not LISTS_UNITS.isdisjoint(roles),
        **more,
    }
    return render(request, f"assessments/lists/{which}.html", context)
