"""The form of a record on a device: the page that opens without a connection, and what the device sends later."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assessments.observations.from_device import device_time, drawn_names
from assessments.observations.selectors import signed_record
from assessments.observations.sent_form import NO_FORM, centre_for, form_of, is_what_was_signed, kind_of
from assessments.observations.services import draft_arrive
from centres.http import SignedInRequest
from record.plain_text import plain_line

PAIRS = 20  # questions or points on the page, which cannot ask the site for more


@require_safe
def offline(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show an empty form as a browser keeps it, to be opened without a connection on any day."""
    found = centre_for(request, centre)
    kind, chosen = kind_of(request.GET.get("kind", "")), request.GET.getlist("unit")
    form = form_of(request, found, None, kind=kind, chosen=chosen, pairs=PAIRS)
    if "day" in form.session_form.fields:
        form.session_form.fields["day"].initial = None
        del form.session_form.fields["day"].widget.attrs["max"]
    context = {"centre": found, "form": form, "key": NO_FORM, "nowhere": NO_FORM, "is_offline": True, "is_new": True}
    return render(request, "assessments/observations/record.html", context | {"user": AnonymousUser(), "messages": ()})


@require_POST
def arrived(request: SignedInRequest, centre: UUID, form_key: UUID) -> HttpResponse:
    """Take what a device kept of a record as a draft, and tell its script where that is."""
    found = centre_for(request, centre)
    sent = request.POST
    form = form_of(request, found, sent, check=True)
    if not form.kept_fields():
        return HttpResponseBadRequest("Nothing was sent.", content_type="text/plain")
    signed = signed_record(request.user, found, form_key)
    if not (signed and form.is_whole() and is_what_was_signed(form, signed)):
        form_key = draft_arrive(
            author=request.user,
            centre=found,
            form_key=form_key,
            kind=form.kind,
            about=form.about or plain_line(sent.get("about_on_device", "")),
            fields=form.kept_fields(),
            written_at=device_time(sent.get("written_on_device", "")),
            drawn_names=drawn_names({name: [str(one) for one in values] for name, values in sent.lists()}),
        )
    here = reverse("assessments:observation", kwargs={"centre": centre, "form_key": form_key})
    return JsonResponse({"address": here})
