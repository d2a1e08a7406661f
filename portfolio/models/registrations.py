"""A candidate's registration, the units in it, and who works on them."""

from typing import Any

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from centres.models import Centre, Membership, Role, User
from record.fields import PlainCharField, PublicModel, one_of
from record.models import Chain
from standards.models import Qualification, UnitRevision


class Capacity(models.TextChoices):
    """As what a person takes part in one unit of one portfolio."""

    CANDIDATE = "candidate", "candidate"
    ASSESSOR = "assessor", "assessor"
    INTERNAL_VERIFIER = "internal_verifier", "internal verifier"


class State(models.TextChoices):
    """Where a unit stands in its life; `portfolio.rules.TRANSITIONS` says what may follow what."""

    COLLECTING = "collecting", "Collecting"
    SUBMITTED = "submitted", "Submitted"
    ASSESSED = "assessed", "Assessed"
    VERIFIED = "verified", "Verified"


def _held(user: Any, *roles: Role) -> models.QuerySet:
    return Membership.objects.current().filter(user_id=user.pk, role__in=roles).values("centre_id")


def registrations_open_to(user: Any) -> Q:
    """The registrations a person may see: their own, those allocated to them, or all as coordinator.

    Each way ends with the role it rests on: a membership that has ended opens nothing.
    """
    own = Q(candidate_id=user.pk, centre__in=_held(user, Role.CANDIDATE))
    coordinated = Q(centre__in=_held(user, Role.COORDINATOR))
    allocated = Allocation.objects.filter(user_id=user.pk, ended_at__isnull=True)
    as_assessor = Q(
        pk__in=allocated.filter(
            capacity=Capacity.ASSESSOR,
            candidate_unit__registration__centre__in=_held(user, Role.ASSESSOR),
        ).values("candidate_unit__registration_id")
    )
    as_verifier = Q(
        pk__in=allocated.filter(
            capacity=Capacity.INTERNAL_VERIFIER,
            candidate_unit__registration__centre__in=_held(user, Role.INTERNAL_VERIFIER),
        ).values("candidate_unit__registration_id")
    )
    return own | coordinated | as_assessor | as_verifier


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def visible_to(self, user: Any) -> "RegistrationQuerySet":
        """The portfolios open to the person; see `registrations_open_to`."""
        return self.filter(registrations_open_to(user))


class Registration(PublicModel):
    """One candidate on one qualification, or on single units, at one centre. What it gathers is a portfolio."""

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


class CandidateUnitQuerySet(models.QuerySet["CandidateUnit"]):
    def visible_to(self, user: Any) -> "CandidateUnitQuerySet":
        """The units of the portfolios open to the person."""
        return self.filter(registration__in=Registration.objects.visible_to(user))

    def taken(self) -> "CandidateUnitQuerySet":
        """Those that are worked on; the others were set aside, with all that was collected for them."""
        return self.filter(set_aside_at__isnull=True)


class CandidateUnit(PublicModel):
    """A unit in a portfolio. Claims and judgements hang here and outlive a reopening."""

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
                violation_error_message="The candidate is registered on this unit already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision} of {self.registration.candidate}"


class UnitVersion(PublicModel):
    """The unit's passage through its states. A reopening closes it and begins the next."""

    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State, default=State.COLLECTING)
    stamp = models.PositiveIntegerField(default=0)  # one more at each change of state; forms send it back
    opened_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    assessed_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

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


class Participation(PublicModel):
    """As what a person has acted in a unit. One capacity each, through all its versions.

    It is made by the first act, so that the unique constraint alone refuses an internal verifier
    who judged here, an assessor of their own portfolio, and the like.
    """

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


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def current(self) -> "AllocationQuerySet":
        """The allocations that hold now."""
        return self.filter(ended_at__isnull=True)


class Allocation(PublicModel):
    """The coordinator's decision who assesses a unit and who verifies it. It opens the portfolio to them."""

    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="allocations")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="allocations")
    capacity = models.CharField(max_length=20, choices=Capacity)
    began_at = models.DateTimeField()
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
                condition=Q(ended_at__isnull=True),
                name="one_allocation_a_capacity_and_unit",
                violation_error_message="Somebody else is allocated to the unit in this capacity.",
            ),
            CheckConstraint(
                name="allocation_ends_after_it_begins",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_capacity_display()}"
