"""Who does what by when: what somebody is asked to do, and all that was said of it since."""

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q, Subquery, UniqueConstraint
from django.utils import timezone

from assessments.models.judgements import REASON_AT_MOST
from centres.models import Centre, Membership, Role, User
from portfolio.models import Allocation, CandidateUnit, Evidence, Registration
from portfolio.models.registration_standings import is_at_rest
from portfolio.models.registrations import PortfolioOpen
from record.event_content import ToldModel, told_time
from record.fields import PlainTextField, PublicModel, at_most, one_of
from record.models import Chain


class Binding(models.TextChoices):
    """What an action holds up until it is answered."""

    SIGN_OFF = "sign_off", "Before the sign-off"
    DATE = "date", "By a date"
    ADVICE = "advice", "Advice"


class Origin(models.TextChoices):
    """Where an action comes from."""

    ASKED = "asked", "asked on its own"
    PLAN = "plan", "from an assessment plan"
    REVIEW = "review", "from a review"
    RETURN = "return", "from a return"
    SAMPLING = "sampling", "from a sampling"
    VISIT = "visit", "from a visit"


class StepKind(models.TextChoices):
    """What can be said of an action."""

    ASKED = "asked", "Asked"
    ANSWERED = "answered", "Answered"
    ACCEPTED = "accepted", "Accepted"
    REFUSED = "refused", "Not enough"
    WITHDRAWN = "withdrawn", "Withdrawn"
    HANDED_OVER = "handed_over", "Handed over"


class ActionState(models.TextChoices):
    """Where an action stands."""

    OPEN = "open", "Open"
    ANSWERED = "answered", "Answered"
    ACCEPTED = "accepted", "Done"
    WITHDRAWN = "withdrawn", "Withdrawn"


AFTER = {
    StepKind.ASKED: ActionState.OPEN,
    StepKind.ANSWERED: ActionState.ANSWERED,
    StepKind.ACCEPTED: ActionState.ACCEPTED,
    StepKind.REFUSED: ActionState.OPEN,
    StepKind.WITHDRAWN: ActionState.WITHDRAWN,
    StepKind.HANDED_OVER: ActionState.OPEN,
}
# What may be said of it in each state.
MAY_FOLLOW: dict[ActionState, frozenset[StepKind]] = {
    ActionState.OPEN: frozenset({StepKind.ANSWERED, StepKind.WITHDRAWN, StepKind.HANDED_OVER}),
    ActionState.ANSWERED: frozenset({StepKind.ACCEPTED, StepKind.REFUSED, StepKind.WITHDRAWN}),
    ActionState.ACCEPTED: frozenset(),
    ActionState.WITHDRAWN: frozenset(),
}
# From here on nothing more is said of it.
ENDS = frozenset(state for state, may_follow in MAY_FOLLOW.items() if not may_follow)


def state_after(steps: Sequence[str]) -> ActionState:
    """Where an action stands after steps of these kinds, the oldest first; there is at least one."""
    return AFTER[StepKind(steps[-1])]


def in_office(person: str | int, role: str, now: datetime.datetime | None = None) -> Q:
    """Whether a person holds the role in one field of an action, where the action belongs.

    The person in another field of it, or the one with this primary key. A candidate in their own portfolio, an assessor
    or verifier by an allocation that is in force in the unit (where it names none: in the portfolio), anybody else by
    their role in the centre.
    """
    there, here = (OuterRef(person), F(person)) if isinstance(person, str) else (person, person)
    held = Membership.objects.current().filter(user=there, role=OuterRef(role))
    works = Allocation.objects.filter(user=there, capacity=OuterRef(role)).in_force(
        F("candidate_unit__registration__centre"), now
    )
    by_allocation = Q(**{f"{role}__in": (Role.ASSESSOR, Role.INTERNAL_VERIFIER)})
    own = Q(**{f"{role}": Role.CANDIDATE}) & ~Q(registration__candidate=here)
    return (
        Q(Exists(held.filter(centre=OuterRef("centre"))), registration=None)
        | Q(Exists(works.filter(candidate_unit=OuterRef("candidate_unit"))), by_allocation)
        | Q(
            Exists(works.filter(candidate_unit__registration=OuterRef("registration"))),
            by_allocation,
            candidate_unit=None,
        )
        | Q(~by_allocation, ~own, Exists(held.filter(centre=OuterRef("registration__centre"))))
    )


