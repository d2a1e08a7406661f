"""The coordinator's page of what an awarding body asks of a registration: what holds, and who said what when."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.views.lookup import coordinated_centre_or_404
from portfolio.models import Registration
from portfolio.qualification_rules.warnings import Act, qualification_warnings
from portfolio.registrations.particulars import (
    current_particulars,
    particulars_changes,
    particulars_record,
    said_in,
)
from portfolio.registrations.particulars_forms import ParticularsForm
from record.errors import ChangedMeanwhile


@require_http_methods(["GET", "HEAD", "POST"])
def particulars(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show the particulars of a registration, and let others hold from now on."""
    at = coordinated_centre_or_404(request, centre)
    visible = Registration.objects.filter(centre=at).select_related("centre", "candidate", "qualification__framework")
    registration = get_object_or_404(visible, uuid=portfolio)
    form = _form(request, registration)
    if request.method == "POST" and form.is_valid():
        seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
        try:
            is_new = particulars_record(
                registration=registration, actor=request.user, said=form.said, seen=seen, reason=reason
            )
        except ChangedMeanwhile as refusal:
            form = _over_what_stands(registration, form, seen)
            form.add_error(None, refusal)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            saved = "Saved. What was signed keeps what it says; a later form has the new."
            messages.success(request, saved if is_new else "Nothing differs from what was there before.")
            claimed_on = form.said.claimed_on
            if is_new and claimed_on and claimed_on != form.initial["claimed_on"]:
                for warning in _warnings(registration, claimed_on):
                    messages.warning(request, f"Certificate claimed: {warning}")
            return redirect("assessments:portfolio", centre=centre, portfolio=portfolio)
    context = {
        "centre": at,
        "registration": registration,
        "form": form,
        "changes": particulars_changes(registration, at.words),
        "warnings": _warnings(registration, at.today) if not form.initial["claimed_on"] else [],
    }
    return render(request, "portfolio/registrations/particulars.html", context)


def _warnings(registration: Registration, day: date) -> list[str]:
    """What claiming a certificate on that day goes against."""
    return qualification_warnings(registration.centre, registration.qualification, Act.CERTIFICATE, day)


def _form(request: SignedInRequest, registration: Registration) -> ParticularsForm:
    stands = current_particulars(registration)
    return ParticularsForm(
        form_data(request),
        centre=registration.centre,
        stands=said_in(stands, registration),
        seen=stands.version if stands else 0,
    )


def _over_what_stands(registration: Registration, sent: ParticularsForm, seen: int) -> ParticularsForm:
    """The form as it was sent, over what somebody else said meanwhile."""
    registration.refresh_from_db(fields=["number"])
    shown = registration.particulars.filter(version=seen).first()
    stands = current_particulars(registration)
    return sent.over_what_stands(
        shown=said_in(shown, registration),
        stands=said_in(stands, registration),
        seen=stands.version if stands else 0,
    )
