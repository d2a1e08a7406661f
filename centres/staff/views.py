"""The pages about staff: who holds what, what is on record of one person, and the list for the audit."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.lists.spreadsheets import sheet_answer
from centres.models import Centre, User
from centres.permissions import may_coordinate
from centres.staff.due import due_at, due_of
from centres.staff.forms import EndForm, StaffRecordForm
from centres.staff.kinds import StaffKind
from centres.staff.lookup import centre_of_staff_or_404, person_or_404
from centres.staff.models import StaffRecord
from centres.staff.permissions import kinds_to_record, may_record, may_see_staff
from centres.staff.selectors import StaffMember, all_staff, staff_members, staff_of
from centres.staff.services import staff_record_add, staff_record_end
from centres.staff.staff_list import staff_paper, staff_rows
from printing.papers import paper_pdf
from printing.sending import send_pdf

STAFF_ON_A_PAGE = 50


@require_safe
def staff(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List who assesses and verifies: which awards they hold, what they work towards, and what is due."""
    at = centre_of_staff_or_404(request, centre)
    find = request.GET.get("find", "")
    page = Paginator(staff_of(at, find), STAFF_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "centre": at,
        "find": find,
        "page": page,
        "members": staff_members(at, list(page)),
        "due": due_at([at])[at.pk],
        "coordinates": may_coordinate(request.user, at),
    }
    return render(request, "centres/staff/staff.html", context)


@require_safe
def staff_list_csv(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Send the list of all staff as a table for a spreadsheet."""
    at = centre_of_staff_or_404(request, centre)
    return sheet_answer(staff_rows(at, _everybody(at)), name=f"{at.name} staff {at.today}")


@require_safe
def staff_list_pdf(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Send the list of all staff as a PDF."""
    at = centre_of_staff_or_404(request, centre)
    name = f"{at.name} staff {at.today}"
    return send_pdf(request, lambda: paper_pdf(staff_paper(at, _everybody(at))), name=name)


@require_safe
def person(request: SignedInRequest, centre: UUID, person: UUID) -> HttpResponse:
    """Show what is on record of a person, and what was taken off it."""
    at, whom = person_or_404(request, centre, person)
    [member] = staff_members(at, [whom])
    context = {
        "centre": at,
        "member": member,
        "is_own": whom.pk == request.user.pk,
        "sees_all": may_see_staff(request.user, at),
        "coordinates": may_coordinate(request.user, at),
        "due": due_of(member),
        "parts": _parts(request.user, member),
        "ended": StaffRecord.objects.filter(centre=at, user=whom, ended_at__isnull=False).select_related("ended_by"),
    }
    return render(request, "centres/staff/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_add(request: SignedInRequest, centre: UUID, person: UUID, kind: str) -> HttpResponse:
    """Put something on record of a person."""
    at, whom = person_or_404(request, centre, person)
    if kind not in StaffKind.values:
        raise Http404
    of = StaffKind(kind)
    if not may_record(request.user, at, whom, of):
        raise PermissionDenied
    form = StaffRecordForm(form_data(request), kind=of, centre=at)
    if request.method == "POST" and form.is_valid():
        try:
            staff_record_add(centre=at, person=whom, actor=request.user, kind=of, details=form.details)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("centres:staff_person", centre=centre, person=person)
    context = {"centre": at, "person": whom, "form": form, "title": of.asked.title}
    return render(request, "centres/staff/record_add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_end(request: SignedInRequest, centre: UUID, person: UUID, record: UUID) -> HttpResponse:
    """Ask why something is taken off the record of a person, and take it off."""
    at, whom = person_or_404(request, centre, person)
    found = get_object_or_404(StaffRecord, centre=at, user=whom, uuid=record)
    if not may_record(request.user, at, whom, StaffKind(found.kind)):
        raise PermissionDenied
    form = EndForm(form_data(request))
    if request.method == "POST" and form.is_valid():
        staff_record_end(record=found, actor=request.user, why=form.cleaned_data["why"])
        messages.success(request, f"{found.what} is taken off the record. It stays on the page, with the reason.")
        return redirect("centres:staff_person", centre=centre, person=person)
    context = {"centre": at, "person": whom, "record": found, "form": form}
    return render(request, "centres/staff/record_end.html", context)


def _parts(user: User, member: StaffMember) -> list[tuple[StaffKind, list[StaffRecord], bool]]:
    """The kinds of record in the order of the page, what is on it, and whether the person who looks may record more."""
    may = kinds_to_record(user, member.centre, member.user)
    return [(kind, member.of(kind), kind in may) for kind in StaffKind if kind in may or member.of(kind)]


def _everybody(centre: Centre) -> list[StaffMember]:
    [(_, members)] = all_staff([centre])
    return members
