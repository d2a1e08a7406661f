"""How a registration stands: active, suspended, or at its end. Each change is a row of its own."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q, UniqueConstraint

from centres.models import User
from portfolio.models.registrations import Registration
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most


class RegistrationState(models.TextChoices):
    """Where a registration is in its life. One without any `RegistrationStanding` is active."""

    ACTIVE = "active", "active"
    SUSPENDED = "suspended", "suspended"
    WITHDRAWN = "withdrawn", "withdrawn"
    TRANSFERRED = "transferred", "transferred"
    COMPLETED = "completed", "completed"


ACTIVE, SUSPENDED, WITHDRAWN, TRANSFERRED, COMPLETED = RegistrationState
# What may follow what. The database holds to it too, so a change here needs a migration.
MAY_FOLLOW: dict[RegistrationState, tuple[RegistrationState, ...]] = {
    ACTIVE: (SUSPENDED, WITHDRAWN, TRANSFERRED, COMPLETED),
    SUSPENDED: (ACTIVE, SUSPENDED, WITHDRAWN, TRANSFERRED),  # again: with another last day
    WITHDRAWN: (ACTIVE,),
    TRANSFERRED: (ACTIVE,),
    COMPLETED: (ACTIVE,),
}
ENDED = (WITHDRAWN, TRANSFERRED, COMPLETED)  # the portfolio is read only then
FOLLOWS = [Q(before=before, state__in=after) for before, after in MAY_FOLLOW.items()]


class RegistrationStandingQuerySet(models.QuerySet["RegistrationStanding"]):
    def current(self) -> "RegistrationStandingQuerySet":
        """The last of each registration."""
        return self.filter(ended_at__isnull=True)

    def at_rest(self) -> "RegistrationStandingQuerySet":
        """Those by which a registration is not active now: nothing waits in it for anybody."""
        return self.current().exclude(state=ACTIVE)

    def ended(self) -> "RegistrationStandingQuerySet":
        """Those by which a registration has ended: its portfolio is read only."""
        return self.current().filter(state__in=ENDED)


class RegistrationStanding(ToldModel, PublicModel):
    """From one day on, a registration stands so, for a reason; until the next of these rows ends it.

    Append-only, save that it is ended, once.
    """

    told_as: ClassVar[str] = "registration_standing"
    told_with: ClassVar[tuple[str, ...]] = ("registration", "set_by")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="standings")
    before = models.CharField(max_length=12, choices=RegistrationState)  # how it stood until then
    state = models.CharField(max_length=12, choices=RegistrationState)
    day = models.DateField()  # from which it stands so; it may be told later
    until = models.DateField(null=True, blank=True)  # the last day of a suspension; without one it is open
    to_centre = PlainCharField(max_length=200, blank=True)  # where a candidate is transferred to
    reason = PlainTextField(limit=1000)
    # Nobody: the time of a suspension was over.
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RegistrationStandingQuerySet.as_manager()

    class Meta:
        ordering = ["registration", "pk"]
        constraints = [
            CheckConstraint(name="registration_state_follows", condition=FOLLOWS[0] | Q(*FOLLOWS[1:], _connector=Q.OR)),
            UniqueConstraint(
                fields=["registration"],
                condition=Q(ended_at__isnull=True),
                name="one_standing_a_registration",
                violation_error_message="Somebody changed this registration meanwhile. Look at it again.",
            ),
            CheckConstraint(
                name="only_a_suspension_has_a_last_day",
                condition=Q(until__isnull=True) | (Q(state=SUSPENDED) & Q(until__gte=F("day"))),
                violation_error_message="The last day is before the first. Put one of them right.",
            ),
            CheckConstraint(
                name="only_a_transfer_names_a_centre",
                condition=(Q(state=TRANSFERRED) & ~Q(to_centre="")) | (~Q(state=TRANSFERRED) & Q(to_centre="")),
                violation_error_message="Say to which centre.",
            ),
            CheckConstraint(name="registration_standing_has_a_reason", condition=~Q(reason="")),
            at_most("reason", 1000, "registration_standing_reason_length"),
            at_most("to_centre", 200, "registration_standing_centre_length"),
        ]

    def __str__(self) -> str:
        return f"{self.registration}: {self.get_state_display()}"

    def told(self) -> dict[str, Any]:
        """What events tell of it, in the portfolio's chain and in the centre's."""
        return {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "before": str(self.before),
            "state": str(self.state),
            "day": self.day.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "to_centre": self.to_centre,
            "reason": self.reason,
            "set_by": str(self.set_by.uuid) if self.set_by else None,
            "set_at": told_time(self.set_at),
            "ended_at": told_time(self.ended_at),
        }


def has_ended(registration: str = "registration") -> Exists:
    """Whether the registration of the queried rows has ended; `registration` is the path to it."""
    return Exists(RegistrationStanding.objects.ended().filter(registration=OuterRef(registration)))


def is_at_rest(registration: str = "registration") -> Exists:
    """Whether the registration of the queried rows is not active: suspended, or at its end."""
    return Exists(RegistrationStanding.objects.at_rest().filter(registration=OuterRef(registration)))
