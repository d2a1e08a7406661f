"""The pages on which certificates are added to what is on record of staff, read, and removed."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Centre
from centres.sign_in.password_again import password_again
from centres.staff.kinds import StaffKind
from centres.staff.lookup import person_or_404
from centres.staff.models import StaffRecord
from centres.staff.permissions import may_record
from portfolio.files.lookup import lost_page
from portfolio.files.services import BytesLost
from portfolio.files.views import attachment, opened, opens_in_browser
from portfolio.models import StaffCertificate
from portfolio.staff_certificates.forms import StaffCertificateForm, StaffCertificateRemovalForm
from portfolio.staff_certificates.services import (
    may_remove_certificates,
    staff_certificate_add,
    staff_certificate_remove,
)

FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
def certificate_add(request: SignedInRequest, centre: UUID, person: UUID, record: UUID) -> HttpResponse:
    """Add a file to what is on record of a person."""
    at, whom = person_or_404(request, centre, person)
    found = get_object_or_404(StaffRecord.objects.open(), centre=at, user=whom, uuid=record)
    if not may_record(request.user, at, whom, StaffKind(found.kind)):
        raise PermissionDenied
    sent = form_data(request)
    form = StaffCertificateForm(sent, request.FILES if sent is not None else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = staff_certificate_add(record=found, actor=request.user, incoming=form.cleaned_data["file"])
        except ValidationError as refusal:
            form.add_error("file", " ".join(refusal.messages))
        else:
            messages.success(request, f"“{row.name}” is with {found.what}.")
            return redirect("centres:staff_person", centre=centre, person=person)
    context = {"centre": at, "person": whom, "record": found, "form": form}
    return render(request, "portfolio/staff_certificates/certificate_add.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def certificate(request: SignedInRequest, centre: UUID, certificate: UUID) -> HttpResponseBase:
    """Show a file where browsers have a reader for it, else send it; of one that was removed, say who did and why."""
    _, row = _found(request, centre, certificate)
    if row.removed_at:
        context = {"certificate": row, "person": row.record.user, "centre": row.record.centre}
        return render(request, "portfolio/staff_certificates/certificate_removed.html", context, status=410)
    about = {"name": row.name, "content_type": row.content_type}
    try:
        if opens_in_browser(row.content_type):
            return opened(row.stored_file, request, **about)
        return attachment(row.stored_file, **about)
    except BytesLost as error:
        return lost_page(request, row, error)


@require_http_methods(FORM_METHODS)
def certificate_remove(request: SignedInRequest, centre: UUID, certificate: UUID) -> HttpResponse:
    """Say what removing a file does, and remove it."""
    at, row = _found(request, centre, certificate)
    if not may_remove_certificates(request.user, at):
        raise PermissionDenied
    here = redirect("centres:staff_person", centre=centre, person=row.record.user.uuid)
    form = StaffCertificateRemovalForm(form_data(request))
    if row.removed_at:
        messages.info(request, f"“{row.name}” was removed already.")
        return here
    if request.method == "POST" and form.is_valid():
        try:
            _remove(request, row, form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"“{row.name}” was removed. That it was there is on record.")
            return here
    context = {"centre": at, "person": row.record.user, "certificate": row, "form": form}
    return render(request, "portfolio/staff_certificates/certificate_remove.html", context)


def _found(request: SignedInRequest, centre: UUID, certificate: UUID) -> tuple[Centre, StaffCertificate]:
    """Return a file, and its centre, for somebody who reads what is on record of its person."""
    rows = StaffCertificate.objects.select_related(
        "record__user", "record__centre", "stored_file__centre", "removed_by"
    )
    row = get_object_or_404(rows, uuid=certificate, record__centre__uuid=centre)
    at, _ = person_or_404(request, centre, row.record.user.uuid)
    return at, row


def _remove(request: SignedInRequest, row: StaffCertificate, form: StaffCertificateRemovalForm) -> None:
    """Remove the file, unless the password was wrong too often. Raises ValidationError."""
    with password_again(request):
        staff_certificate_remove(certificate=row, actor=request.user, **form.cleaned_data)