class ActionQuerySet(models.QuerySet["Action"]):
    def open(self) -> "ActionQuerySet":
        """Those of which something is still to be said; not those of a unit that was set aside."""
        return self.filter(Q(candidate_unit=None) | Q(candidate_unit__set_aside_at=None), ended_at=None)

    def falling_due(self) -> "ActionQuerySet":
        """The open ones that wait for somebody: in a registration that is not active nothing falls due."""
        return self.open().filter(~is_at_rest())

    def in_state(self, state: ActionState) -> "ActionQuerySet":
        """Those that stand there (`state_after`)."""
        last = ActionStep.objects.filter(action=OuterRef("pk")).order_by("-number").values("kind")[:1]
        return self.alias(last=Subquery(last)).filter(
            last__in=[kind for kind, after in AFTER.items() if after == state]
        )

    # `now` is given by queries that are put together once (record/prepared.py).

    def with_owner_in_office(self, now: datetime.datetime | None = None) -> "ActionQuerySet":
        """Those whose owner still holds the role in which they were asked."""
        return self.filter(in_office("owner", "owned_as", now))

    def left_to(self, user: int, now: datetime.datetime | None = None) -> "ActionQuerySet":
        """Those whose asker has left the role, which this person (a primary key) holds: `may_settle` says the same."""
        left = self.filter(~in_office("asker", "asked_as", now), in_office(user, "asked_as", now))
        return left.exclude(asker=user)

    def without_owner(self, now: datetime.datetime | None = None) -> "ActionQuerySet":
        """Those whose owner does not any more: the coordinator gives them to somebody else."""
        return self.filter(~in_office("owner", "owned_as", now))

    def visible_to(self, user: Any, now: datetime.datetime | None = None) -> "ActionQuerySet":
        """The actions that the person, or whose primary key, may read.

        In a portfolio that is open to them; its candidate reads only those that are for candidates. Without a
        portfolio: owner, asker, who holds the asker's role, and the coordinator of the centre.
        """
        person = getattr(user, "pk", user)
        held = Membership.objects.current().filter(user=person, centre=OuterRef("centre"))
        named = Q(Exists(held), Q(owner=person) | Q(asker=person))
        in_role = Exists(held.filter(Q(role=OuterRef("asked_as")) | Q(role=Role.COORDINATOR)))
        in_portfolio = Q(PortfolioOpen(user, "registration__", now)) & (
            Q(for_candidate=True) | ~Q(registration__candidate=person)
        )
        return self.filter(Q(in_portfolio, registration__isnull=False) | Q(named | Q(in_role), registration=None))


