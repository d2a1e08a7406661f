"""A candidate's registration, the units in it, and who works on them."""

from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import CheckConstraint, F, Func, Q, UniqueConstraint
from django.utils import timezone

from centres.models import Centre, User
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PublicModel, one_of
from record.models import Chain
from standards.models import Qualification, UnitRevision


class Capacity(models.TextChoices):
    """What a person is in one unit of one portfolio."""

    CANDIDATE = "candidate", "candidate"
    ASSESSOR = "assessor", "assessor"
    INTERNAL_VERIFIER = "internal_verifier", "internal verifier"


class State(models.TextChoices):
    """Where a unit is in its life; `portfolio.rules.TRANSITIONS` says what may follow what."""

    COLLECTING = "collecting", "Collecting"
    SUBMITTED = "submitted", "Submitted"
    ASSESSED = "assessed", "Assessed"
    VERIFIED = "verified", "Verified"


class PortfolioOpen(Func):
    """Whether a portfolio is open to a person: as their own, by an allocation, as coordinator, or for a visit.

    Each way rests on a role that they hold in its centre now: a membership that has ended opens nothing. A
    capacity and the role it rests on have the same name. An allocation with an end opens it until then, and an access
    between its two moments (`in_force` of both querysets says the same). Written out as SQL, because every page asks
    this first, and building it from querysets takes longer than everything else that a page does.
    """

    conditional = True
    output_field = models.BooleanField()
    SQL = """EXISTS (SELECT 1 FROM centres_membership held
        WHERE held.user_id = %s AND held.ended_at IS NULL AND held.centre_id = {centre} AND (
            held.role = 'coordinator'
            OR (held.role = 'candidate' AND {candidate} = held.user_id)
            OR (held.role = 'external_verifier' AND EXISTS (SELECT 1 FROM portfolio_access opened
                WHERE opened.registration_id = {portfolio} AND opened.user_id = held.user_id
                AND opened.ended_at IS NULL AND opened.began_at <= %s AND opened.until > %s))
            OR EXISTS (SELECT 1 FROM portfolio_allocation allocated
                JOIN portfolio_candidateunit unit ON unit.id = allocated.candidate_unit_id
                WHERE allocated.user_id = held.user_id AND allocated.ended_at IS NULL
                AND (allocated.until IS NULL OR allocated.until > %s)
                AND allocated.capacity = held.role AND unit.registration_id = {portfolio})))"""

    def __init__(self, user: Any, portfolio: str = "", now: Any = None) -> None:
        """`portfolio` is the path from the queried rows to their registration, such as "registration__".

        A query that is put together once (`record/prepared.py`) gives the primary key of the user, and `now`.
        """
        super().__init__(F(f"{portfolio}centre"), F(f"{portfolio}candidate"), F(f"{portfolio}pk"))
        self.user, self.now = getattr(user, "pk", user), now

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Return the condition. The person and the time are its only parameters; the rest are columns."""
        now = self.now or timezone.now()
        if isinstance(now, datetime):
            now = connection.ops.adapt_datetimefield_value(now)
        centre, candidate, portfolio = (compiler.compile(one)[0] for one in self.source_expressions)
        return self.SQL.format(centre=centre, candidate=candidate, portfolio=portfolio), [self.user, now, now, now]


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: Any, now: datetime | None = None) -> "RegistrationQuerySet":
        """The portfolios open to the person."""
        return self.filter(PortfolioOpen(user, now=now))


class Registration(ToldModel, PublicModel):
    """One candidate on one qualification, or on single units, at one centre. What it collects is the portfolio."""

    told_as: ClassVar[str] = "registration"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "candidate", "qualification", "chain")

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="registrations")
    candidate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="registrations")
    number = PlainCharField(max_length=40, blank=True)  # the awarding body's number for the candidate
    # The wording of the rule that the candidate registered for; null where they take single units.
    qualification = models.ForeignKey(
        Qualification, on_delete=models.PROTECT, related_name="registrations", null=True, blank=True
    )
    registered_at = models.DateTimeField()
    chain = models.OneToOneField(Chain, on_delete=models.PROTECT, related_name="registration")

    objects = RegistrationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Portfolio of {self.candidate}"

    @property
    def name_beside_others(self) -> str:
        """What tells it from other portfolios of the same person, in words."""
        day = timezone.localtime(self.registered_at, ZoneInfo(self.centre.time_zone))
        return f"{self.qualification or 'Single units'}, registered on {day.day} {day:%B %Y}"

    def writes_as(self, author: int) -> Capacity:
        """The capacity in which the author of a piece, given by primary key, wrote it: nobody else adds any."""
        return Capacity.CANDIDATE if author == self.candidate_id else Capacity.ASSESSOR

    def told(self) -> dict[str, Any]:
        """What events tell of it, in its own chain and in the centre's."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "candidate": str(self.candidate.uuid),
            "number": self.number,
            "qualification": str(self.qualification.uuid) if self.qualification else None,
            "registered_at": told_time(self.registered_at),
            "chain": str(self.chain.uuid),
        }


