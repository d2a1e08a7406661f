"""The pages of appeals, complaints and malpractice: the list, raising one, and one with its steps."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.context import shell_of
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.lists.page import listed
from centres.models import Centre, Role
from centres.permissions import roles_in
from centres.views.lookup import own_centre_or_404
from portfolio.models import CandidateUnit, Registration
from record.plain_text import plain_text
from standards.published import revision_row
from verification.cases.forms import CaseStepForm, RaiseForm
from verification.cases.permissions import STAFF, raises_as
from verification.cases.selectors import (
    CaseRecord,
    CasesFilter,
    CasesTable,
    case_record,
    case_rows,
    cases_at,
    leads_to,
    people_for,
    staff_to_name,
    steps_for,
)
from verification.cases.services import case_raise, case_step
from verification.models import Case, CaseKind
from verification.sampling.board import is_uuid

OF_A_PAGE = (
    "centre", "registration__centre", "registration__candidate", "candidate_unit", "judgement__evidence_version",
    "judgement__author__user", "about", "raised_by", "handler",
)  # fmt: skip
FORM_METHODS = ["GET", "HEAD", "POST"]


@require_safe
def cases(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the cases of a centre that the person may read: a candidate their own, a coordinator all."""
    at = own_centre_or_404(request, centre)
    roles = frozenset(shell_of(request).held_roles)
    filters = CasesFilter(
        request.GET, queryset=cases_at(at, request.user), centre=at, is_candidate=roles == {Role.CANDIDATE}
    )
    found = listed(
        request,
        filters,
        CasesTable,
        rows=lambda some: case_rows(at, some),
        file_name=f"{at.name} appeals and complaints {at.today}",
    )
    if isinstance(found, HttpResponse):
        return found
    raises = [kind for kind in CaseKind if kind != CaseKind.APPEAL and _raises_here(request, at, kind)]
    context = {"centre": at, "listed": found, "raises": raises}
    return render(request, "verification/cases/cases.html", context)


@require_http_methods(FORM_METHODS)
def case_new(request: SignedInRequest, centre: UUID, procedure: str) -> HttpResponse:
    """Raise a case: of the unit or the portfolio that the address names, or of the centre."""
    at = own_centre_or_404(request, centre)
    if procedure not in CaseKind:
        raise Http404
    kind = CaseKind(procedure)
    unit, registration = _about(request, at)
    role = raises_as(request.user, at, kind, registration)
    if role is None:
        raise PermissionDenied
    if kind == CaseKind.APPEAL and unit is None:
        messages.info(request, "An appeal is against what was decided in a unit: raise it from the page of that unit.")
        return redirect("verification:cases", centre=centre)
    form = RaiseForm(
        form_data(request),
        kind=kind,
        centre=at,
        registration=registration,
        unit=unit,
        people=staff_to_name(at, registration, request.user),
        is_own=role == Role.CANDIDATE,
    )
    if request.method == "POST" and form.is_valid():
        try:
            case = case_raise(centre=at, actor=request.user, form_key=form.cleaned_data["form_key"], said=form.said)
        except ValidationError as refusal:
            _refuse(form, refusal)
        else:
            return _raised(request, case)
    context = {"centre": at, "form": form, "kind": kind, "unit": unit, "registration": registration, "role": role}
    return render(request, "verification/cases/new.html", context)


