"""The page of figures, and the same as a file for a spreadsheet."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from centres.lists.spreadsheets import sheet_answer
from verification.sampling.kept_figures import figures_at
from verification.sampling.monitored import monitored_at
from verification.sampling.permissions import readable_centre_or_404


@require_safe
def figures(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show agreement, days and plan against done: of a verifier's units, or to a coordinator of all."""
    at, sees_all = readable_centre_or_404(request, centre)
    shown, made_at = figures_at(at, verifier=None if sees_all else request.user)
    context = {"centre": at, "figures": shown, "made_at": made_at, "sees_all": sees_all, "monitored": monitored_at(at)}
    return render(request, "verification/sampling/figures.html", context)


@require_safe
def figures_file(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Give the figures as CSV or, where the address asks for it (`as=xlsx`), as XLSX."""
    at, sees_all = readable_centre_or_404(request, centre)
    of_units, _ = figures_at(at, verifier=None if sees_all else request.user)
    rows = [*of_units.rows(), [], *monitored_at(at).rows()]
    return sheet_answer(rows, name=f"sampling-{at.today}", kind=request.GET.get("as", "csv"))
