"""The coordinator's pages about candidates: registering them, and allocating who assesses and verifies their units."""

from collections import defaultdict
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.lists.page import listed
from centres.models import User
from centres.views.lookup import coordinated_centre_or_404
from portfolio.models import Allocation, CandidateUnit, Capacity, Registration
from portfolio.permissions import kept_from_verifying
from portfolio.qualification_rules.warnings import Act, qualification_warnings
from portfolio.registrations.candidate_list import (
    CANDIDATES_ON_A_PAGE,
    CandidatesFilter,
    CandidatesTable,
    candidate_lines,
    unit_rows,
)
from portfolio.registrations.confirming import nobody_confirms
from portfolio.registrations.forms import AllocationForm, RegistrationForm, offers
from portfolio.registrations.services import allocations_set, registration_create
from record.errors import ChangedMeanwhile
from standards.in_words import counted

WhoDoesWhat = defaultdict[int, dict[str, User]]  # by the unit's primary key and the capacity


@require_safe
def registrations(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the candidates with their qualification, how far they have come, and who works on each unit."""
    at = coordinated_centre_or_404(request, centre)
    registered = Registration.objects.filter(centre=at).select_related("candidate")
    found = listed(
        request,
        CandidatesFilter(request.GET, queryset=registered, centre=at),
        CandidatesTable,
        rows=lambda some: unit_rows(candidate_lines(at, some)),
        file_name=f"{at.name} {at.words.candidates} {at.today}",
        size=CANDIDATES_ON_A_PAGE,
        shows_table=False,
    )
    if isinstance(found, HttpResponse):
        return found
    candidates = candidate_lines(at, found.page.rows)
    context = {"centre": at, "listed": found, "candidates": candidates}
    return render(request, "portfolio/registrations/registrations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def registration_add(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Register a candidate, after choosing on what, and go on to allocating the first of the units."""
    at = coordinated_centre_or_404(request, centre)
    among, offer = offers(request.GET)
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
                particulars=form.said,
            )
        except ValidationError as refusal:
            form = form.for_another()
            form.add_error(None, refusal)
        else:
            messages.success(request, f"{registration.candidate} is registered.")
            return redirect("portfolio:allocate", centre=centre, unit=registration.candidate_units.earliest("pk").uuid)
    warnings = qualification_warnings(at, offer.qualification, Act.REGISTRATION) if offer else []
    context = {"centre": at, "form": form, "offers": among, "offer": offer, "warnings": warnings}
    return render(request, "portfolio/registrations/registration_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def allocate(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Choose who assesses a unit and who verifies it."""
    at = coordinated_centre_or_404(request, centre)
    visible = CandidateUnit.objects.visible_to(request.user).select_related(
        "registration__candidate", "registration__centre", "revision__unit__framework"
    )
    found = get_object_or_404(visible, registration__centre=at, uuid=unit)
    form = AllocationForm(form_data(request), unit=found)
    came_from = _came_from(request)
    if request.method == "POST" and form.is_valid():
        before = _who_does_what(found.registration)
        try:
            allocations_set(unit=found, actor=request.user, **form.cleaned_data)
        except ChangedMeanwhile as refusal:
            form = AllocationForm(form_data(request), unit=found).over_what_stands()
            form.add_error(None, refusal)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _said_of(found, before, _who_does_what(found.registration)))
            for sentence in nobody_confirms(found):
                messages.warning(request, sentence)
            return redirect(came_from) if came_from else redirect("portfolio:registrations", centre=centre)
    context = {"centre": at, "unit": found, "form": form, "came_from": came_from}
    context["kept_out"] = kept_from_verifying(found)
    context["nobody_confirms"] = nobody_confirms(found)
    return render(request, "portfolio/registrations/allocate.html", context)


def _came_from(request: SignedInRequest) -> str:
    """The page of ours to which somebody goes back, if the link they came by named it."""
    page = request.GET.get("next", "")
    return page if page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None) else ""


def _who_does_what(registration: Registration) -> WhoDoesWhat:
    found: WhoDoesWhat = defaultdict(dict)
    working = Allocation.objects.in_force(registration.centre_id).filter(
        candidate_unit__registration=registration, leads=True
    )
    for one in working.select_related("user"):
        found[one.candidate_unit_id][one.capacity] = one.user
    return found


def _said_of(unit: CandidateUnit, before: WhoDoesWhat, now: WhoDoesWhat) -> str:
    """Say who assesses and verifies the unit now, and how many other units of the portfolio were allocated with it."""
    people = now[unit.pk]
    assessor, verifier = people.get(Capacity.ASSESSOR), people.get(Capacity.INTERNAL_VERIFIER)
    if not people:
        who = "nobody assesses or verifies yet"
    else:
        assesses = f"{assessor} assesses" if assessor else "nobody assesses yet"
        who = f"{assesses}, {verifier} verifies" if verifier else f"{assesses}, nobody verifies yet"
    others = [there for other, there in now.items() if other != unit.pk and there != before[other]]
    alike = others.count(people)
    and_others = f" and {counted(alike, 'other unit')}" if alike else ""
    sentence = f"{unit.registration.candidate}, {unit.revision.unit.code}{and_others}: {who}."
    beside = Allocation.objects.in_force(unit.registration.centre_id).filter(candidate_unit=unit, leads=False)
    if names := [str(one.user) for one in beside.select_related("user").order_by("pk")]:
        sentence += f" Beside them on {unit.revision.unit.code}: {', '.join(names)}."
    if filled := len(others) - alike:
        sentence += (
            f" In {counted(filled, 'more unit' if alike else 'other unit')} only what nobody did yet was filled."
        )
    return sentence
