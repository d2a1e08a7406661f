"""The page of a unit in a portfolio: how far it has come, what is missing, who works on it, what happened."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.feedback.selectors import feedback_on_unit
from assessments.grid.grid import EvidenceRow, Grid, grid_of, missing_in_short
from assessments.grid.html import grid_key
from assessments.history.steps import history, on_a_line
from assessments.lookup import unit_or_404
from assessments.models.status import Status
from assessments.permissions import can_reopen, can_return, can_take_back, can_withdraw, stage_awaited, stage_to_sign
from assessments.plans.selectors import planned_for_unit
from assessments.recording_form.services import final_forms, is_late
from assessments.signing.forms import SIGN_WORDS
from assessments.standing.action_record import due_first, shown_to
from assessments.standing.not_shown import not_shown_lines
from assessments.standing.unit_record import UnitStanding, is_open_to_judgement, unit_standing
from assessments.steps_back.services import TOO_LATE
from assessments.unit_page.links_above import links_on
from centres.http import SignedInRequest
from portfolio.files.selectors import removals_in
from portfolio.models import Capacity, RemovedFile, State
from portfolio.people_on_unit import people_on
from portfolio.permissions import capacity_among
from portfolio.services.claims import may_claim_as
from standards.in_words import rules_in_words
from standards.prose import prose_of


@dataclass(frozen=True, kw_only=True)
class UnitEvidence:
    """A claimed piece: how many claims it makes in the unit, and how many of them wait for a judgement."""

    row: EvidenceRow
    claims: int
    waiting: int


@require_safe
def unit(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Show a unit, and only what this person can do in it now."""
    found = unit_or_404(request, centre, unit)
    people = people_on(found)
    capacity = capacity_among(request.user, found, people)
    grid = grid_of(found, all_pieces=False, page=request.GET.get("page"), in_words=True)
    record = unit_standing(found, grid.version, grid.not_shown)
    acts_as = None if request.user in people.kept_out else capacity
    signs_as = people.signs_as(request.user, acts_as)
    stage = stage_to_sign(request.user, record, capacity=acts_as, leads=signs_as is not None)
    next_stage = stage_awaited(record)
    steps = history(record)
    if found.registration.candidate_id == request.user.pk:
        steps = [step if step.for_candidate else replace(step, words="") for step in steps]
    forms = final_forms(record)
    final = next((given for given in record.signatures if given.is_final), None)
    form = forms.get(final.pk) if final else None
    pieces = _pieces(grid)
    missing = missing_in_short(grid, record, next_stage) if next_stage else []
    judges = capacity == Capacity.ASSESSOR and is_open_to_judgement(record.version)
    asked = shown_to(record.actions, request.user, found.registration)
    planned = planned_for_unit(found)
    is_planned = {line.action_id for line in planned}  # and shown as such
    beside = shown_to(record.asked_beside, request.user, found.registration)
    takes_back = can_take_back(capacity, record.version)
    too_late = capacity == Capacity.CANDIDATE and record.version.state == State.SUBMITTED and not takes_back
    context = {
        "unit": found,
        "record": record,
        "capacity": capacity,
        "links_above": links_on(found, request.user) if capacity is None else [],
        "progress": grid.progress,
        "pieces": pieces,
        "page": grid.page,
        "criteria": grid_key(grid, unit="", with_claims=True, is_folded=True),
        "prose": prose_of([found.revision.unit_id]).get(found.revision.unit_id),
        "rules": [rule for rule in rules_in_words(record.content.unit) if rule.key != "statements"],  # said above
        **_not_shown(record, signs_as),
        "missing": missing,
        "asked": due_first(one for one in asked if not one.has_ended and one.action.pk not in is_planned),
        "asked_beside": [one for one in beside if one.action.pk not in is_planned],
        "asked_before": [one for one in asked if one.has_ended],
        "planned": planned,
        "asks": capacity in {Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER},
        "feedback": feedback_on_unit(found),
        "gives_feedback": capacity == Capacity.ASSESSOR,
        "next_stage": next_stage,
        "people": people,
        "kept_out": people.kept_out,
        "steps": steps,
        "happened": on_a_line(record, steps),
        "sign_words": SIGN_WORDS[stage] if stage else None,
        "is_ready": stage is not None and not missing,
        "judges": judges,
        "to_judge": _first_waiting(grid) if judges else None,
        "claims": may_claim_as(capacity, State(record.version.state)),
        "may_ask_witness": capacity in {Capacity.CANDIDATE, Capacity.ASSESSOR},
        "returns": can_return(signs_as, record.version),
        "takes_back": takes_back,
        "asks_to_return": TOO_LATE if too_late else "",
        "withdraws": can_withdraw(signs_as, record.version),
        "reopens": can_reopen(signs_as, record.version),
        "form": form,
        "removals": _removals(grid),
        "form_is_late": form is not None and is_late(form),
        "with_form": {signature for signature, form in forms.items() if form.stored_file_id},
    }
    return render(request, "assessments/unit_page/unit.html", context)


def _not_shown(record: UnitStanding, signs_as: Capacity | None) -> dict[str, Any]:
    """What the page says of range items that cannot be shown, and whether the person answers it."""
    return {
        "has_range": bool(record.content.unit.range),
        "not_shown": not_shown_lines(record.not_shown, record.content),
        "answers_not_shown": signs_as == Capacity.INTERNAL_VERIFIER and is_open_to_judgement(record.version),
    }


def _pieces(grid: Grid) -> list[UnitEvidence]:
    claims = Counter(evidence for evidence, _ in grid.marks)
    waiting = Counter(evidence for (evidence, _), mark in grid.marks.items() if mark.status == Status.CLAIMED)
    return [UnitEvidence(row=row, claims=claims[row.pk], waiting=waiting[row.pk]) for row in grid.rows]


def _removals(grid: Grid) -> list[RemovedFile]:
    """The files that were removed from the claimed pieces; one query if there are any."""
    claimed = {evidence for evidence, _ in grid.marks}
    incomplete = [row.version for row in grid.pieces.values() if row.removed_at and row.pk in claimed]
    return removals_in(incomplete) if incomplete else []


def _first_waiting(grid: Grid) -> EvidenceRow | None:
    """The first piece with a claim to judge, on whichever page of the list it is."""
    waiting = {evidence for (evidence, _), mark in grid.marks.items() if mark.status == Status.CLAIMED}
    return next((row for row in grid.pieces.values() if row.pk in waiting), None)
