"""What people are asked to do, what was answered to them, and what waits for a coordinator to give to somebody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import CharField, QuerySet, Value

from assessments.home.paging import ListPage, list_page, page_number
from assessments.models import Action, ActionState, Origin
from assessments.models.actions import ActionQuerySet
from assessments.standing.action_record import due_order
from centres.models import Centre, Membership, Role, User

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
    arms: list[tuple[str, QuerySet[Action]]] = [
        (OF_YOU, Action.objects.falling_due().filter(owner=user.pk).in_state(ActionState.OPEN).with_owner_in_office()),
        (TO_YOU, Action.objects.falling_due().filter(asker=user.pk).in_state(ActionState.ANSWERED).visible_to(user)),
    ]
    if asks_in := [one.centre for one in held if one.role in ASK]:
        left = _in_centres(asks_in).in_state(ActionState.ANSWERED).left_to(user.pk)
        arms.append((TO_YOU, left.visible_to(user)))
    if coordinated := [one.centre for one in held if one.role == Role.COORDINATOR]:
        arms.append((OF_NOBODY, _of_nobody(coordinated)))
    found = _found(arms)
    pages = {
        name: list_page(page_number(wanted(name)), total=len(keys), size=ACTIONS_ON_A_PAGE)
        for name, keys in found.items()
        if keys
    }
    shown = {pk for name, page in pages.items() for pk in found[name][page.start : page.end]}
    actions = Action.objects.select_related(*TO_SHOW).in_bulk(shown) if shown else {}
    return [
        AskedList(
            name=name,
            title=TITLES[name],
            actions=[actions[pk] for pk in found[name][page.start : page.end]],
            page=page,
        )
        for name, page in pages.items()
    ]


def _of_nobody(centres: Sequence[Centre]) -> QuerySet[Action]:
    """Open actions of these centres whose owner has left the role; candidates' stay theirs."""
    asked = _in_centres(centres).exclude(owned_as=Role.CANDIDATE)
    return asked.in_state(ActionState.OPEN).without_owner()


def _in_centres(centres: Sequence[Centre]) -> ActionQuerySet:
    asked = Action.objects.falling_due()
    return asked.filter(registration__centre__in=centres) | asked.filter(centre__in=centres)


def _found(arms: Sequence[tuple[str, QuerySet[Action]]]) -> dict[str, list[int]]:
    """The primary keys of each list in the order of the page; one query."""
    rows = [
        actions.order_by()
        .annotate(arm=Value(name, output_field=CharField()))
        .values_list("arm", "pk", "due", "binding")
        for name, actions in arms
    ]
    found: dict[str, list[Action]] = {name: [] for name, _ in arms}
    for name, pk, due, binding in rows[0].union(*rows[1:], all=True):
        found[name].append(Action(pk=pk, due=due, binding=binding))
    return {name: [action.pk for action in sorted(actions, key=due_order)] for name, actions in found.items()}
