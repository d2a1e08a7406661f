"""Small steps that the tests of assessing take: an answer to a claim, the stamp of a unit, its events."""

import json
from collections.abc import Sequence
from typing import Any

from assessments.actions.services import action_answer
from assessments.cells.changes import CellChange, ChangedCell, cells_change
from assessments.models import Action, Return
from assessments.standing.unit_record import unit_record
from assessments.steps_back.services import unit_return
from centres.models import User
from portfolio.models import CandidateUnit, UnitVersion
from record.models import Event
from record.proof import chain_faults


def answer(unit: CandidateUnit, place: int = 0, outcome: str | None = "met", reason: str = "", **changes) -> CellChange:
    """The answer to one of the unit's claims as a page of now would send it; None takes back the one that stands."""
    record = unit_record(unit).claims[place]
    said: dict[str, Any] = {
        "evidence": record.claim.evidence.uuid,
        "criterion": record.criterion,
        "to": outcome or "waiting",
        "reason": reason,
        "seen": record.stamp,
    }
    return CellChange(**said | changes)


def open_version(unit: CandidateUnit) -> UnitVersion:
    """The version of the unit that is worked on."""
    return UnitVersion.objects.get(candidate_unit=unit, closed_at__isnull=True)


def give_back(unit: CandidateUnit, actor: User, reason: str = "One more occasion, please.") -> Return:
    """Return the unit with the stamp of now."""
    return unit_return(unit=unit, actor=actor, reason=reason, stamp=open_version(unit).stamp)


def answer_all(unit: CandidateUnit, words: str = "Done, see the evidence.") -> None:
    """Let everybody answer what is asked of them in the unit and is open."""
    for action in Action.objects.filter(candidate_unit=unit, ended_at=None):
        kinds = list(action.steps.order_by("number").values_list("kind", flat=True))
        if kinds[-1] != "answered":
            action_answer(action=action, actor=action.owner, words=words, seen=len(kinds))


def events(unit: CandidateUnit) -> list[str]:
    """The kinds of all events in the portfolio's chain, which is asserted to hold."""
    assert chain_faults(unit.registration.chain) == []
    return list(Event.objects.filter(chain=unit.registration.chain).order_by("sequence").values_list("kind", flat=True))


def last_told(unit: CandidateUnit) -> dict[str, Any]:
    """The particulars of the last event in the portfolio's chain."""
    event = Event.objects.filter(chain=unit.registration.chain).order_by("sequence").reverse()[0]
    return json.loads(event.payload.body)


def judge(*, unit: CandidateUnit, actor: User, answers: Sequence[CellChange]) -> list[ChangedCell]:
    """Send these answers, as the judging page does; all of them at once."""
    return cells_change(unit=unit, actor=actor, changes=answers)
