"""Portfolios that a visit has opened to somebody who comes from outside the centre."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils import timezone

from centres.models import User
from portfolio.models.registrations import Registration
from record.event_content import ToldModel, told_time
from record.fields import PublicModel


class AccessQuerySet(models.QuerySet["Access"]):
    def current(self) -> "AccessQuerySet":
        """Those that nobody has ended, even if their time is over."""
        return self.filter(ended_at__isnull=True)

    def in_force(self) -> "AccessQuerySet":
        """Those by which a portfolio is open now, to whoever still holds the role (`PortfolioOpen` says the same)."""
        now = timezone.now()
        return self.current().filter(began_at__lte=now, until__gt=now)


class Access(ToldModel, PublicModel):
    """A portfolio is open to an external verifier, to be read, from one moment until another.

    A change makes a further row (`portfolio/services/access.py`), so that each says what held.
    """

    told_as: ClassVar[str] = "access"
    told_with: ClassVar[tuple[str, ...]] = ("registration", "user")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="accesses")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="accesses")
    began_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AccessQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["registration", "user"],
                condition=Q(ended_at__isnull=True),
                name="one_access_a_person_and_portfolio",
            ),
            CheckConstraint(name="access_ends_after_it_begins", condition=Q(until__gt=F("began_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.registration} open to {self.user}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "user": str(self.user.uuid),
            "began_at": told_time(self.began_at),
            "until": told_time(self.until),
            "ended_at": told_time(self.ended_at),
        }
