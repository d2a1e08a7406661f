"""The page of figures, and the same as a file for a spreadsheet."""

import csv
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from centres.http import SignedInRequest
from verification.sampling.figures import figures_of
from verification.sampling.permissions import readable_centre_or_404

FORMULA = ("=", "+", "-", "@", "\t")  # a cell that begins so would be worked out by a spreadsheet


@require_safe
def figures(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show agreement, days and plan against done: of a verifier's units, or to a coordinator of all."""
    at, sees_all = readable_centre_or_404(request, centre)
    shown = figures_of(at, verifier=None if sees_all else request.user)
    context = {"centre": at, "figures": shown, "sees_all": sees_all}
    return render(request, "verification/sampling/figures.html", context)


@require_safe
def figures_file(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Give the figures as CSV, with the mark by which spreadsheets know that it is UTF-8."""
    at, sees_all = readable_centre_or_404(request, centre)
    name = f"sampling-{at.today}.csv"
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    for row in figures_of(at, verifier=None if sees_all else request.user).rows():
        writer.writerow([_plain(cell) for cell in row])
    return response


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
