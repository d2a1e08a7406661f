"""Questions that the pages of actions ask."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery

from assessments.models import MAY_FOLLOW, Action, ActionState, StepKind
from assessments.models.actions import ActionQuerySet
from assessments.permissions import may_answer, may_hand_over, may_settle
from assessments.standing.action_record import ActionRecord
from centres.models import Centre, Membership, Role, User
from portfolio.models import Allocation, CandidateUnit, Capacity, Evidence, EvidenceVersion
from portfolio.people_on_unit import people_on
from standards.naming import names_in
from standards.published import published_content

# What may be looked for among the actions of a centre, in words.
WHICH = {
    "open": "What is still to be done",
    "overdue": "What is overdue",
    "answered": "What is answered, and waits to be accepted",
    "ended": "What was done or withdrawn",
    "all": "All",
}


@dataclass(frozen=True, kw_only=True)
class CanDo:
    """What a person can do with an action now, and in which roles at all."""

    answers: bool
    settles: bool
    hands_over: bool
    state: str

    def _now(self, kind: StepKind) -> bool:
        return kind in MAY_FOLLOW[self.state]  # type: ignore[index]

    @property
    def answer(self) -> bool:
        """Whether they answer it."""
        return self.answers and self._now(StepKind.ANSWERED)

    @property
    def settle(self) -> bool:
        """Whether they accept or refuse the answer."""
        return self.settles and self._now(StepKind.ACCEPTED)

    @property
    def withdraw(self) -> bool:
        """Whether they withdraw it."""
        return self.settles and self._now(StepKind.WITHDRAWN)

    @property
    def hand_over(self) -> bool:
        """Whether they give it to somebody else."""
        return self.hands_over and self._now(StepKind.HANDED_OVER)

    @property
    def anything(self) -> bool:
        """Whether there is anything for them to do."""
        return self.answer or self.withdraw or self.hand_over


def can_do(person: User, record: ActionRecord) -> CanDo:
    """What the person can do with the action now."""
    action = record.action
    return CanDo(
        answers=may_answer(person, action),
        settles=may_settle(person, action),
        hands_over=may_hand_over(person, action),
        state=record.state,
    )


def people_to_ask(unit: CandidateUnit, *, of_staff: bool = False) -> Sequence[tuple[Role, User]]:
    """Who works on a unit, each with their role: the candidate unless it is `of_staff`, assessors and verifiers."""
    people = people_on(unit)
    assessors = [one for one in (people.assessor, *people.further_assessors) if one]
    verifiers = [one for one in (people.verifier, *people.further_verifiers) if one]
    return [
        *(() if of_staff else ((Role.CANDIDATE, unit.registration.candidate),)),
        *((Role.ASSESSOR, person) for person in assessors),
        *((Role.INTERNAL_VERIFIER, person) for person in verifiers),
    ]


def pieces_to_name(unit: CandidateUnit) -> Sequence[tuple[Evidence, str]]:
    """The evidence of the unit's portfolio, each piece with its title now, by number; one query."""
    latest = EvidenceVersion.objects.filter(evidence=OuterRef("pk")).order_by("-number").values("title")[:1]
    kept = Evidence.objects.kept().filter(registration=unit.registration_id).order_by("number")
    return [(piece, piece.now_called) for piece in kept.annotate(now_called=Subquery(latest))]


def successors_of(action: Action) -> Collection[User]:
    """Who else holds the role in which an action was asked, where it belongs; by name, in one query."""
    held = Membership.objects.current().filter(centre=action.at_centre, role=action.owned_as)
    if action.registration and action.owned_as in set(Capacity.values):
        working = Allocation.objects.filter(capacity=action.owned_as).in_force(action.at_centre.pk)
        if action.candidate_unit:
            working = working.filter(candidate_unit=action.candidate_unit)
        held = held.filter(
            user__in=working.filter(candidate_unit__registration=action.registration).values("user"),
        )
    return User.objects.filter(pk__in=held.values("user")).exclude(pk=action.owner_id).order_by("name", "pk")


def actions_of_centre(centre: Centre, person: User, *, which: str, owner: str = "") -> ActionQuerySet:
    """The actions in a centre that the person may read: `which` is a key of WHICH, `owner` a part of a name."""
    found = those_that_are(which, readable_at(centre, person), centre.today)
    return found.filter(owner__name__icontains=owner) if owner else found


def readable_at(centre: Centre, person: User) -> ActionQuerySet:
    """All actions in a centre that the person may read."""
    return Action.objects.visible_to(person).filter(Q(centre=centre) | Q(registration__centre=centre))


def those_that_are(which: str, actions: ActionQuerySet, today: date) -> ActionQuerySet:
    """Those of the actions that are meant by `which`, a key of WHICH."""
    match which:
        case "open":
            return actions.falling_due()
        case "overdue":
            return actions.falling_due().in_state(ActionState.OPEN).filter(due__lt=today)
        case "answered":
            return actions.falling_due().in_state(ActionState.ANSWERED)
        case "ended":
            return actions.filter(ended_at__isnull=False)
        case _:
            return actions


def criteria_in_words(action: Action) -> Sequence[str]:
    """The codes of the criteria that an action is about."""
    if not action.candidate_unit or not action.criteria:
        return []
    names = names_in(published_content(action.candidate_unit.revision))
    return [str(names[kind, position]) for kind, position in action.criteria]
