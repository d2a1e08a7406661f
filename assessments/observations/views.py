"""The form on which an assessor records, what is kept of it until it is signed, and what came of it then."""

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import AssessorRecord, RecordDraft, RecordKind
from assessments.observations.from_device import written_in_words
from assessments.observations.record_form import RecordForm, ask
from assessments.observations.selectors import saved_keys, signed_record
from assessments.observations.sent_form import NO_FORM, centre_for, form_of, is_what_was_signed, kind_of
from assessments.observations.services import draft_discard, draft_save, record_sign
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Centre
from centres.sign_in.password_again import password_again
from portfolio.models.evidence_number import evidence_number

SAVED = "Saved. Only you see it, and it counts for nothing until you sign it."


@require_safe
def new(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show an empty form; `kind` and `unit` in the address say what is recorded, and where."""
    found = centre_for(request, centre)
    kind = kind_of(request.GET.get("kind", ""))
    form = form_of(request, found, None, kind=kind, chosen=request.GET.getlist("unit"))
    return _page(request, found, form, uuid4(), is_new=True)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: SignedInRequest, centre: UUID, form_key: UUID) -> HttpResponse:
    """Keep what was typed on the form of this key, and sign it; once it is signed, show what came of it."""
    found = centre_for(request, centre)
    signed = signed_record(request.user, found, form_key)
    if signed:
        if request.method == "POST":
            return _sent_again(request, found, signed, request.POST)
        return render(
            request, "assessments/observations/signed.html", {"record": signed, "centre": found, "key": form_key}
        )
    draft = RecordDraft.objects.filter(author=request.user, centre=found, form_key=form_key).first()
    sent = form_data(request) or (_fields_of(draft) if draft else None)
    if sent is None:
        return redirect("assessments:observation_new", centre=centre)
    if request.method != "POST":
        return _page(request, found, form_of(request, found, sent), form_key, draft=draft)
    if "discard" in sent:
        draft_discard(author=request.user, form_key=form_key)
        messages.info(request, "Thrown away. Nothing of it was signed.")
        return redirect("home")
    return _taken(request, found, form_key, sent.copy())


def _sent_again(request: SignedInRequest, centre: Centre, signed: AssessorRecord, sent: QueryDict) -> HttpResponse:
    """Say that the form was signed already; where it says something else now, keep that as another, not signed."""
    key, form = signed.form_key, form_of(request, centre, sent, check=True)
    if form.is_valid() and is_what_was_signed(form, signed):
        messages.info(request, "You pressed the button twice; it was signed once. What is signed stands below.")
    else:
        key = uuid4()
        fields = form.kept_fields()
        draft_save(author=request.user, centre=centre, form_key=key, kind=form.kind, about=form.about, fields=fields)
        messages.warning(
            request,
            "This form was signed already. What it says now would be another record: it is kept here, and not signed.",
        )
    return redirect("assessments:observation", centre=centre.uuid, form_key=key)


def _taken(request: SignedInRequest, centre: Centre, key: UUID, sent: QueryDict) -> HttpResponse:
    """Keep what was sent, whatever it is; then sign it, if that is what was pressed."""
    anchor = ask(sent, str(sent["ask"])) if "ask" in sent else ""
    form = form_of(request, centre, sent, check="sign" in sent)
    draft = draft_save(
        author=request.user,
        centre=centre,
        form_key=key,
        kind=form.kind,
        about=form.about,
        fields=form.kept_fields(),
    )
    if "sign" not in sent:
        if "find_question" in sent:
            anchor = next((f"asks-{part.prefix}" for part in form.parts if part.prefix == sent["find_question"]), "")
        if "save" in sent:
            messages.success(request, SAVED)
        here = reverse("assessments:observation", kwargs={"centre": centre.uuid, "form_key": key})
        return redirect(f"{here}#{anchor}" if anchor else here)
    signed = _sign(request, draft, form)
    if signed is None:
        response = _page(request, centre, form, key, draft=draft)
        response["Cache-Control"] = "private, no-store"  # who signs after a refusal must not read it again
        return response
    numbers = [evidence_number(part.evidence.number) for part in signed.parts.select_related("evidence")]
    messages.success(request, f"Signed. It is evidence {' and '.join(numbers)}.")
    return redirect("assessments:observation", centre=centre.uuid, form_key=key)


def _sign(request: SignedInRequest, draft: RecordDraft, form: RecordForm) -> AssessorRecord | None:
    """Sign it, or note on the form why not."""
    if not form.is_valid():
        return None
    try:
        with password_again(request):
            return record_sign(
                centre=draft.centre,
                actor=request.user,
                password=form.signature.cleaned_data["password"],
                form_key=draft.form_key,
                session=form.session(written_at=draft.written_at, arrived_at=draft.arrived_at),
                said=form.said(),
                drawn=form.drawn(draft.drawn_names),
            )
    except ValidationError as refusal:
        form.add_refusal(refusal)
        return None


def _page(
    request: SignedInRequest,
    centre: Centre,
    form: RecordForm,
    key: UUID,
    *,
    is_new: bool = False,
    draft: RecordDraft | None = None,
) -> HttpResponse:
    context = {
        "centre": centre,
        "form": form,
        "key": key,
        "is_new": is_new,
        "kinds": RecordKind,
        "drafts": RecordDraft.objects.filter(author=request.user, centre=centre) if is_new else (),
        "has_choice": len(form.recordable) > len(form.chosen),
        "saved": saved_keys(request.user, centre) if is_new else (),
        "nowhere": NO_FORM,
    }
    if draft and draft.arrived_at:
        zone = ZoneInfo(centre.time_zone)
        context["written"] = written_in_words(draft.written_at, draft.arrived_at, zone)
        context["drawn"] = form.drawn(draft.drawn_names)
    return render(request, "assessments/observations/record.html", context)


def _fields_of(draft: RecordDraft) -> QueryDict:
    sent = QueryDict(mutable=True)
    for name, values in draft.fields.items():
        sent.setlist(name, values)
    sent["kind"] = draft.kind
    return sent
