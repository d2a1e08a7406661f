"""The page of the interests that are declared in a portfolio, and the page that withdraws one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.permissions import may_coordinate
from portfolio.interests.forms import AssessingForm, InterestForm, InterestWithdrawalForm
from portfolio.interests.rules import assesses_unexplained, unexplained
from portfolio.interests.services import assessing_explain, interest_declare, may_declare_for, may_withdraw
from portfolio.interests.services import interest_withdraw as withdraw
from portfolio.models import Allocation, Capacity, Interest, InterestKind, Registration


@require_http_methods(["GET", "HEAD", "POST"])
def interests(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show what is declared in a portfolio, and let staff declare more. Its candidate reads who and what kind."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate", "chain")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    is_own = registration.candidate_id == request.user.pk
    may = not is_own and (
        may_coordinate(request.user, registration.centre) or may_declare_for(request.user, registration, request.user)
    )
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = InterestForm(form_data(request), registration=registration, user=request.user) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        said = form.cleaned_data
        try:
            interest = interest_declare(
                registration=registration,
                actor=request.user,
                person=form.whose,
                kind=InterestKind(said["kind"]),
                words=said["words"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            _say(request, interest)
            return redirect("portfolio:interests", centre=centre, portfolio=portfolio)
    related = ("person", "declared_by", "withdrawn_by")
    declared = Interest.objects.filter(registration=registration).select_related(*related)
    for one in declared:
        one.registration = registration
    coordinates = form is not None and may_coordinate(request.user, registration.centre)
    asked = set(unexplained(declared.conflicting()).values_list("pk", flat=True)) if coordinates else set()
    context = {
        "registration": registration,
        "is_own": is_own,
        "declared": [
            (one, may_withdraw(request.user, one), one.pk in asked) for one in declared if one.withdrawn_at is None
        ],
        "withdrawn": [] if is_own else [one for one in declared if one.withdrawn_at],
        "form": form,
    }
    return render(request, "portfolio/interests/interests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def interest_withdraw(request: SignedInRequest, centre: UUID, interest: UUID) -> HttpResponse:
    """Ask why an interest is withdrawn, and withdraw it."""
    found = _interest_or_404(request, centre, interest)
    if not may_withdraw(request.user, found):
        raise PermissionDenied
    form = InterestWithdrawalForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(interest=found, actor=request.user, why=form.cleaned_data["why"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Withdrawn. It can still be read, with the reason.")
            return redirect("portfolio:interests", centre=centre, portfolio=found.registration.uuid)
    return render(request, "portfolio/interests/withdraw.html", {"interest": found, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def interest_reason(request: SignedInRequest, centre: UUID, interest: UUID) -> HttpResponse:
    """Ask the coordinator why somebody goes on assessing, in which units, and keep it."""
    found = _interest_or_404(request, centre, interest)
    if not may_coordinate(request.user, found.registration.centre):
        raise PermissionDenied
    form = AssessingForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            given = assessing_explain(interest=found, actor=request.user, reason=form.cleaned_data["reason"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            if given:
                messages.success(request, "Saved. It stays in the record.")
            else:
                messages.warning(
                    request, f"Nothing was saved: no unit that {found.person} assesses here lacks a reason."
                )
            return redirect("portfolio:interests", centre=centre, portfolio=found.registration.uuid)
    asked = assesses_unexplained(found.registration, found.person).select_related("candidate_unit__revision__unit")
    holds = found.is_conflicting and not found.withdrawn_at
    units = [one.candidate_unit for one in asked.order_by("pk")] if holds else []
    return render(request, "portfolio/interests/reason.html", {"interest": found, "units": units, "form": form})


def _interest_or_404(request: SignedInRequest, centre: UUID, interest: UUID) -> Interest:
    portfolios = Registration.objects.visible_to(request.user).filter(centre__uuid=centre)
    related = ("person", "registration__centre", "registration__candidate", "registration__chain")
    return get_object_or_404(
        Interest.objects.filter(registration__in=portfolios).select_related(*related), uuid=interest
    )


def _say(request: SignedInRequest, interest: Interest) -> None:
    """Say that it is declared, and what the coordinator has to do where the person works there now."""
    messages.success(request, f"Declared: {interest.get_kind_display().lower()}, {interest.person}.")
    if not interest.is_conflicting:
        return
    registration, person, words = interest.registration, interest.person, interest.registration.centre.words
    verifies = Allocation.objects.in_force(registration.centre_id).filter(
        candidate_unit__registration=registration, user=person, capacity=Capacity.INTERNAL_VERIFIER
    )
    if verifies.exists():
        called = words.of_role(Capacity.INTERNAL_VERIFIER)
        messages.warning(
            request,
            f"{person} is {called} of units in this portfolio, and cannot look at them any more. The "
            f"{words.coordinator} allocates another {called}.",
        )
    if assesses_unexplained(registration, person).exists():
        messages.warning(
            request,
            f"{person} assesses units in this portfolio. The {words.coordinator} says why they go on, or allocates "
            "somebody else. What they assess is sampled in full.",
        )
