"""What people are asked to do, what was answered to them, and what waits for a coordinator to give to somebody."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import CharField, QuerySet, Value
from django.utils import timezone

from assessments.home.paging import ListPage, list_page, page_number
from assessments.models import Action, ActionState, Origin
from assessments.models.actions import ActionQuerySet
from assessments.standing.action_record import due_order
from centres.models import Membership, Role, User
from record.prepared import prepared

ACTIONS_ON_A_PAGE = 10
ASK = (Role.ASSESSOR, Role.INTERNAL_VERIFIER, Role.COORDINATOR)  # who may find what another of their role has asked
OF_YOU, TO_YOU, OF_NOBODY = "asked", "answered", "ownerless"  # as the address names their pages
TITLES = {
    OF_YOU: "Asked of you",
    TO_YOU: "Answered to you",
    OF_NOBODY: "Asked of people who hold the role no more",
}
TO_SHOW = (
    "centre", "registration__centre", "registration__candidate", "candidate_unit__revision__unit", "evidence",
    "owner", "asker",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class AskedList:
    """One page of actions, those that are due first on top."""

    name: str
    title: str
    actions: Sequence[Action]
    page: ListPage

    @property
    def reasons(self) -> list[str]:
        """The words that are both what the person is asked and why a unit came back to them."""
        return [one.text for one in self.actions if self.name == OF_YOU and one.origin == Origin.RETURN]


def asked_lists(user: User, held: Sequence[Membership], wanted: Callable[[str], str | None]) -> list[AskedList]:
    """Return the lists that have anything in them, in one query if none has, or else in two.

    `held` are the person's roles now; `wanted` says which page of each list to show, by its name.
    """
    found = _found(user, held)
    pages = {
        name: list_page(page_number(wanted(name)), total=len(keys), size=ACTIONS_ON_A_PAGE)
        for name, keys in found.items()
        if keys
    }
    shown = {pk for name, page in pages.items() for pk in found[name][page.start : page.end]}
    actions = {action.pk: action for action in _shown(shown)} if shown else {}
    return [
        AskedList(
            name=name,
            title=TITLES[name],
            actions=[actions[pk] for pk in found[name][page.start : page.end]],
            page=page,
        )
        for name, page in pages.items()
    ]


def _found(user: User, held: Sequence[Membership]) -> dict[str, list[int]]:
    """The primary keys of each list in the order of the page; one query."""
    now = timezone.now()
    asks_in = {one.centre_id for one in held if one.role in ASK}
    coordinated = {one.centre_id for one in held if one.role == Role.COORDINATOR}
    if coordinated:
        rows = _of_coordinators(user.pk, now, asks_in, coordinated)
    else:
        rows = _of_staff(user.pk, now, asks_in) if asks_in else _of_candidates(user.pk, now)
    found: dict[str, list[Action]] = {}
    for name, pk, due, binding in rows:
        found.setdefault(name, []).append(Action(pk=pk, due=due, binding=binding))
    return {name: [action.pk for action in sorted(found[name], key=due_order)] for name in TITLES if name in found}


Keys = QuerySet[Action, tuple[str, int, date | None, str]]


@prepared
def _of_candidates(user: int, now: datetime) -> Keys:
    return _own(user, now)


@prepared
def _of_staff(user: int, now: datetime, asks_in: Collection[int]) -> Keys:
    return _own(user, now).union(_left(user, now, asks_in), all=True)


@prepared
def _of_coordinators(user: int, now: datetime, asks_in: Collection[int], coordinated: Collection[int]) -> Keys:
    return _own(user, now).union(_left(user, now, asks_in), _of_nobody(now, coordinated), all=True)


@prepared
def _shown(actions: Collection[int]) -> QuerySet[Action, Action]:
    return Action.objects.filter(pk__in=actions).select_related(*TO_SHOW)


def _own(user: int, now: datetime) -> Keys:
    """What is asked of the person in a role that they still hold, and what was answered to them."""
    asked = Action.objects.falling_due().filter(owner=user).in_state(ActionState.OPEN).with_owner_in_office(now)
    answered = Action.objects.falling_due().filter(asker=user).in_state(ActionState.ANSWERED).visible_to(user, now)
    return _keys(OF_YOU, asked).union(_keys(TO_YOU, answered), all=True)


def _left(user: int, now: datetime, centres: Collection[int]) -> Keys:
    """What was answered to somebody whose role the person holds in these centres, and who holds it no more."""
    left = _in_centres(centres).in_state(ActionState.ANSWERED).left_to(user, now)
    return _keys(TO_YOU, left.visible_to(user, now))


def _of_nobody(now: datetime, centres: Collection[int]) -> Keys:
    """Open actions of these centres whose owner has left the role; candidates' stay theirs."""
    asked = _in_centres(centres).exclude(owned_as=Role.CANDIDATE)
    return _keys(OF_NOBODY, asked.in_state(ActionState.OPEN).without_owner(now))


def _in_centres(centres: Collection[int]) -> ActionQuerySet:
    asked = Action.objects.falling_due()
    return asked.filter(registration__centre__pk__in=centres) | asked.filter(centre__pk__in=centres)


def _keys(name: str, actions: QuerySet[Action]) -> Keys:
    named = actions.order_by().annotate(arm=Value(name, output_field=CharField()))
    return named.values_list("arm", "pk", "due", "binding")
