"""The table of what is on record of staff. It names people and centres by name, since `centres.models` imports it."""

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q

from centres.staff.kinds import HOURS_AT_MOST, OF_A_ROLE, StaffKind
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of

AWARD_ROLES = ("assessor", "internal_verifier")
HAS_UNTIL = (StaffKind.AWARD, StaffKind.TOWARDS, StaffKind.APPROVAL)


def day_in_words(day: datetime.date) -> str:
    """Return a day as sentences name it: 3 March 2026."""
    return f"{day:%-d %B %Y}"


class StaffRecordQuerySet(models.QuerySet["StaffRecord"]):
    def open(self) -> "StaffRecordQuerySet":
        """What was not taken off the record."""
        return self.filter(ended_at__isnull=True)


class StaffRecord(ToldModel, PublicModel):
    """One thing on record of a person at a centre. Append-only, save that it is taken off the record, once.

    What it was taken over from, before awards had dates, has neither author nor dates.
    """

    told_as: ClassVar[str] = "staff_record"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "user", "author", "ended_by")

    centre = models.ForeignKey("centres.Centre", on_delete=models.PROTECT, related_name="staff_records")
    user = models.ForeignKey("centres.User", on_delete=models.PROTECT, related_name="staff_records")
    kind = models.CharField(max_length=20, choices=StaffKind)
    role = models.CharField(max_length=20, blank=True)  # which an award qualifies for
    what = PlainCharField(max_length=200)
    shown_by = PlainCharField(max_length=300, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)  # of what is worked towards: the target date
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    author = models.ForeignKey("centres.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("centres.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    ended_why = PlainTextField(blank=True, limit=500)

    objects = StaffRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            one_of("kind", StaffKind.values, "staff_record_kind_valid"),
            at_most("what", 200, "staff_record_what_length"),
            at_most("shown_by", 300, "staff_record_shown_by_length"),
            CheckConstraint(
                name="staff_record_of_a_role",
                condition=Q(kind__in=OF_A_ROLE, role__in=AWARD_ROLES) | (~Q(kind__in=OF_A_ROLE) & Q(role="")),
                violation_error_message="Say for which role the award is.",
            ),
            CheckConstraint(
                name="staff_record_hours_of_development",
                condition=Q(kind=StaffKind.DEVELOPMENT, hours__isnull=False, hours__gt=0, hours__lte=HOURS_AT_MOST)
                | (~Q(kind=StaffKind.DEVELOPMENT) & Q(hours__isnull=True)),
                violation_error_message=f"Give the hours, more than 0 and at most {HOURS_AT_MOST}.",
            ),
            CheckConstraint(
                name="staff_record_dated",
                condition=Q(author__isnull=True, kind__in=OF_A_ROLE) | Q(author__isnull=False, since__isnull=False),
                violation_error_message="Give the date.",
            ),
            CheckConstraint(
                name="staff_record_until_of_its_kind",
                condition=Q(until__isnull=True) & (~Q(kind=StaffKind.TOWARDS) | Q(author__isnull=True))
                | Q(until__isnull=False, kind__in=HAS_UNTIL),
                violation_error_message="Give the target date.",
            ),
            CheckConstraint(
                name="staff_record_ends_after_it_begins",
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=models.F("since")),
                violation_error_message="It would end before it begins. Look at the two dates.",
            ),
            CheckConstraint(
                name="staff_record_end_whole",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_why="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_why="")),
                violation_error_message="Say why it is taken off the record.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what}"

    @property
    def dates(self) -> str:
        """Its dates, and the hours, in words."""
        is_towards, is_development = self.kind == StaffKind.TOWARDS, self.kind == StaffKind.DEVELOPMENT
        said = []
        if self.since:
            before = "registered " if is_towards else "" if is_development else "since "
            said.append(f"{before}{day_in_words(self.since)}")
        if self.until:
            said.append(f"{'target' if is_towards else 'until'} {day_in_words(self.until)}")
        if self.hours is not None:
            said.append("1 hour" if self.hours == 1 else f"{self.hours.normalize():f} hours")
        return ", ".join(said) or "no date on record"

    def is_held_on(self, day: datetime.date) -> bool:
        """Whether it is an award that is held on that day, which is none before it was recorded.

        `MembershipQuerySet.with_award` asks the database the same.
        """
        return self.kind == StaffKind.AWARD and (self.until is None or self.until >= day)

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "user": str(self.user.uuid),
            "kind": str(self.kind),
            "role": self.role,
            "what": self.what,
            "shown_by": self.shown_by,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "hours": f"{self.hours:.2f}" if self.hours is not None else None,
            "author": str(self.author.uuid) if self.author else None,
            "made_at": told_time(self.made_at),
            "ended_at": told_time(self.ended_at),
            "ended_by": str(self.ended_by.uuid) if self.ended_by else None,
            "ended_why": self.ended_why,
        }
