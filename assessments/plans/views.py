"""The plans and reviews of a portfolio, one of them with what its candidate says of it, and the centre's headings."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Sheet, SheetDraft, SheetKind
from assessments.observations.forms import AcknowledgeForm, OnTheSpotForm, SignatureForm
from assessments.observations.handed_over import hand_over, is_handed_over
from assessments.observations.on_the_spot import OF_NOBODY, device_back, say_on_the_spot
from assessments.permissions import may_plan
from assessments.plans.forms import HeadingsForm
from assessments.plans.selectors import lines_of, sheets_of, still_open
from assessments.plans.services import sheet_answer
from assessments.plans.templates import sheet_headings, sheet_template_set
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.views.lookup import coordinated_centre_or_404
from portfolio.models import Registration
from record.errors import ChangedMeanwhile


@require_safe
def sheets(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """List the plans and reviews of a portfolio; its assessors begin new ones here, and find what is not signed."""
    registration = registration_or_404(request, centre, portfolio)
    found = sheets_of(registration)
    context = {
        "registration": registration,
        "is_own": registration.candidate_id == request.user.pk,
        "current": [sheet for sheet in found if sheet.kind == SheetKind.PLAN and sheet.replaced_by is None],
        "earlier": [sheet for sheet in found if sheet.kind == SheetKind.PLAN and sheet.replaced_by is not None],
        "reviews": [sheet for sheet in found if sheet.kind == SheetKind.REVIEW],
        "plans": may_plan(request.user, registration),
        "drafts": SheetDraft.objects.filter(author=request.user, registration=registration),
        "kinds": SheetKind,
    }
    return render(request, "assessments/plans/sheets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: SignedInRequest, centre: UUID, sheet: UUID) -> HttpResponse:
    """Show a plan or a review, and take from its candidate whether they agree."""
    found = sheet_or_404(request, centre, sheet)
    is_own = found.registration.candidate_id == request.user.pk
    form = AcknowledgeForm(form_data(request)) if is_own and not hasattr(found, "answer") else None
    if request.method == "POST":
        if not is_own:
            raise PermissionDenied
        if form is None:
            messages.info(request, "You have said already that you saw this.")
            return redirect("assessments:sheet", centre=centre, sheet=sheet)
        if form.is_valid():
            sheet_answer(sheet=found, actor=request.user, agrees=form.agrees, words=form.cleaned_data["words"])
            messages.success(request, "Thank you. What you said is part of the record.")
            return redirect("assessments:sheet", centre=centre, sheet=sheet)
    context = {
        "sheet": found,
        "lines": lines_of(found),
        "carried": still_open(found.carried),
        "form": form,
        "is_own": is_own,
        "is_author": found.author_id == request.user.pk,
    }
    return render(request, "assessments/plans/sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def handed_over(request: SignedInRequest, centre: UUID, sheet: UUID) -> HttpResponse:
    """Hand the device over, let the candidate say what they say of a plan or a review, and take the device back."""
    found = sheet_or_404(request, centre, sheet)
    if found.author_id != request.user.pk:
        raise PermissionDenied
    here = reverse("assessments:sheet_handed_over", args=[centre, sheet])
    candidate, pressed = found.registration.candidate, request.POST
    if "hand" in pressed:
        hand_over(request, here)
        return redirect(here)
    if not is_handed_over(request):
        back_url = reverse("assessments:sheet", args=[centre, sheet])
        leads_back = {"candidate": candidate, "back_url": back_url, "back": str(found)}
        return render(request, "assessments/observations/hand_over.html", leads_back)
    say = OnTheSpotForm(pressed if "say" in pressed else None)
    back = SignatureForm(pressed if "back" in pressed else None, prefix="assessor")
    save = partial(sheet_answer, sheet=found)
    if "say" in pressed and say.is_valid() and say_on_the_spot(request, say, candidate, save):
        return redirect(here)
    if "back" in pressed and back.is_valid() and device_back(request, back):
        return redirect("assessments:sheet", centre=centre, sheet=sheet)
    context = {"sheet": found, "lines": lines_of(found), "carried": still_open(found.carried), "say": say, "back": back}
    return render(request, "assessments/plans/handed_over.html", context | OF_NOBODY)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_template(request: SignedInRequest, centre: UUID, kind: str) -> HttpResponse:
    """Let a coordinator say what the centre's plans or reviews are called and ask."""
    at = coordinated_centre_or_404(request, centre)
    of_kind = SheetKind(kind) if kind in SheetKind.values else SheetKind.PLAN
    form = HeadingsForm(form_data(request), stands=sheet_headings(at, of_kind))
    refusal: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        given = {"title": said["title"], "headings": form.headings(), "seen": said["seen"]}
        try:
            sheet_template_set(centre=at, actor=request.user, kind=of_kind, **given)
        except ChangedMeanwhile as changed:
            refusal = changed
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Saved. What is signed from now on has these headings.")
            return redirect("assessments:sheet_template", centre=centre, kind=of_kind.value)
    context = {"centre": at, "kind": of_kind, "kinds": SheetKind, "form": form, "refusal": refusal}
    return render(request, "assessments/plans/template.html", context)


def registration_or_404(request: SignedInRequest, centre: UUID, portfolio: UUID) -> Registration:
    """The portfolio, for those to whom it is open. Raises Http404."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate", "chain")
    found: Registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    return found


def sheet_or_404(request: SignedInRequest, centre: UUID, sheet: UUID) -> Sheet:
    """The plan or review, for those to whom its portfolio is open. Raises Http404."""
    visible = Sheet.objects.visible_to(request.user).select_related(
        "registration__centre", "registration__candidate", "registration__chain", "author", "answer", "replaced_by"
    )
    return get_object_or_404(visible, registration__centre__uuid=centre, uuid=sheet)
