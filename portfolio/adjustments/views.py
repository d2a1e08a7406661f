"""The pages about the adjustments of a portfolio: all of them, one more, and the end of one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.adjustments.forms import AdjustmentEndForm, AdjustmentForm
from portfolio.adjustments.services import adjustment_agree, adjustment_end
from portfolio.lookup import registration_or_404
from portfolio.models import Adjustment, Registration
from portfolio.permissions import may_agree_adjustments

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def adjustments(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """List what is adjusted for the candidate, what is to come, and what is over."""
    registration = registration_or_404(request, centre, portfolio)
    today = registration.centre.today
    rows = list(registration.adjustments.select_related("author", "ended_by"))
    context = {
        "registration": registration,
        "is_own": registration.candidate_id == request.user.pk,
        "may_agree": may_agree_adjustments(request.user, registration),
        "current": [row for row in rows if row.is_in_force_on(today)],
        "to_come": [row for row in rows if not row.ended_at and row.since > today],
        "over": [row for row in rows if row.ended_at or (row.until and row.until < today)],
    }
    return render(request, "portfolio/adjustments/adjustments.html", context)


@require_http_methods(FORM_METHODS)
def adjustment_add(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Put an adjustment on record."""
    registration = _agreed_on(request, centre, portfolio)
    form = AdjustmentForm(form_data(request), centre=registration.centre)
    if request.method == "POST" and form.is_valid():
        try:
            row = adjustment_agree(registration=registration, actor=request.user, details=form.details)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"On record: {row.in_short}. Who judges and samples is shown it.")
            return redirect("portfolio:adjustments", centre=centre, portfolio=portfolio)
    context = {"registration": registration, "form": form}
    return render(request, "portfolio/adjustments/adjustment_add.html", context)


@require_http_methods(FORM_METHODS)
def adjustment_end_page(request: SignedInRequest, centre: UUID, portfolio: UUID, adjustment: UUID) -> HttpResponse:
    """Ask why an adjustment ends, and end it."""
    registration = _agreed_on(request, centre, portfolio)
    found = get_object_or_404(Adjustment, registration=registration, uuid=adjustment)
    form = AdjustmentEndForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        adjustment_end(adjustment=found, actor=request.user, why=form.cleaned_data["why"])
        messages.success(request, f"{found} has ended. It stays on the page, with the reason.")
        return redirect("portfolio:adjustments", centre=centre, portfolio=portfolio)
    context = {"registration": registration, "adjustment": found, "form": form}
    return render(request, "portfolio/adjustments/adjustment_end.html", context)


def _agreed_on(request: SignedInRequest, centre: UUID, portfolio: UUID) -> Registration:
    """The portfolio, for who puts adjustments on record. Raises Http404, or PermissionDenied for others who see it."""
    registration = registration_or_404(request, centre, portfolio)
    if not may_agree_adjustments(request.user, registration):
        raise PermissionDenied
    return registration
