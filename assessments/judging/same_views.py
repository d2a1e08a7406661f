"""The page on which an assessor judges claims of other units met, because they judged the same words met here."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.cells.changes import CellChange, cells_change
from assessments.judging.same_elsewhere import UnitElsewhere, same_elsewhere
from assessments.lookup import piece_or_404, unit_or_404
from assessments.models import Outcome
from assessments.models.status import Status
from assessments.permissions import may_judge
from assessments.standing.unit_record import claims_in
from centres.http import SignedInRequest

NOT_ANY_MORE = "Nothing was judged: what the page showed does not wait any more, or is not met here any more."


@require_http_methods(["GET", "HEAD", "POST"])
def judge_same(request: SignedInRequest, centre: UUID, unit: UUID, evidence: UUID) -> HttpResponse:
    """Show what waits in other units on words that are judged met here; judge those of one unit met."""
    found = unit_or_404(request, centre, unit)
    if not may_judge(request.user, found):
        raise PermissionDenied
    piece = piece_or_404(found, evidence).evidence
    claimed = claims_in(found, evidence=piece)
    met = [record for record in claimed.claims if record.status == Status.MET]
    elsewhere = same_elsewhere(claimed, met, person=request.user)
    errors: list[str] = []
    if request.method == "POST":
        errors = _judge(request, elsewhere, piece.uuid)
        if not errors:
            return redirect("assessments:judge_same", centre=centre, unit=unit, evidence=evidence)
        elsewhere = same_elsewhere(claimed, met, person=request.user)
    context = {"unit": found, "evidence": piece, "met": met, "elsewhere": elsewhere, "errors": errors}
    return render(request, "assessments/judging/judge_same.html", context)


def _judge(request: SignedInRequest, elsewhere: Sequence[UnitElsewhere], evidence: UUID) -> list[str]:
    """Judge the claims that were sent met, in the unit that was named; return why some were not."""
    stamps = dict(claim.split(" ", 1) for claim in request.POST.getlist("claim") if " " in claim)
    there = next((one for one in elsewhere if str(one.unit.uuid) == request.POST.get("unit")), None)
    wanted = [waiting for waiting in there.claims if str(waiting.claim.uuid) in stamps] if there else []
    if there is None or not wanted:
        return [NOT_ANY_MORE]
    changes = [
        CellChange(
            evidence=evidence, criterion=waiting.criterion, to=Outcome.MET.value, seen=stamps[str(waiting.claim.uuid)]
        )
        for waiting in wanted
    ]
    try:
        changed = cells_change(unit=there.unit, actor=request.user, changes=changes)
    except ValidationError as refusal:
        return refusal.messages
    if judged := sum(bool(one.did) for one in changed):
        messages.success(request, f"Judged {judged} met in {there.code}.")
    return [one.refused for one in changed if one.refused]
