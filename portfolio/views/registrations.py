"""A coordinator's pages about candidates: registering them, and who assesses and verifies their units."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.views.lookup import coordinated_centre_or_404
from config.interrupted import form_data
from portfolio.choosing import how_far, rules_of, units_in_short
from portfolio.models import Allocation, CandidateUnit, Registration, UnitVersion
from portfolio.registration_forms import AllocationForm, RegistrationForm, chosen_offer, offers
from portfolio.services.registrations import allocations_set, registration_create
from record.errors import ChangedMeanwhile

CANDIDATES_ON_A_PAGE = 25


@require_safe
def registrations(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the candidates with what they are registered on, how far it is, and who works on each unit."""
    at = coordinated_centre_or_404(request, centre)
    units = (
        CandidateUnit.objects.taken()
        .select_related("revision__unit__framework")
        .prefetch_related(
            Prefetch("versions", UnitVersion.objects.filter(closed_at__isnull=True), to_attr="open_versions"),
            Prefetch("allocations", Allocation.objects.current().select_related("user"), to_attr="standing"),
        )
    )
    ordered = units.order_by("revision__unit__code", "revision__unit__framework__code")
    listed = (
        Registration.objects.visible_to(request.user)
        .filter(centre=at)
        .select_related("candidate", "qualification__framework")
        .prefetch_related(Prefetch("candidate_units", ordered, to_attr="taken"))
        .order_by("candidate__name", "pk")
    )
    page = Paginator(listed, CANDIDATES_ON_A_PAGE).get_page(request.GET.get("page"))
    rules = rules_of(page)
    for registration in page:
        taken: list[CandidateUnit] = registration.taken  # type: ignore[attr-defined]
        for unit in taken:
            unit.people = {given.capacity: given.user for given in unit.standing}  # type: ignore[attr-defined]
        registration.in_short = units_in_short(taken) if len(taken) > 2 else ""  # type: ignore[attr-defined]
        rule = rules.get(registration.qualification_id or 0)
        registration.combination = how_far(rule, taken) if rule else None  # type: ignore[attr-defined]
    return render(request, "portfolio/registrations.html", {"centre": at, "page": page})


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
