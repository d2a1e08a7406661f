"""What is adjusted for a candidate so that they are assessed fairly, such as a reader, until when and why."""

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q

from centres.models import User
from centres.staff.models import day_in_words
from portfolio.models.registrations import Registration
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of

LINE_AT_MOST = 200  # characters
WHY_AT_MOST = 1000


class AdjustmentKind(models.TextChoices):
    """What is adjusted."""

    EXTRA_TIME = "extra_time", "Extra time"
    READER = "reader", "Reader"
    SCRIBE = "scribe", "Scribe"
    SIGNER = "signer", "Signer"
    INTERPRETER = "interpreter", "Interpreter"
    OTHER = "other", "Something else"


HELPERS = (AdjustmentKind.READER, AdjustmentKind.SCRIBE, AdjustmentKind.SIGNER, AdjustmentKind.INTERPRETER)


class AdjustmentQuerySet(models.QuerySet["Adjustment"]):
    def open(self) -> "AdjustmentQuerySet":
        """Those that nobody has ended, even if their last day is over."""
        return self.filter(ended_at__isnull=True)


class Adjustment(ToldModel, PublicModel):
    """One adjustment for a candidate. Append-only, save that it is ended, once, with a reason."""

    told_as: ClassVar[str] = "adjustment"
    told_with: ClassVar[tuple[str, ...]] = ("registration", "author", "ended_by")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="adjustments")
    kind = models.CharField(max_length=20, choices=AdjustmentKind)
    what = PlainCharField(max_length=LINE_AT_MOST)
    helper = PlainCharField(max_length=LINE_AT_MOST, blank=True)  # the name of who reads, writes, signs or interprets
    why = PlainTextField(limit=WHY_AT_MOST)
    agreed_by = PlainCharField(max_length=LINE_AT_MOST)  # name and capacity
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # its last day
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_why = PlainTextField(blank=True, limit=WHY_AT_MOST)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            one_of("kind", AdjustmentKind.values, "adjustment_kind_valid"),
            at_most("what", LINE_AT_MOST, "adjustment_what_length"),
            at_most("helper", LINE_AT_MOST, "adjustment_helper_length"),
            at_most("agreed_by", LINE_AT_MOST, "adjustment_agreed_by_length"),
            CheckConstraint(
                name="adjustment_says_what_why_and_by_whom",
                condition=~Q(what="") & ~Q(why="") & ~Q(agreed_by=""),
                violation_error_message="Say what is adjusted, why, and who agreed to it.",
            ),
            CheckConstraint(
                name="adjustment_helper_of_a_helping_kind",
                condition=Q(helper="") | Q(kind__in=HELPERS),
                violation_error_message="Nobody reads, writes, signs or interprets by this one. Take the name out.",
            ),
            CheckConstraint(
                name="adjustment_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                violation_error_message="It would end before it begins. Look at the two dates.",
            ),
            CheckConstraint(
                name="adjustment_end_whole",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
                violation_error_message="Say why it ends.",
            ),
        ]

    def __str__(self) -> str:
        return self.what if self.kind == AdjustmentKind.OTHER else str(self.get_kind_display())

    @property
    def in_short(self) -> str:
        """What it is and its last day, as one line of several names it: "Reader until 3 March 2026"."""
        return f"{self} until {day_in_words(self.until)}" if self.until else str(self)

    @property
    def dates(self) -> str:
        """Its days, in words."""
        until = f" until {day_in_words(self.until)}" if self.until else ", without an end"
        return f"from {day_in_words(self.since)}{until}"

    def is_in_force_on(self, day: datetime.date) -> bool:
        """Whether it holds on that day."""
        return self.ended_at is None and self.since <= day and (self.until is None or day <= self.until)

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "kind": str(self.kind),
            "what": self.what,
            "helper": self.helper,
            "why": self.why,
            "agreed_by": self.agreed_by,
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "author": str(self.author.uuid),
            "made_at": told_time(self.made_at),
            "ended_at": told_time(self.ended_at),
            "ended_by": str(self.ended_by.uuid) if self.ended_by else None,
            "ended_why": self.ended_why,
        }
