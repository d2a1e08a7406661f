"""The coordinator's pages on how a registration stands, and on unit certificates for those who leave early."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments.endings.forms import CertificateForm, RegistrationStandingForm
from assessments.endings.on_paper import units_paper
from assessments.endings.pending import pending_in
from assessments.endings.selectors import CertifiableUnit, certifiable_units, has_ended_early
from assessments.endings.services import certificate_claim, certificate_take_back
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.views.lookup import coordinated_centre_or_404
from portfolio.achieved_before.forms import TakeBackForm
from portfolio.models import Registration, RegistrationStanding, UnitCertificate
from portfolio.open_registrations import standing_of, state_of
from portfolio.qualification_rules.warnings import Act, qualification_warnings
from portfolio.registrations.standing import standing_change, why_not_complete
from printing.papers import paper_pdf
from printing.sending import send_pdf
from record.errors import ChangedMeanwhile
from record.plain_text import plain_text

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def registration_standing(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show how a registration stands, and what is pending in it; change it."""
    registration = _registration_or_404(request, centre, portfolio)
    standing = standing_of(registration)
    state, why_not = state_of(standing), why_not_complete(registration)
    data = form_data(request)
    is_late = data is not None and data.get("seen") != state
    if is_late and _said_already(request, standing):
        messages.info(request, f"It is {state.label} now. You pressed the button twice; it was done once.")
        return redirect("assessments:portfolio", centre=centre, portfolio=portfolio)
    sent = {**data.dict(), "seen": state.value} if data is not None else None
    form = RegistrationStandingForm(sent, registration=registration, state=state, why_not=why_not)
    is_whole = form.is_valid()
    if is_late:
        form.add_error(None, ChangedMeanwhile("How this registration stands", f"it is {state.label} now"))
    elif request.method == "POST" and is_whole:
        try:
            standing_change(registration=registration, actor=request.user, seen=state, said=form.said)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"The registration is {form.said.state.label} now.")
            if has_ended_early(registration) and certifiable_units(registration):
                return redirect("assessments:unit_certificates", centre=centre, portfolio=portfolio)
            return redirect("assessments:portfolio", centre=centre, portfolio=portfolio)
    context = {
        "registration": registration,
        "standing": standing,
        "state": state,
        "history": registration.standings.select_related("set_by").order_by("-pk"),
        "pending": pending_in(registration),
        "why_not": why_not,
        "has_ended_early": has_ended_early(registration),
        "form": form,
    }
    return render(request, "assessments/endings/registration_standing.html", context)


@require_http_methods(FORM_METHODS)
def unit_certificates(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """List the verified units of who left early, and note the certificates that were claimed for them."""
    registration = _registration_or_404(request, centre, portfolio)
    units = certifiable_units(registration)
    sent = form_data(request)
    does, _, wanted = request.POST.get("do", "").partition(" ")
    lines = []
    for unit in units:
        is_meant = str(unit.version.uuid) == wanted
        claims = does == "claim" if is_meant else unit.certificate is None
        kind: type[CertificateForm | TakeBackForm] = CertificateForm if claims else TakeBackForm
        initial = {"day": registration.centre.today}
        form = kind(sent if is_meant else None, prefix=str(unit.version.uuid), initial=initial)
        lines.append((unit, form))
        if request.method == "POST" and is_meant and form.is_valid() and _done(request, registration, unit, form):
            return redirect("assessments:unit_certificates", centre=centre, portfolio=portfolio)
    if request.method == "POST" and not any(form.is_bound for _, form in lines):
        messages.error(request, "There is no such unit. Nothing was saved.")
    ended_early = has_ended_early(registration)
    to_claim = ended_early and any(unit.certificate is None for unit in units)
    context = {
        "registration": registration,
        "lines": lines,
        "warnings": _warnings(registration, registration.centre.today) if to_claim else [],
        "taken_back": UnitCertificate.objects.filter(
            unit_version__candidate_unit__registration=registration, taken_back_at__isnull=False
        ).select_related("taken_back_by", "unit_version__candidate_unit__revision__unit__framework"),
        "has_ended_early": ended_early,
    }
    return render(request, "assessments/endings/unit_certificates.html", context)


@require_safe
def unit_certificates_print(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Send the verified units of a candidate, and those achieved before, as a PDF."""
    registration = _registration_or_404(request, centre, portfolio)
    paper = units_paper(registration)
    return send_pdf(request, lambda: paper_pdf(paper), name=f"Units {registration.candidate.name}")


def _registration_or_404(request: SignedInRequest, centre: UUID, portfolio: UUID) -> Registration:
    at = coordinated_centre_or_404(request, centre)
    rows = Registration.objects.filter(centre=at).select_related(
        "candidate", "centre", "chain", "qualification__framework"
    )
    return get_object_or_404(rows, uuid=portfolio)


def _said_already(request: SignedInRequest, standing: RegistrationStanding | None) -> bool:
    """Whether this very form was saved before, so that the button was pressed twice."""
    said = request.POST
    return standing is not None and (standing.set_by, standing.state, standing.reason) == (
        request.user,
        said.get("state"),
        plain_text(said.get("reason", "")),
    )


def _warnings(registration: Registration, day: date) -> list[str]:
    """What claiming a certificate on that day goes against."""
    return qualification_warnings(registration.centre, registration.qualification, Act.CERTIFICATE, day)


def _done(
    request: SignedInRequest, registration: Registration, unit: CertifiableUnit, form: CertificateForm | TakeBackForm
) -> bool:
    """Do what the form says; False, with the reason in the form, if that is refused."""
    try:
        if isinstance(form, TakeBackForm):
            if unit.certificate is None:
                raise ValidationError("This was taken back already. Nothing was changed.")
            certificate_take_back(certificate=unit.certificate, actor=request.user, **form.cleaned_data)
            messages.success(request, "It was taken back. That it was recorded stays on record.")
        else:
            certificate_claim(registration=registration, version=unit.version, actor=request.user, **form.cleaned_data)
            messages.success(request, "The certificate is on record.")
            if (day := form.cleaned_data["day"]) != registration.centre.today:  # of today the page itself warns
                for warning in _warnings(registration, day):
                    messages.warning(request, f"Claimed on that day: {warning}")
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True