class CandidateUnitQuerySet(models.QuerySet["CandidateUnit"]):
    def visible_to(self, user: Any, now: datetime | None = None) -> "CandidateUnitQuerySet":
        """The units of the portfolios open to the person."""
        return self.filter(PortfolioOpen(user, "registration__", now))

    def taken(self) -> "CandidateUnitQuerySet":
        """Those that are worked on; the others were set aside, with all that was collected for them."""
        return self.filter(set_aside_at__isnull=True)


class CandidateUnit(ToldModel, PublicModel):
    """A unit in a portfolio. Claims and judgements belong to it and outlive a reopening."""

    told_as: ClassVar[str] = "unit"
    told_with: ClassVar[tuple[str, ...]] = ("registration", "revision")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="candidate_units")
    revision = models.ForeignKey(UnitRevision, on_delete=models.PROTECT, related_name="candidate_units")
    added_at = models.DateTimeField()
    set_aside_at = models.DateTimeField(null=True, blank=True)  # out of the choice of units, to be taken up again

    objects = CandidateUnitQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["registration", "revision"],
                name="unit_once_a_registration",
                violation_error_message="This unit is in the portfolio already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} of {self.registration.candidate}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "revision": str(self.revision.uuid),
            "added_at": told_time(self.added_at),
            "set_aside_at": told_time(self.set_aside_at),
        }


class UnitVersionQuerySet(models.QuerySet["UnitVersion"]):
    def worked_on(self) -> "UnitVersionQuerySet":
        """The open version of each unit that was not set aside."""
        return self.filter(closed_at__isnull=True, candidate_unit__set_aside_at__isnull=True)


