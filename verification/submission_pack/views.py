"""The page of a portfolio's submission pack: having it made, how far it is, and the ZIP."""

import math
from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from centres.http import SignedInRequest
from portfolio.files.services import gone_among
from portfolio.models import EvidenceFile, Registration
from printing.sending import as_attachment
from verification.models import PackFile, PackFileState, PackState, SubmissionPack
from verification.submission_pack.closing import pack_name
from verification.submission_pack.contents import counting_versions
from verification.submission_pack.permissions import may_take_pack
from verification.submission_pack.services import pack_ask, pack_cancel, pack_take
from verification.submission_pack.zipping import length_of, zipped


@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show the person's newest pack of a portfolio and how far it is; have one made, or cancel it."""
    registration = _registration_or_404(request, centre, portfolio)
    newest = _newest(request, registration)
    if request.method == "POST":
        _act(request, registration, newest)
        return redirect("verification:pack", centre=centre, portfolio=portfolio)
    files = newest.files.all() if newest else PackFile.objects.none()
    counts = files.aggregate(all=Count("pk"), waiting=Count("pk", filter=Q(state=PackFileState.WAITING)))
    looked_at = counts["all"] - counts["waiting"]
    missing = files.exclude(state__in=[PackFileState.WAITING, PackFileState.DONE])
    is_done = newest is not None and newest.state == PackState.DONE
    context = {
        "registration": registration,
        "is_own": registration.candidate_id == request.user.pk,
        "pack": newest,
        "all": counts["all"],
        "looked_at": looked_at,
        "time_left": _time_left(newest, looked_at, counts["waiting"]),
        "missing": [(file.path.removeprefix("evidence/"), file.get_state_display()) for file in missing],
        "gone": _gone(registration) if newest is None or newest.state != PackState.MAKING else [],
        "size": sum(files.filter(state=PackFileState.DONE).values_list("size", flat=True)) if is_done else 0,
        "name": f"{pack_name(registration)}.ZIP",
    }
    return render(request, "verification/submission_pack/pack.html", context)


@require_POST
def pack_file(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponseBase:
    """Send the newest pack that is done as a ZIP, which is written while it is sent."""
    registration = _registration_or_404(request, centre, portfolio)
    newest = _newest(request, registration)
    if newest is None or newest.state != PackState.DONE:
        messages.info(request, "There is no pack to take away yet.")
        return redirect("verification:pack", centre=centre, portfolio=portfolio)
    try:
        members = pack_take(pack=newest, actor=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("verification:pack", centre=centre, portfolio=portfolio)
    at = newest.ended_at or timezone.now()
    response = as_attachment(StreamingHttpResponse(zipped(members, at=at)), name=pack_name(registration), ending="ZIP")
    response["Content-Type"] = "application/zip"
    if (length := length_of(members, at=at)) is not None:
        response["Content-Length"] = str(length)
    return response


def _act(request: SignedInRequest, registration: Registration, newest: SubmissionPack | None) -> None:
    if request.POST.get("do") == "cancel":
        if newest is not None and pack_cancel(pack=newest, actor=request.user):
            messages.success(request, "No pack is made.")
        else:
            messages.info(request, "It had ended already.")
        return
    if request.POST.get("do") == "make":
        try:
            pack_ask(registration=registration, actor=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))


def _registration_or_404(request: SignedInRequest, centre: UUID, portfolio: UUID) -> Registration:
    """Return the portfolio. Raises Http404 for who does not see it, PermissionDenied for who takes no pack of it."""
    visible = Registration.objects.visible_to(request.user).select_related(
        "centre", "candidate", "chain", "qualification__framework"
    )
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    if not may_take_pack(request.user, registration):
        raise PermissionDenied
    return registration


def _newest(request: SignedInRequest, registration: Registration) -> SubmissionPack | None:
    """Return the person's own newest pack: what others had made may hold more than they read."""
    newest = (
        SubmissionPack.objects.filter(registration=registration, by=request.user).order_by("-asked_at", "-pk").first()
    )
    if newest is not None:
        newest.registration = registration
    return newest


def _gone(registration: Registration) -> Sequence[tuple[int, str]]:
    """The number of the evidence and the name of each file that should be on the server and is not."""
    files = EvidenceFile.objects.filter(version__in=counting_versions(registration)).with_removal()
    return gone_among(files.select_related("version__evidence", "stored_file__centre").order_by("version", "position"))


def _time_left(newest: SubmissionPack | None, looked_at: int, waiting: int) -> str:
    """In words; empty where nobody knows."""
    if newest is None or newest.state != PackState.MAKING or not looked_at:
        return ""
    seconds = (timezone.now() - newest.asked_at).total_seconds() / looked_at * waiting
    minutes = math.ceil(seconds / 60)
    return "less than a minute" if seconds < 60 else f"about {minutes} minutes"
