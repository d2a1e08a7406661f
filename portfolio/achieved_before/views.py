"""The pages on which units achieved before are recorded, checked, and taken back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.sign_in.password_again import password_again
from portfolio.achieved_before.forms import AchievedBeforeForm, CheckForm, TakeBackForm
from portfolio.achieved_before.services import (
    achieved_before_check,
    achieved_before_record,
    achieved_before_take_back,
)
from portfolio.models import AchievedBefore, Capacity, Registration
from portfolio.permissions import checks_achieved_as, may_record_achieved

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def achieved_before_add(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Record a unit that the candidate achieved before."""
    visible = Registration.objects.visible_to(request.user).select_related(
        "candidate", "centre", "chain", "qualification__framework"
    )
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    if not may_record_achieved(request.user, registration):
        raise PermissionDenied
    form = AchievedBeforeForm(form_data(request), registration=registration, initial={"unit": request.GET.get("unit")})
    if request.method == "POST" and form.is_valid():
        try:
            achieved = achieved_before_record(
                registration=registration, actor=request.user, revision=form.revision, said=form.said
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Recorded. It counts once an assessor has checked what shows it.")
            return redirect("portfolio:achieved_before", centre=centre, achieved=achieved.uuid)
    context = {"registration": registration, "form": form}
    return render(request, "portfolio/achieved_before/achieved_before_add.html", context)


@require_http_methods(FORM_METHODS)
def achieved_before(request: SignedInRequest, centre: UUID, achieved: UUID) -> HttpResponse:
    """Show a unit that was achieved before, and take an assessor's check, a verifier's agreement, or it back."""
    found = _achieved_or_404(request, centre, achieved)
    checks_as = checks_achieved_as(request.user, found)
    may_take_back = not found.taken_back_at and may_record_achieved(request.user, found.registration)
    sent, does = form_data(request), request.POST.get("do", "")
    check = CheckForm(sent if does == "check" else None)
    back = TakeBackForm(sent if does == "take_back" else None)
    if request.method == "POST":
        if not (checks_as or may_take_back):
            raise PermissionDenied
        form = check if does == "check" else back
        if form.is_bound and form.is_valid() and _done(request, found, form):
            return redirect("portfolio:achieved_before", centre=centre, achieved=achieved)
    context = {
        "achieved": found,
        "registration": found.registration,
        "checks": found.checks.select_related("person"),
        "agrees": checks_as == Capacity.INTERNAL_VERIFIER,
        "check": check if checks_as else None,
        "back": back if may_take_back else None,
        "is_refused": check.is_bound or back.is_bound,
    }
    return render(request, "portfolio/achieved_before/achieved_before.html", context)


def _achieved_or_404(request: SignedInRequest, centre: UUID, achieved: UUID) -> AchievedBefore:
    visible = Registration.objects.visible_to(request.user).filter(centre__uuid=centre)
    rows = AchievedBefore.objects.filter(registration__in=visible).select_related(
        "registration__centre", "registration__candidate", "registration__chain", "revision__unit__framework",
        "evidence", "recorded_by", "taken_back_by",
    )  # fmt: skip
    return get_object_or_404(rows.prefetch_related("checks"), uuid=achieved)


def _done(request: SignedInRequest, achieved: AchievedBefore, form: CheckForm | TakeBackForm) -> bool:
    """Do what the form says; False, with the reason in the form, if that is refused."""
    try:
        if isinstance(form, CheckForm):
            with password_again(request):
                achieved_before_check(achieved=achieved, actor=request.user, **form.cleaned_data)
            messages.success(request, "Your name stands under it now.")
        else:
            achieved_before_take_back(achieved=achieved, actor=request.user, **form.cleaned_data)
            messages.success(request, "It was taken back. That it was recorded stays on record.")
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True
