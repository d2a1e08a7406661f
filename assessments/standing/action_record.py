"""Reads actions with all that was said of them, and works out where each stands."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

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


def actions_in(unit: CandidateUnit) -> tuple[ActionRecord, ...]:
    """The actions of a unit, in the order in which they were asked; one query."""
    return actions_in_each([unit])[unit.pk]


def actions_in_each(units: Iterable[CandidateUnit]) -> dict[int, tuple[ActionRecord, ...]]:
    """The same of several units, by the unit's primary key; one query for all."""
    by_pk = {unit.pk: unit for unit in units}
    found: dict[int, list[ActionRecord]] = {unit: [] for unit in by_pk}
    for record in _by_action(_steps_in(by_pk)):
        unit = by_pk[record.action.candidate_unit_id or 0]
        record.action.candidate_unit, record.action.registration = unit, unit.registration
        found[unit.pk].append(record)
    return {unit: tuple(records) for unit, records in found.items()}


def open_beside(unit: CandidateUnit) -> list[ActionRecord]:
    """What is still to be done of the unit's portfolio as a whole, or of it with other units; one query.

    A line of a plan that names other units alone has nothing to do with it.
    """
    found = []
    for record in _by_action(_open_of_portfolio(unit.registration_id)):
        record.action.registration = unit.registration
        line = getattr(record.action, "sheet_line", None)
        named = {covered["unit"] for covered in line.covers} if line else set()
        if not named or str(unit.uuid) in named:
            found.append(record)
    return due_first(found)


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
def _steps_in(units: Collection[int]) -> QuerySet[ActionStep, ActionStep]:
    return _in_order(ActionStep.objects.filter(action__candidate_unit__pk__in=units))


@prepared
def _open_of_portfolio(registration: int) -> QuerySet[ActionStep, ActionStep]:
    of_it = {"action__registration__pk": registration, "action__candidate_unit__isnull": True}
    steps = ActionStep.objects.filter(**of_it, action__ended_at__isnull=True)
    return _in_order(steps).select_related("action__sheet_line")


def _in_order(steps: QuerySet[ActionStep]) -> QuerySet[ActionStep, ActionStep]:
    return steps.select_related(*TO_READ).order_by("action", "number")


def _by_action(steps: Iterable[ActionStep]) -> Iterator[ActionRecord]:
    by_action: dict[int, list[ActionStep]] = defaultdict(list)
    for step in steps:
        by_action[step.action_id].append(step)
    for said in by_action.values():
        yield ActionRecord(action=said[0].action, steps=tuple(said))
