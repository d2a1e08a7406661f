"""A coordinator's pages about candidates: registering them, and who assesses and verifies their units."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.views.lookup import coordinated_centre_or_404
from config.interrupted import form_data
from portfolio.candidates import candidates_of
from portfolio.models import CandidateUnit
from portfolio.registration_forms import AllocationForm, RegistrationForm, chosen_offer, offers
from portfolio.services.registrations import allocations_set, registration_create
from record.errors import ChangedMeanwhile


@require_safe
def registrations(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the candidates with what they are registered on, how far it is, and who works on each unit."""
    at = coordinated_centre_or_404(request, centre)
    candidates, page = candidates_of(at, request.GET.get("page"))
    return render(request, "portfolio/registrations.html", {"centre": at, "candidates": candidates, "page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def registration_add(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Register a candidate, first choosing on what, and go on to who assesses the first of the units."""
    at = coordinated_centre_or_404(request, centre)
    among = offers()
    offer = chosen_offer(among, request.GET)
    form = RegistrationForm(form_data(request), centre=at, offer=offer)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            registration = registration_create(
                centre=at,
                actor=request.user,
                candidate=said["candidate"],
                number=said["number"],
                qualification=offer.qualification if offer else None,
                revisions=list(said["revisions"]),
                form_key=said["form_key"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"{registration.candidate} is registered.")
            return redirect("portfolio:allocate", centre=centre, unit=registration.candidate_units.earliest("pk").uuid)
    context = {"centre": at, "form": form, "offers": among, "offer": offer}
    return render(request, "portfolio/registration_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def allocate(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Choose who assesses a unit and who verifies it."""
    at = coordinated_centre_or_404(request, centre)
    visible = CandidateUnit.objects.visible_to(request.user).select_related(
        "registration__candidate", "registration__centre", "revision__unit__framework"
    )
    found = get_object_or_404(visible, registration__centre=at, uuid=unit)
    form = AllocationForm(form_data(request), unit=found)
    if request.method == "POST" and form.is_valid():
        try:
            allocations_set(unit=found, actor=request.user, **form.cleaned_data)
        except ChangedMeanwhile as refusal:
            form = AllocationForm(form_data(request), unit=found).over_what_stands()
            form.add_error(None, refusal)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"Saved who assesses and verifies {found.revision.unit.code}.")
            return redirect("portfolio:registrations", centre=centre)
    return render(request, "portfolio/allocate.html", {"centre": at, "unit": found, "form": form})