class UnitVersion(ToldModel, PublicModel):
    """The unit's passage through its states. A reopening closes it and begins the next."""

    told_as: ClassVar[str] = "unit_version"
    told_with: ClassVar[tuple[str, ...]] = ("candidate_unit",)

    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State, default=State.COLLECTING)
    stamp = models.PositiveIntegerField(default=0)  # one more each change, through all versions; forms send it back
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    assessed_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = UnitVersionQuerySet.as_manager()

    class Meta:
        ordering = ["candidate_unit", "number"]
        constraints = [
            one_of("state", State.values, "unit_state_valid"),
            UniqueConstraint(fields=["candidate_unit", "number"], name="version_number_once_a_unit"),
            UniqueConstraint(
                fields=["candidate_unit"],
                condition=Q(closed_at__isnull=True),
                name="one_open_version",
                violation_error_message="This unit is being worked on already.",
            ),
            CheckConstraint(
                name="state_agrees_with_times",
                condition=Q(
                    state=State.COLLECTING,
                    submitted_at__isnull=True,
                    assessed_at__isnull=True,
                    verified_at__isnull=True,
                )
                | Q(
                    state=State.SUBMITTED,
                    submitted_at__isnull=False,
                    assessed_at__isnull=True,
                    verified_at__isnull=True,
                )
                | Q(
                    state=State.ASSESSED,
                    submitted_at__isnull=False,
                    assessed_at__isnull=False,
                    verified_at__isnull=True,
                )
                | Q(
                    state=State.VERIFIED,
                    submitted_at__isnull=False,
                    assessed_at__isnull=False,
                    verified_at__isnull=False,
                ),
            ),
            CheckConstraint(
                name="only_a_verified_version_is_closed",
                condition=Q(closed_at__isnull=True) | Q(state=State.VERIFIED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_unit}, version {self.number}"

    def told(self) -> dict[str, Any]:
        """What events tell of it. The stamp is not told: it only shows that a page is out of date."""
        return {
            "id": str(self.uuid),
            "unit": str(self.candidate_unit.uuid),
            "number": self.number,
            "state": str(self.state),
            "opened_at": told_time(self.opened_at),
            "submitted_at": told_time(self.submitted_at),
            "assessed_at": told_time(self.assessed_at),
            "verified_at": told_time(self.verified_at),
            "closed_at": told_time(self.closed_at),
        }


class Participation(ToldModel, PublicModel):
    """The capacity in which a person has acted in a unit: one for each person, through all its versions.

    The first act makes it. So the unique constraint alone refuses an internal verifier who judged here, an
    assessor of their own portfolio, and the like.
    """

    told_as: ClassVar[str] = "participation"
    told_with: ClassVar[tuple[str, ...]] = ("candidate_unit", "user")

    is_new = False  # made by the present act, whose event then tells of it

    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="participations")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="participations")
    capacity = models.CharField(max_length=20, choices=Capacity)

    class Meta:
        constraints = [
            one_of("capacity", Capacity.values, "participation_capacity_valid"),
            UniqueConstraint(
                fields=["candidate_unit", "user"],
                name="one_capacity_a_person_and_unit",
                violation_error_message="This person has taken part in the unit in another capacity.",
            ),
            UniqueConstraint(
                fields=["candidate_unit"],
                condition=Q(capacity=Capacity.CANDIDATE),
                name="one_candidate_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_capacity_display()}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "unit": str(self.candidate_unit.uuid),
            "user": str(self.user.uuid),
            "capacity": str(self.capacity),
        }

    def to_tell(self) -> tuple["Participation", ...]:
        """What the event of an act also tells: that its actor takes part from now on, if this is their first act."""
        return (self,) if self.is_new else ()


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def current(self) -> "AllocationQuerySet":
        """Those that nobody has ended, even if their person has given up the role."""
        return self.filter(ended_at__isnull=True)

    def in_force(self, centre: Any, now: datetime | None = None) -> "AllocationQuerySet":
        """Those of the centre by which somebody works on a unit now: their person still holds the role for it.

        A person who has given up the role works on nothing by it, even if nobody has ended the allocation. Nor does an
        allocation count whose time is over. A capacity and the role it rests on have the same name. `centre` is a
        primary key, or names one in a query. `now` is given by queries that are put together once.
        """
        return self.current().filter(
            Q(until__isnull=True) | Q(until__gt=now or timezone.now()),
            user__memberships__centre=centre,
            user__memberships__role=F("capacity"),
            user__memberships__ended_at__isnull=True,
        )


class Allocation(ToldModel, PublicModel):
    """The coordinator's decision that a person assesses or verifies a unit. It opens the portfolio to them.

    In each capacity one person leads, who signs, returns and withdraws. Any number of others work beside them:
    assessors who judge and record, and verifiers who confirm a countersignature.
    """

    told_as: ClassVar[str] = "allocation"
    told_with: ClassVar[tuple[str, ...]] = ("candidate_unit", "user")

    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="allocations")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="allocations")
    capacity = models.CharField(max_length=20, choices=Capacity)
    leads = models.BooleanField(default=True)
    began_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # the end of temporary cover: from then on it opens nothing
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("capacity", [Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER], "allocation_capacity_valid"),
            UniqueConstraint(
                fields=["candidate_unit", "user"],
                condition=Q(ended_at__isnull=True),
                name="one_allocation_a_person_and_unit",
                violation_error_message="This person is allocated to the unit already.",
            ),
            UniqueConstraint(
                fields=["candidate_unit", "capacity"],
                condition=Q(ended_at__isnull=True, leads=True),
                name="one_leads_a_capacity_and_unit",
                violation_error_message="Somebody else leads in the unit in this capacity.",
            ),
            CheckConstraint(
                name="allocation_ends_after_it_begins",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
            ),
            CheckConstraint(
                name="cover_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gt=F("began_at")),
                violation_error_message="This day is over. Choose a later one.",
            ),
            CheckConstraint(
                name="only_cover_has_an_end",
                condition=Q(leads=False) | Q(until__isnull=True),
                violation_error_message="Who leads does so until somebody else does. Only further people have an end.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_capacity_display()}"

    def told(self) -> dict[str, Any]:
        """What events tell of it, in the portfolio's chain and in the centre's."""
        return {
            "id": str(self.uuid),
            "unit": str(self.candidate_unit.uuid),
            "user": str(self.user.uuid),
            "capacity": str(self.capacity),
            "leads": self.leads,
            "until": told_time(self.until),
            "began_at": told_time(self.began_at),
            "ended_at": told_time(self.ended_at),
        }
