"""The pages on which units of a portfolio are chosen, and any others added."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.views.lookup import coordinated_centre_or_404
from portfolio.models import Registration
from portfolio.permissions import may_choose_any_unit, may_choose_units, may_record_achieved
from portfolio.registrations.choosing import achieved_to_check, unit_choice, with_prose
from portfolio.registrations.forms import UnitsForm, offers
from portfolio.registrations.services import units_add
from portfolio.registrations.unit_choice import Choice, unit_choose, unit_set_aside
from standards.selectors import latest_revisions


@require_http_methods(["GET", "HEAD", "POST"])
def units(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show which units a portfolio takes and which are missing; take one or set one aside."""
    registration = _registration_or_404(request, centre, portfolio)
    if request.method == "POST":
        if not may_choose_units(request.user, registration):
            raise PermissionDenied
        _change(request, registration)
        return redirect("portfolio:units", centre=centre, portfolio=portfolio)
    context = {
        "registration": registration,
        "choice": with_prose(unit_choice(registration)),
        "is_own": registration.candidate_id == request.user.pk,
        "may_choose": may_choose_units(request.user, registration),
        "may_add_any": may_choose_any_unit(request.user, registration),
        "may_record_achieved": may_record_achieved(request.user, registration),
        "to_check": achieved_to_check(registration),
    }
    return render(request, "portfolio/registrations/units.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def unit_add(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Add any units to a registration, after choosing their framework."""
    coordinated_centre_or_404(request, centre)
    registration = _registration_or_404(request, centre, portfolio)
    among, offer = offers(request.GET, qualifications=False, without=registration)
    form = UnitsForm(form_data(request), offer=offer, registration=registration)
    if request.method == "POST" and form.is_valid():
        try:
            units_add(registration=registration, actor=request.user, revisions=list(form.cleaned_data["revisions"]))
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "The units were added. Choose who assesses and verifies them.")
            return redirect("portfolio:registrations", centre=centre)
    context = {"centre": registration.centre, "registration": registration, "form": form}
    return render(request, "portfolio/registrations/unit_add.html", context | {"offers": among, "offer": offer})


def _registration_or_404(request: SignedInRequest, centre: UUID, portfolio: UUID) -> Registration:
    visible = Registration.objects.visible_to(request.user).select_related(
        "candidate", "centre", "qualification__framework"
    )
    return get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)


def _change(request: SignedInRequest, registration: Registration) -> None:
    """Do what the pressed button says, and say what came of it."""
    try:
        if wanted := _uuid(request.POST.get("take")):
            revision = latest_revisions().filter(unit__uuid=wanted).select_related("unit__framework").first()
            if revision:
                _say_taken(request, unit_choose(registration=registration, actor=request.user, revision=revision))
                return
        if wanted := _uuid(request.POST.get("set_aside")):
            units_there = registration.candidate_units.select_related("revision__unit")
            if unit := units_there.filter(uuid=wanted).first():
                unit_set_aside(unit=unit, actor=request.user)
                code = unit.revision.unit.code
                words = "What was collected for it stays, and you can take it up again here."
                messages.success(request, f"{code} is set aside. {words}")
                return
        messages.error(request, "There is no such unit to choose. Nothing was changed.")
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))


def _say_taken(request: HttpRequest, choice: Choice) -> None:
    code = choice.unit.revision.unit.code
    called = choice.unit.registration.centre.words
    works = " and ".join(f"{person} is its {called.of_role(capacity)}" for capacity, person in choice.people.items())
    who = f" As in your other units, {works}." if works else ""
    messages.success(request, f"{code} is one of the units now.{who}")


def _uuid(said: str | None) -> UUID | None:
    try:
        return UUID(said or "")
    except ValueError:
        return None
