"""The tables of candidates under 18. They name people and centres by name, as `centres.models` imports them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most


class ComingOfAge(ToldModel, PublicModel):
    """On which day a candidate of a centre turns 18, as the centre has it. Append-only: the latest counts.

    Not their date of birth: nobody here needs to know how old they are afterwards, and what is not kept cannot be lost.
    Without a day, what was recorded before was a mistake: they are not under 18.
    """

    told_as: ClassVar[str] = "coming_of_age"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "user", "author")

    centre = models.ForeignKey("centres.Centre", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("centres.User", on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True, blank=True)
    author = models.ForeignKey("centres.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} is 18 from {self.day}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "user": str(self.user.uuid),
            "day": self.day.isoformat() if self.day else None,
            "author": str(self.author.uuid),
            "made_at": told_time(self.made_at),
        }


class GuardianConsent(ToldModel, PublicModel):
    """A guardian agrees to pictures, sound and film of a candidate under 18. Append-only, save that it is withdrawn."""

    told_as: ClassVar[str] = "guardian_consent"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "user", "author", "withdrawn_by")

    centre = models.ForeignKey("centres.Centre", on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey("centres.User", on_delete=models.PROTECT, related_name="+")
    guardian = PlainCharField(max_length=200)
    relation = PlainCharField(max_length=100)
    given_on = models.DateField()
    shown_by = PlainCharField(max_length=300)
    author = models.ForeignKey("centres.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("centres.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_why = PlainTextField(blank=True, limit=500)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            at_most("guardian", 200, "guardian_consent_guardian_length"),
            at_most("relation", 100, "guardian_consent_relation_length"),
            at_most("shown_by", 300, "guardian_consent_shown_by_length"),
            CheckConstraint(
                name="guardian_consent_says_who_and_how",
                condition=~Q(guardian="") & ~Q(relation="") & ~Q(shown_by=""),
                violation_error_message="Say who consents, what they are to the candidate, and how it is shown.",
            ),
            CheckConstraint(
                name="guardian_consent_withdrawal_whole",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why="")),
                violation_error_message="Say why it is withdrawn.",
            ),
            UniqueConstraint(
                fields=["centre", "user"],
                condition=Q(withdrawn_at__isnull=True),
                name="guardian_consent_stands_once",
                violation_error_message="A guardian's consent is on record already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.guardian} consents for {self.user}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "user": str(self.user.uuid),
            "guardian": self.guardian,
            "relation": self.relation,
            "given_on": self.given_on.isoformat(),
            "shown_by": self.shown_by,
            "author": str(self.author.uuid),
            "made_at": told_time(self.made_at),
            "withdrawn_at": told_time(self.withdrawn_at),
            "withdrawn_by": str(self.withdrawn_by.uuid) if self.withdrawn_by else None,
            "withdrawn_why": self.withdrawn_why,
        }