class Action(ToldModel, PublicModel):
    """What one person asks of another. Its owner may change, and its end is noted; all else is said in its steps."""

    told_as: ClassVar[str] = "action"
    told_with: ClassVar[tuple[str, ...]] = (
        "centre", "registration", "candidate_unit", "evidence", "owner", "asker",
    )  # fmt: skip

    # Of a unit, of a portfolio as a whole, or (the centre alone) of staff.
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="actions", null=True, blank=True)
    registration = models.ForeignKey(
        Registration, on_delete=models.PROTECT, related_name="actions", null=True, blank=True
    )
    candidate_unit = models.ForeignKey(
        CandidateUnit, on_delete=models.PROTECT, related_name="actions", null=True, blank=True
    )
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="actions", null=True, blank=True)
    criteria = models.JSONField(default=list, blank=True)  # that it is about: [kind, position] of each
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="actions")
    owned_as = models.CharField(max_length=20, choices=Role)
    asker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="actions_asked")
    asked_as = models.CharField(max_length=20, choices=Role)
    text = PlainTextField(limit=REASON_AT_MOST)
    binding = models.CharField(max_length=10, choices=Binding)
    due = models.DateField(null=True, blank=True)
    for_candidate = models.BooleanField(default=False)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ASKED)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # accepted or withdrawn

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["owner"], condition=Q(ended_at=None), name="open_actions_by_owner"),
            models.Index(fields=["asker"], condition=Q(ended_at=None), name="open_actions_by_asker"),
            models.Index(fields=["due"], name="actions_by_due"),  # these two for lists
            models.Index(fields=["asked_at"], name="actions_by_asked"),
        ]
        constraints = [
            one_of("owned_as", Role.values, "action_owned_as_valid"),
            one_of("asked_as", [role for role in Role.values if role != "candidate"], "action_asked_as_valid"),
            one_of("binding", Binding.values, "action_binding_valid"),
            one_of("origin", Origin.values, "action_origin_valid"),
            CheckConstraint(
                name="action_of_a_portfolio_or_a_centre",
                condition=Q(centre__isnull=True, registration__isnull=False)
                | Q(
                    centre__isnull=False, registration__isnull=True, candidate_unit__isnull=True, evidence__isnull=True
                ),
            ),
            CheckConstraint(name="action_by_a_date_has_one", condition=~Q(binding=Binding.DATE) | Q(due__isnull=False)),
            CheckConstraint(
                name="only_a_unit_has_a_sign_off",
                condition=~Q(binding=Binding.SIGN_OFF) | Q(candidate_unit__isnull=False),
            ),
            CheckConstraint(
                name="staff_actions_are_not_for_candidates",
                condition=Q(for_candidate=False) | Q(registration__isnull=False),
            ),
            CheckConstraint(name="action_has_words", condition=~Q(text="")),
            at_most("text", REASON_AT_MOST, "action_text_length"),
        ]

    def __str__(self) -> str:
        return f"{self.owner}: {self.text[:60]}"

    @property
    def at_centre(self) -> Centre:
        """The centre that it belongs to."""
        return self.registration.centre if self.registration else self._centre

    @property
    def chain(self) -> Chain:
        """The chain whose events tell of it."""
        return self.registration.chain if self.registration else self._centre.chain

    @property
    def _centre(self) -> Centre:
        assert self.centre is not None  # noqa: S101 - a constraint
        return self.centre

    def is_overdue(self, now: datetime.datetime | None = None) -> bool:
        """Whether its day is over, where the centre is, and it has not ended."""
        return self.ended_at is None and self.due is not None and self.due < today_at(self.at_centre, now)

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid) if self.centre else None,
            "registration": str(self.registration.uuid) if self.registration else None,
            "unit": str(self.candidate_unit.uuid) if self.candidate_unit else None,
            "evidence": str(self.evidence.uuid) if self.evidence else None,
            "criteria": [{"kind": kind, "position": position} for kind, position in self.criteria],
            "owner": str(self.owner.uuid),
            "owned_as": str(self.owned_as),
            "asker": str(self.asker.uuid),
            "asked_as": str(self.asked_as),
            "text": self.text,
            "binding": str(self.binding),
            "due": self.due.isoformat() if self.due else None,
            "for_candidate": self.for_candidate,
            "origin": str(self.origin),
            "asked_at": told_time(self.asked_at),
            "ended_at": told_time(self.ended_at),
        }


def today_at(centre: Centre, now: datetime.datetime | None = None) -> datetime.date:
    """The day that it is where the centre is."""
    return timezone.localdate(now or timezone.now(), ZoneInfo(centre.time_zone))


class ActionStep(ToldModel, PublicModel):
    """One thing that was said of an action: by whom, in which role, and when. Append-only."""

    told_as: ClassVar[str] = "action_step"
    told_with: ClassVar[tuple[str, ...]] = ("action", "person", "to")

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=StepKind)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="action_steps")
    acted_as = models.CharField(max_length=20, choices=Role)
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)  # handed over
    words = PlainTextField(limit=REASON_AT_MOST, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["action", "number"]
        constraints = [
            UniqueConstraint(
                fields=["action", "number"],
                name="step_number_once_an_action",
                violation_error_message="Somebody was quicker: look at the action again.",
            ),
            one_of("kind", StepKind.values, "action_step_kind_valid"),
            one_of("acted_as", Role.values, "action_step_acted_as_valid"),
            CheckConstraint(
                name="answers_and_refusals_have_words",
                condition=~Q(kind__in=[StepKind.ANSWERED, StepKind.REFUSED]) | ~Q(words=""),
            ),
            CheckConstraint(
                name="handed_over_to_somebody",
                condition=Q(kind=StepKind.HANDED_OVER, to__isnull=False)
                | (~Q(kind=StepKind.HANDED_OVER) & Q(to__isnull=True)),
            ),
            at_most("words", REASON_AT_MOST, "action_step_words_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.person}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "action": str(self.action.uuid),
            "number": self.number,
            "kind": str(self.kind),
            "person": str(self.person.uuid),
            "acted_as": str(self.acted_as),
            "to": str(self.to.uuid) if self.to else None,
            "words": self.words,
            "made_at": told_time(self.made_at),
        }
