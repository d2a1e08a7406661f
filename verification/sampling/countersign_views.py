"""The page on which a verifier countersigns several units with one password."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessments.home.listed_units import ListedUnit, listed
from assessments.models import Stage, UnitProgress
from assessments.recording_form.document import DECLARATIONS, RELEASE
from assessments.signing.forms import SignForm, add_refusal
from assessments.signing.shown_digest import content_digests
from assessments.signing.views import NO_KEY
from centres.http import SignedInRequest
from centres.models import Centre
from centres.sign_in.password_again import password_again
from portfolio.adjustments.selectors import in_force
from portfolio.models import Adjustment, CandidateUnit
from portfolio.qualification_rules.warnings import Act, warnings_among
from record.keys import SigningKeyUnusable
from standards.models import Qualification
from verification.sampling.board import is_uuid
from verification.sampling.countersigning import (
    AT_ONCE,
    Countersigned,
    Waiting,
    units_countersign,
    waiting_of,
    waiting_units,
)
from verification.sampling.permissions import centre_or_404

logger = logging.getLogger(__name__)
NONE_CHOSEN = "Tick the units that you sign."


@dataclass(frozen=True, kw_only=True)
class WaitingLine:
    """A unit that waits, on what basis it can be signed, and the digest of what it is now."""

    unit: ListedUnit
    waiting: Waiting
    seen: str
    is_ticked: bool
    adjusted: Sequence[Adjustment]  # what is, for the candidate, today


@require_http_methods(["GET", "HEAD", "POST"])
def countersign(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the verifier's units that wait, of one candidate or of all, and sign those that are ticked."""
    at, _ = centre_or_404(request, centre, verifiers_only=True)
    portfolio = request.GET.get("portfolio", "")
    form = SignForm(request.POST if request.method == "POST" else None, with_comment=False)
    ticked = request.POST.getlist("unit") if request.method == "POST" else None
    if ticked is not None and form.is_valid():
        try:
            done = _sign(request, at, request.POST, form.cleaned_data["password"])
        except ValidationError as refused:
            add_refusal(form, refused)
        else:
            _say(request, done)
            here = reverse("verification:countersign", args=[centre])
            return redirect(f"{here}?{request.GET.urlencode()}" if request.GET else here)
    units = waiting_units(at, request.user)
    if is_uuid(portfolio):
        units = units.filter(registration__uuid=portfolio)
    found = waiting_of(units.order_by("since", "pk"), at)
    lines = _lines([one for one in found if one.basis.is_enough][:AT_ONCE], ticked)
    context = {
        "centre": at,
        "lines": lines,
        "warnings": _warnings(at, lines),
        "more": sum(one.basis.is_enough for one in found) - len(lines),
        "waiting": sum(not one.basis.is_enough for one in found),
        "has_released": any(line.waiting.plan_of for line in lines),
        "has_sampled": any(not line.waiting.plan_of for line in lines),
        "declaration": DECLARATIONS[Stage.COUNTERSIGNATURE],
        "release": RELEASE.replace("{day}", "the day that stands there"),
        "of_one": is_uuid(portfolio),
        "form": form,
    }
    response = render(request, "verification/sampling/countersign.html", context)
    if request.method == "POST":
        response["Cache-Control"] = "private, no-store"  # as the page of one signature
    return response


def _lines(waiting: list[Waiting], ticked: list[str] | None) -> list[WaitingLine]:
    by_pk = {one.unit: one for one in waiting}
    related = ("registration__centre", "registration__candidate", "revision__unit__framework")
    units = CandidateUnit.objects.filter(pk__in=by_pk).select_related(*related).in_bulk()
    digests = content_digests([*units.values()])
    adjusted = in_force(unit.registration for unit in units.values())
    return [
        WaitingLine(
            unit=unit,
            waiting=by_pk[unit.pk],
            seen=digests[unit.pk],
            is_ticked=ticked is None or str(unit.uuid) in ticked,
            adjusted=adjusted.get(units[unit.pk].registration_id, ()),
        )
        for unit in listed(UnitProgress.objects.filter(pk__in=by_pk))
    ]


def _warnings(centre: Centre, lines: list[WaitingLine]) -> list[str]:
    """What signing these units goes against."""
    units = [line.unit.pk for line in lines]
    on = Qualification.objects.filter(registrations__candidate_units__in=units).select_related("framework").distinct()
    return warnings_among(centre, {one.address for one in on}, Act.COUNTERSIGNATURE)


def _sign(request: SignedInRequest, centre: Centre, data: QueryDict, password: str) -> list[Countersigned]:
    wanted = {UUID(unit): str(data.get(f"seen-{unit}", "")) for unit in data.getlist("unit") if is_uuid(unit)}
    if not wanted:
        raise ValidationError(NONE_CHOSEN)
    try:
        with password_again(request):
            return units_countersign(centre=centre, actor=request.user, password=password, seen=wanted)
    except SigningKeyUnusable as error:
        logger.error("Nothing can be signed: %s", error)
        raise ValidationError(NO_KEY) from error


def _say(request: SignedInRequest, done: list[Countersigned]) -> None:
    signed = [one for one in done if one.signature]
    if signed:
        released = sum(bool(one.signature and one.signature.released_by_plan_of) for one in signed)
        also = f", {released} of them released without a sample" if released else ""
        messages.success(request, f"Signed {len(signed)} unit{'s' if len(signed) > 1 else ''}{also}.")
    for one in done:
        if one.refused:
            named = f"{one.unit.revision.unit.code} of {one.unit.registration.candidate}"
            messages.error(request, f"{named} was not signed. {one.refused}")
    if not done:
        messages.warning(request, "None of these units waits for you any more. Nothing was signed.")