@require_http_methods(FORM_METHODS)
def case(request: SignedInRequest, centre: UUID, case: UUID) -> HttpResponse:
    """Show a case with its steps, and take the next one of this person."""
    found = _case_or_404(request, centre, case)
    record = case_record(found)
    data = form_data(request)
    if data is not None and _taken_already(request, record):
        messages.info(request, "Noted. You pressed the button twice; it was done once.")
        return redirect("verification:case", centre=centre, case=case)
    kinds = steps_for(request.user, record)
    is_staff = bool(roles_in(request.user, found.centre) & STAFF) and not _is_own(request, found)
    form = CaseStepForm(
        data,
        kinds=kinds,
        people=people_for(record, kinds, request.user) if is_staff else (),
        centre=found.centre,
        seen=len(record.steps),
        is_staff=is_staff,
        handler=found.handler,
    )
    if request.method == "POST" and form.is_valid():
        try:
            case_step(case=found, actor=request.user, said=form.said, seen=form.cleaned_data["seen"])
        except ValidationError as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, "Noted. Whom it concerns was told.")
            still = Case.objects.visible_to(request.user).filter(pk=found.pk).exists()
            return (
                redirect("verification:case", centre=centre, case=case)
                if still
                else redirect("verification:cases", centre=centre)
            )
    unit = found.candidate_unit
    is_open_to = unit and CandidateUnit.objects.visible_to(request.user).filter(pk=unit.pk).exists()
    context = {
        "case": found,
        "record": record,
        "form": form if kinds or form.is_bound else None,
        "opens_unit": is_open_to,
        "leads_to": leads_to(request.user, unit) if unit and record.is_upheld else "",
        "is_own": _is_own(request, found),
    }
    return render(request, "verification/cases/case.html", context)


def _raises_here(request: SignedInRequest, at: Centre, kind: CaseKind) -> bool:
    return raises_as(request.user, at, kind, _own_registration(request, at)) is not None


def _own_registration(request: SignedInRequest, at: Centre) -> Registration | None:
    """The portfolio of who is a candidate and nothing else here: the latest, where they have several."""
    if roles_in(request.user, at) & STAFF:
        return None
    own = Registration.objects.visible_to(request.user).filter(centre=at, candidate=request.user)
    return own.select_related("centre", "candidate", "chain").order_by("-pk").first()


def _about(request: SignedInRequest, at: Centre) -> tuple[CandidateUnit | None, Registration | None]:
    """The unit and the portfolio that the address names. Raises Http404 for what is not open to the person."""
    if (named := request.GET.get("unit", "")) and is_uuid(named):
        units = CandidateUnit.objects.visible_to(request.user).filter(registration__centre=at)
        units = units.select_related("registration__centre", "registration__candidate", "registration__chain")
        unit = get_object_or_404(units, uuid=named)
        unit.revision = revision_row(unit.revision_id)
        return unit, unit.registration
    if (named := request.GET.get("portfolio", "")) and is_uuid(named):
        visible = Registration.objects.visible_to(request.user).filter(centre=at)
        return None, get_object_or_404(visible.select_related("centre", "candidate", "chain"), uuid=named)
    return None, _own_registration(request, at)


def _case_or_404(request: SignedInRequest, centre: UUID, case: UUID) -> Case:
    visible = Case.objects.visible_to(request.user).select_related(*OF_A_PAGE)
    found = get_object_or_404(visible, uuid=case, centre__uuid=centre)
    if found.candidate_unit and found.registration:
        found.candidate_unit.registration = found.registration
        found.candidate_unit.revision = revision_row(found.candidate_unit.revision_id)
    return found


def _is_own(request: SignedInRequest, case: Case) -> bool:
    return case.registration is not None and case.registration.candidate_id == request.user.pk


def _raised(request: SignedInRequest, case: Case) -> HttpResponse:
    if not Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        messages.success(request, "Reported. From now on only coordinators and whom they name read it.")
        return redirect("verification:cases", centre=case.centre.uuid)
    messages.success(request, "Raised. You find each step and the answer here, and are told of them.")
    return redirect("verification:case", centre=case.centre.uuid, case=case.uuid)


def _taken_already(request: SignedInRequest, record: CaseRecord) -> bool:
    """Whether this very step is all that was added since the page was shown: the button was pressed twice."""
    last, sent = record.steps[-1], request.POST
    now = (last.person_id, last.kind, str(len(record.steps) - 1))
    same = now == (request.user.pk, sent.get("do", ""), sent.get("seen", ""))
    return same and last.words == plain_text(sent.get("words", ""))


def _refuse(form: Form, refusal: ValidationError) -> None:
    """Put each refusal to its field, where the form has it."""
    said: dict[str, Any] = getattr(refusal, "error_dict", {})
    for field, errors in said.items():
        form.add_error(field if field in form.fields else None, errors)
    if not said:
        form.add_error(None, refusal.messages)
