"""The pages about the induction: what a candidate reads and signs, who has not yet, and the centre's words."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.sign_in.password_again import password_again
from centres.views.lookup import coordinated_centre_or_404
from portfolio.induction.forms import InductionForm, InductionTextForm
from portfolio.induction.selectors import induction_of, without_induction
from portfolio.induction.services import induction_sign
from portfolio.induction.text import induction_text_set, induction_words
from portfolio.lookup import registration_or_404
from portfolio.models import Registration
from portfolio.permissions import signs_induction
from record.errors import ChangedMeanwhile

FORM_METHODS = ["GET", "HEAD", "POST"]
ON_A_PAGE = 50


@require_http_methods(FORM_METHODS)
def induction(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show what a candidate reads when they begin, or what they signed; take their signature."""
    registration = registration_or_404(request, centre, portfolio)
    signs = signs_induction(request.user, registration)
    if request.method == "POST" and not signs:
        raise PermissionDenied
    signed = induction_of(registration)
    if request.method == "POST" and signed:
        messages.info(request, "You have signed this already.")
        return redirect("portfolio:induction", centre=centre, portfolio=portfolio)
    form = InductionForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        try:
            _sign(request, registration, form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Signed. You can read it here at any time.")
            return redirect("portfolio:induction", centre=centre, portfolio=portfolio)
    words = induction_words(registration.centre)
    context = {
        "registration": registration,
        "is_own": registration.candidate_id == request.user.pk,
        "signed": signed,
        "sections": signed.sections if signed else words.sections,
        "seen": words.digest,
        "form": form if signs and not signed else None,
    }
    return render(request, "portfolio/induction/induction.html", context)


@require_safe
def inductions(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List whose induction is not signed."""
    at = coordinated_centre_or_404(request, centre)
    waiting = without_induction().filter(centre=at).select_related("candidate", "centre", "qualification")
    page = Paginator(waiting.order_by("registered_at", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portfolio/induction/inductions.html", {"centre": at, "page": page})


@require_http_methods(FORM_METHODS)
def induction_text(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Let a coordinator say what the candidates of the centre read."""
    at = coordinated_centre_or_404(request, centre)
    stands = induction_words(at)
    form = InductionTextForm(form_data(request), stands=stands)
    refusal: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        try:
            induction_text_set(centre=at, actor=request.user, seen=form.cleaned_data["seen"], said=form.said)
        except ChangedMeanwhile as changed:
            refusal = changed
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, "Saved. Who signs from now on reads this.")
            return redirect("portfolio:induction_text", centre=centre)
    context = {"centre": at, "form": form, "refusal": refusal, "is_ours": stands.number == 0}
    return render(request, "portfolio/induction/induction_text.html", context)


def _sign(request: SignedInRequest, registration: Registration, form: InductionForm) -> None:
    """Sign, unless the password was wrong too often. Raises ValidationError."""
    with password_again(request):
        induction_sign(registration=registration, actor=request.user, **form.cleaned_data)
