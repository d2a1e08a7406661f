"""Reads actions with all that was said of them, and works out where each stands."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from assessments.models import Action, ActionState, ActionStep, Binding, StepKind, state_after
from centres.models import User
from portfolio.models import CandidateUnit, Registration
from record.prepared import prepared

TO_READ = (
    "action__owner",
    "action__asker",
    "action__evidence",
    "person",
    "to",
)


@dataclass(frozen=True, kw_only=True)
class ActionRecord:
    """An action with its steps, the oldest first."""

    action: Action
    steps: tuple[ActionStep, ...]

    @property
    def state(self) -> ActionState:
        """Where it stands."""
        return state_after([step.kind for step in self.steps])

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is said of it."""
        return self.action.ended_at is not None

    @property
    def holds_sign_off(self) -> bool:
        """Whether it must be answered before the sign-off, and is not."""
        return self.action.binding == Binding.SIGN_OFF and self.state == ActionState.OPEN

    @property
    def answer(self) -> ActionStep | None:
        """The last answer, if any."""
        return next((step for step in reversed(self.steps) if step.kind == StepKind.ANSWERED), None)

    @property
    def refusal(self) -> ActionStep | None:
        """Why it is open again, where it is."""
        last = self.steps[-1]
        return last if last.kind == StepKind.REFUSED else None

    @property
    def said(self) -> tuple[ActionStep, ...]:
        """All that was said of it after it was asked."""
        return self.steps[1:]


class AskedThere(NamedTuple):
    """What was ever asked in a unit; `beside`: what is still to be done of its portfolio, or of it and other units."""

    here: tuple[ActionRecord, ...]
    beside: tuple[ActionRecord, ...]


def actions_in(unit: CandidateUnit) -> tuple[ActionRecord, ...]:
    """The actions of a unit, in the order in which they were asked; one query."""
    return actions_in_each([unit])[unit.pk].here


def actions_in_each(units: Iterable[CandidateUnit]) -> dict[int, AskedThere]:
    """The actions of several units, in their order, and what is asked beside; one query for all.

    A line of a plan that names other units alone has nothing to do with a unit.
    """
    by_pk = {unit.pk: unit for unit in units}
    here: dict[int, list[ActionRecord]] = defaultdict(list)
    beside: dict[int, list[ActionRecord]] = defaultdict(list)
    for record in _by_action(_steps_in(by_pk, {unit.registration_id for unit in by_pk.values()})):
        action = record.action
        if unit := by_pk.get(action.candidate_unit_id or 0):
            action.candidate_unit, action.registration = unit, unit.registration
            here[unit.pk].append(record)
        if action.candidate_unit_id is not None:
            continue
        line = getattr(action, "sheet_line", None)
        named = {covered["unit"] for covered in line.covers} if line else set()
        for unit in by_pk.values():
            if unit.registration_id == action.registration_id and (not named or str(unit.uuid) in named):
                action.registration = unit.registration
                beside[unit.pk].append(record)
    return {unit: AskedThere(tuple(here[unit]), tuple(due_first(beside[unit]))) for unit in by_pk}


def record_of(action: Action) -> ActionRecord:
    """An action with its steps; one query."""
    steps = action.steps.select_related("person", "to").order_by("number")
    return ActionRecord(action=action, steps=tuple(steps))


def records_of_all(actions: QuerySet[Action]) -> list[ActionRecord]:
    """Each of these actions with its steps, and what it is about; one query."""
    steps = ActionStep.objects.filter(action__in=actions.order_by())
    about = ("action__centre", "action__registration__centre", "action__registration__candidate")
    return list(_by_action(_in_order(steps.select_related(*about, "action__candidate_unit"))))


def shown_to(records: Iterable[ActionRecord], person: User, registration: Registration) -> tuple[ActionRecord, ...]:
    """Those that the person may read, of a portfolio that is open to them (`ActionQuerySet.visible_to`)."""
    is_candidate = registration.candidate_id == person.pk
    return tuple(record for record in records if record.action.for_candidate or not is_candidate)


def waiting(records: Iterable[ActionRecord], asked_as: str) -> list[ActionRecord]:
    """Those whose answer waits for somebody in this role to accept or refuse it."""
    return [record for record in records if record.state == ActionState.ANSWERED and record.action.asked_as == asked_as]


def due_first(records: Iterable[ActionRecord]) -> list[ActionRecord]:
    """In the order in which they are to be done: those with a day first."""
    return sorted(records, key=lambda record: due_order(record.action))


def due_order(action: Action) -> tuple[datetime.date, bool, int]:
    """What sorts actions: the day, what holds up a sign-off before what does not, the older first."""
    return action.due or datetime.date.max, action.binding != Binding.SIGN_OFF, action.pk


@prepared
def _steps_in(units: Collection[int], registrations: Collection[int]) -> QuerySet[ActionStep, ActionStep]:
    # With what is open in other units: SQLite would look for what has none in all portfolios, not in these.
    of_portfolios = Q(action__registration__pk__in=registrations, action__ended_at=None)
    steps = ActionStep.objects.filter(Q(action__candidate_unit__pk__in=units) | of_portfolios)
    return _in_order(steps).select_related("action__sheet_line")


def _in_order(steps: QuerySet[ActionStep]) -> QuerySet[ActionStep, ActionStep]:
    return steps.select_related(*TO_READ).order_by("action", "number")


def _by_action(steps: Iterable[ActionStep]) -> Iterator[ActionRecord]:
    by_action: dict[int, list[ActionStep]] = defaultdict(list)
    for step in steps:
        by_action[step.action_id].append(step)
    for said in by_action.values():
        yield ActionRecord(action=said[0].action, steps=tuple(said))
