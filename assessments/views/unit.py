"""The page of a unit in a portfolio: how it stands, what is missing, who works on it, what happened."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import FinalForm, Signature, Stage
from assessments.permissions import NEXT_STAGE, can_reopen, can_return, can_withdraw, stage_to_sign
from assessments.rules import in_short, readiness
from assessments.selectors import history, people_on
from assessments.services.final_forms import ATTEMPTS
from assessments.unit_parts import Part, parts_of
from assessments.unit_record import CriterionRecord, UnitRecord, is_open_to_judgement, unit_record
from assessments.views.lookup import unit_or_404
from centres.http import SignedInRequest
from portfolio.models import Capacity, State
from portfolio.permissions import capacity_in
from standards.wording import rules_in_words

SIGN_WORDS = {
    Stage.SUBMISSION: "Submit this unit",
    Stage.SIGN_OFF: "Sign the unit off",
    Stage.COUNTERSIGNATURE: "Countersign",
}


@dataclass(frozen=True, kw_only=True)
class Group:
    """A part of the unit with how its criteria stand."""

    part: Part
    criteria: tuple[CriterionRecord, ...]


@require_safe
def unit(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Show a unit with what the person can do in it now, and nothing else."""
    found = unit_or_404(request, centre, unit)
    capacity = capacity_in(request.user, found)
    record = unit_record(found)
    people = people_on(found)
    stage = stage_to_sign(capacity, record.version)
    open_to_judgement = is_open_to_judgement(record.version)
    context = {
        "unit": found,
        "record": record,
        "capacity": capacity,
        "groups": criteria_groups(record),
        "rules": rules_in_words(record.content.unit),
        "missing": _missing(record),
        "next_stage": NEXT_STAGE.get(State(record.version.state)),
        "assessor": people.get(Capacity.ASSESSOR),
        "verifier": people.get(Capacity.INTERNAL_VERIFIER),
        "steps": history(record),
        "sign_words": SIGN_WORDS[stage] if stage else None,
        "judges": capacity == Capacity.ASSESSOR and open_to_judgement,
        "claims": (capacity == Capacity.CANDIDATE and record.version.state == State.COLLECTING)
        or (capacity == Capacity.ASSESSOR and open_to_judgement),
        "returns": can_return(capacity, record.version),
        "withdraws": can_withdraw(capacity, record.version),
        "reopens": can_reopen(capacity, record.version),
        "form": final_form(record),
        "form_attempts": ATTEMPTS,
    }
    return render(request, "assessments/unit.html", context)


def criteria_groups(record: UnitRecord) -> tuple[Group, ...]:
    """The unit's criteria as its page and the signing page show them: part by part."""
    stands = {one.criterion.pk: one for one in record.criteria}
    return tuple(
        Group(part=part, criteria=tuple(stands[item.pk] for item in part.criteria))
        for part in parts_of(record.content.unit)
    )


def final_form(record: UnitRecord) -> FinalForm | None:
    """The form of the unit's countersignature, if it stands; it may still be in preparation."""
    signature: Signature | None = record.signature(Stage.COUNTERSIGNATURE)
    return getattr(signature, "final_form", None)


def _missing(record: UnitRecord) -> list[str]:
    stage = NEXT_STAGE.get(State(record.version.state))
    return in_short(readiness(record.facts, stage), record.facts) if stage else []
