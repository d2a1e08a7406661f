"""The pages on which an assessor takes down what a witness said, or puts in what they wrote by hand."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.models import Registration, Testimony, TestimonyRequest
from portfolio.permissions import may_note_testimony
from portfolio.testimony.assessor_forms import PaperForm, TakeDownForm
from portfolio.testimony.on_paper import testimony_from_paper
from portfolio.testimony.sending import say_sent
from portfolio.testimony.taking_down import testimony_take_down


@require_http_methods(["GET", "HEAD", "POST"])
def take_down(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Write down what a witness said, and go on to the link on which they confirm it."""
    registration = _registration(request, centre, portfolio)
    form = TakeDownForm(form_data(request), registration=registration, user=request.user)
    before = form.sent_before()
    if before and form.repeats(before):
        return redirect("portfolio:testimony_request", centre=centre, asked=before.uuid)
    if before:
        form = form.for_another(before)
    elif request.method == "POST" and (asked := _take_down(form)):
        say_sent(request, asked)
        return redirect("portfolio:testimony_request", centre=centre, asked=asked.uuid)
    context = {"registration": registration, "form": form, "unit": request.GET.get("unit", "")}
    return render(request, "portfolio/testimony/take_down.html", context)


def _take_down(form: TakeDownForm) -> TestimonyRequest | None:
    if not form.is_valid():
        return None
    said = form.cleaned_data
    try:
        return testimony_take_down(
            registration=form.registration,
            actor=form.user,
            form_key=said["form_key"],
            said=form.given(),
            setting=said["setting"],
            reached=said["reached"],
            reached_on=said["reached_on"],
            witness=form.witness(),
            email=said["email"],
        )
    except ValidationError as refusal:
        form.refuse(refusal)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def from_paper(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Put in a testimony that was signed by hand, and go on to what it shows."""
    registration = _registration(request, centre, portfolio)
    form = PaperForm(form_data(request), request.FILES or None, registration=registration, user=request.user)
    if request.method == "POST":
        form.paper.stage_good_files()
        before = form.saved_before()
        if before and not form.is_of(before):
            form = form.for_another_paper(before)
        elif testimony := before or _put_in(form):
            messages.success(request, f"The testimony of {testimony.name} is saved as evidence.")
            return redirect("portfolio:evidence", centre=centre, evidence=testimony.evidence.uuid)
    context = {"registration": registration, "form": form}
    return render(request, "portfolio/testimony/from_paper.html", context)


def _put_in(form: PaperForm) -> Testimony | None:
    if not form.is_valid():
        return None
    try:
        return testimony_from_paper(
            registration=form.registration,
            actor=form.user,
            form_key=form.cleaned_data["form_key"],
            given=form.given(),
            setting=form.cleaned_data["setting"],
            staged=form.paper.staged_files(),
            witness=form.witness(),
        )
    except ValidationError as refusal:
        form.refuse(refusal)
        return None


def _registration(request: SignedInRequest, centre: UUID, portfolio: UUID) -> Registration:
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    if not may_note_testimony(request.user, registration):
        raise PermissionDenied
    return registration
