"""The form on which an assessor writes a plan or a review: what is kept of it until it is signed, and signing it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Sheet, SheetDraft, SheetKind
from assessments.permissions import may_plan
from assessments.plans.selectors import carried_of, open_lines, progress_lines, still_open
from assessments.plans.services import draft_discard, draft_save, sheet_sign
from assessments.plans.sheet_form import SheetForm, carried_over, says_the_same
from assessments.plans.views import registration_or_404
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.sign_in.password_again import password_again
from portfolio.models import Registration
from portfolio.open_registrations import why_refused

SAVED = "Saved. Only you see it, and it counts for nothing until you sign it."


@require_safe
def new(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show an empty form; `kind` in the address says of what. A plan begins with what of the last one is not done."""
    registration = _registration(request, centre, portfolio)
    kind = _kind(request.GET.get("kind", ""))
    before = carried_over(open_lines(registration, request.user)) if kind == SheetKind.PLAN else None
    return _page(request, _form(request, registration, before or None, kind=kind), uuid4(), is_new=True)


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: SignedInRequest, centre: UUID, portfolio: UUID, form_key: UUID) -> HttpResponse:
    """Keep what was typed on the form of this key, and sign it; once it is signed, lead to it."""
    registration = _registration(request, centre, portfolio)
    signed = Sheet.objects.filter(author=request.user, registration=registration, form_key=form_key).first()
    if signed:
        if request.method == "POST":
            return _sent_again(request, registration, signed, request.POST)
        return redirect("assessments:sheet", centre=centre, sheet=signed.uuid)
    draft = SheetDraft.objects.filter(author=request.user, registration=registration, form_key=form_key).first()
    sent = form_data(request) or (_fields_of(draft) if draft else None)
    if sent is None:
        return redirect("assessments:sheets", centre=centre, portfolio=portfolio)
    if request.method != "POST":
        return _page(request, _form(request, registration, sent), form_key)
    if "discard" in sent:
        draft_discard(author=request.user, form_key=form_key)
        messages.info(request, "Thrown away. Nothing of it was signed.")
        return redirect("assessments:sheets", centre=centre, portfolio=portfolio)
    return _taken(request, registration, form_key, sent)


def _sent_again(request: SignedInRequest, registration: Registration, signed: Sheet, sent: QueryDict) -> HttpResponse:
    """Say that the form was signed already; where it says something else now, keep that as another, not signed."""
    form, here = _form(request, registration, sent, check=True), registration.centre.uuid
    if form.is_valid() and says_the_same(signed, form.said()):
        messages.info(request, "You pressed the button twice; it was signed once. What is signed stands below.")
        return redirect("assessments:sheet", centre=here, sheet=signed.uuid)
    key = uuid4()
    _keep(request, form, key)
    messages.warning(
        request, "This form was signed already. What it says now would be another: it is kept here, and not signed."
    )
    return redirect("assessments:sheet_write", centre=here, portfolio=registration.uuid, form_key=key)


def _taken(request: SignedInRequest, registration: Registration, key: UUID, sent: QueryDict) -> HttpResponse:
    """Keep what was sent, whatever it is; then sign it, if that is what was pressed."""
    form, here = _form(request, registration, sent, check="sign" in sent), registration.centre.uuid
    _keep(request, form, key)
    if "sign" not in sent:
        if "save" in sent:
            messages.success(request, SAVED)
        again = reverse("assessments:sheet_write", args=[here, registration.uuid, key])
        return redirect(f"{again}#lines" if "more" in sent else again)
    signed = _sign(request, key, form)
    if signed is None:
        response = _page(request, form, key)
        response["Cache-Control"] = "private, no-store"  # who signs after a refusal must not read it again
        return response
    messages.success(request, f"Signed. {registration.candidate} finds it on their first page.")
    return redirect("assessments:sheet", centre=here, sheet=signed.uuid)


def _sign(request: SignedInRequest, key: UUID, form: SheetForm) -> Sheet | None:
    """Sign it, or note on the form why not."""
    if not form.is_valid():
        return None
    try:
        with password_again(request):
            return sheet_sign(
                registration=form.registration,
                actor=request.user,
                password=form.signature.cleaned_data["password"],
                form_key=key,
                said=form.said(),
            )
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return None


def _page(request: SignedInRequest, form: SheetForm, key: UUID, *, is_new: bool = False) -> HttpResponse:
    is_review = form.kind == SheetKind.REVIEW
    context = {
        "registration": form.registration,
        "form": form,
        "key": key,
        "is_new": is_new,
        "progress": progress_lines(form.registration) if is_review else (),
        "carried": still_open(carried_of(form.registration)) if is_review else (),
    }
    return render(request, "assessments/plans/write.html", context)


def _form(
    request: SignedInRequest,
    registration: Registration,
    sent: QueryDict | None,
    *,
    kind: SheetKind | None = None,
    check: bool = False,
) -> SheetForm:
    kind = kind or _kind(sent.get("kind", "") if sent else "")
    return SheetForm(sent, kind=kind, person=request.user, registration=registration, check=check)


def _keep(request: SignedInRequest, form: SheetForm, key: UUID) -> None:
    of: dict[str, Any] = {"author": request.user, "registration": form.registration, "form_key": key}
    draft_save(**of, kind=form.kind.value, fields=form.kept_fields())


def _kind(named: str | None) -> SheetKind:
    return SheetKind(named) if named in SheetKind.values else SheetKind.PLAN


def _fields_of(draft: SheetDraft) -> QueryDict:
    sent = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        sent.setlist(name, values)
    sent["kind"] = draft.kind
    return sent


def _registration(request: SignedInRequest, centre: UUID, portfolio: UUID) -> Registration:
    """The portfolio, for its assessors. Raises Http404 for outsiders, PermissionDenied for others who see it."""
    found = registration_or_404(request, centre, portfolio)
    if not may_plan(request.user, found):
        raise PermissionDenied(why_refused(found))
    return found
