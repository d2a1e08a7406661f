"""The grid of a unit, and the requests that change its cells."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.cells.changes import CHANGES_AT_MOST, CellChange, ChangedCell, cells_change
from assessments.grid.grid import grid_of
from assessments.grid.html import LETTERS, grid_head, grid_key, grid_rows
from assessments.grid.range_items import enough, range_of
from assessments.lookup import unit_or_404
from assessments.models import Outcome
from assessments.models.status import Status, statuses_told
from assessments.standing.unit_record import is_open_to_judgement
from centres.http import SignedInRequest
from portfolio.addresses import evidence_add_address
from portfolio.models import CandidateUnit, Capacity, State
from portfolio.permissions import capacity_in
from portfolio.services.claims import may_claim_as
from record.plain_text import plain_text
from standards.content import CriterionContent
from standards.published import published_content

WANTED = {"claimed", "empty", "waiting", *Outcome.values}
SOMEBODY_ELSE = "Somebody else has signed in in this browser."
NOT_UNDERSTOOD = "The page sent something that Countersign does not understand. Nothing was saved; load the page again."


@require_safe
def grid(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Show evidence down and criteria across, to claim, judge or read."""
    found = unit_or_404(request, centre, unit)
    capacity = capacity_in(request.user, found)
    only_missing = request.GET.get("show") == "missing"
    table = grid_of(
        found,
        all_pieces=capacity in {Capacity.CANDIDATE, Capacity.ASSESSOR},
        only_missing=only_missing,
        page=request.GET.get("page"),
    )
    claims = may_claim_as(capacity, State(table.version.state))
    judges = capacity == Capacity.ASSESSOR and is_open_to_judgement(table.version)
    leads_to = "../judge/{}/" if judges else "../claims/{}/"
    context = {
        "unit": found,
        "add_url": evidence_add_address(found),
        "grid": table,
        "head": grid_head(table),
        "rows": grid_rows(table, leads_to),
        "key": grid_key(table),
        "capacity": capacity,
        "claims": claims,
        "judges": judges,
        "enough": "".join(sorted(LETTERS[Status(status)] for status in enough(table))),
        "range": range_of(table) if claims or judges else "",
        "legend": (Status.CLAIMED, Status.MET, Status.PARTLY, Status.NOT_YET),
        "statuses": json.dumps(statuses_told()),
        "acts": "judge" if judges else "claim" if claims else "read",
    }
    return render(request, "assessments/grid/grid.html", context)


@require_POST
def change_cells(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Change cells of the grid as JSON says: {"person": …, "marks": [{"e", "c", "to", "seen", "reason"}]}.

    `person` is whose page sent it. Somebody else may have signed in since in the same browser, and nothing must be
    claimed or judged in the wrong name. Answers how each cell stands now, with a sentence for each that is not as
    wanted. Answers 400 for anything but such a list, 401 for another person, 403 for a person without the right, and
    409 once the unit is out of their hands; each with a sentence as "error".
    """
    found = unit_or_404(request, centre, unit)
    try:
        person, wanted = _read(request.body, found)
        if person != str(request.user.uuid):
            return JsonResponse({"error": SOMEBODY_ELSE}, status=401)
        changed = cells_change(unit=found, actor=request.user, changes=wanted)
    except _NotUnderstood:
        return JsonResponse({"error": NOT_UNDERSTOOD}, status=400)
    except PermissionDenied:
        return JsonResponse({"error": "You cannot change this unit. Nothing was saved."}, status=403)
    except ValidationError as refusal:
        return JsonResponse({"error": " ".join(refusal.messages)}, status=409)
    with timezone.override(found.registration.centre.time_zone):
        saved_at = f"{timezone.localtime():%H:%M:%S}"
    return JsonResponse({"cells": [_answer(one) for one in changed], "saved_at": saved_at})


class _NotUnderstood(Exception):
    """The body of the request is not what our pages send."""


def _read(body: bytes, unit: CandidateUnit) -> tuple[str, list[CellChange]]:
    """Return whose page sent this, and the changes. Raises _NotUnderstood."""
    criteria = {item.anchor: item for item in published_content(unit.revision).unit.claimable}
    try:
        sent = json.loads(body)
        person, listed = sent["person"], sent["marks"]
        if not isinstance(listed, list) or not 0 < len(listed) <= CHANGES_AT_MOST:
            raise _NotUnderstood
        changes = [_change(one, criteria) for one in listed]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _NotUnderstood from error
    if len({(change.evidence, change.criterion.pk) for change in changes}) < len(changes):
        raise _NotUnderstood  # one cell cannot be brought to two states at once
    return person, changes


def _change(sent: dict[str, Any], criteria: dict[str, CriterionContent]) -> CellChange:
    change = CellChange(
        evidence=UUID(sent["e"]),
        criterion=criteria[sent["c"]],
        to=sent["to"],
        reason=plain_text(sent.get("reason") or ""),
        seen=str(sent.get("seen", "")),
    )
    if change.to not in WANTED:
        raise _NotUnderstood
    return change


def _answer(changed: ChangedCell) -> dict[str, str]:
    said = {"e": str(changed.change.evidence), "c": changed.change.criterion.anchor}
    said |= {"status": changed.status or "gone", "stamp": changed.stamp}
    return said | ({"refused": changed.refused} if changed.refused else {})
