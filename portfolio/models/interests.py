"""What assessors and verifiers declare of their relation to a candidate, and why somebody assesses all the same."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from centres.models import User
from portfolio.models.registrations import Allocation, Registration
from record.event_content import ToldModel, told_time
from record.fields import PlainTextField, PublicModel, at_most, one_of

WORDS_AT_MOST = 1000  # characters


class InterestKind(models.TextChoices):
    """What ties somebody to a candidate."""

    FAMILY = "family", "Family"
    BUSINESS = "business", "Business"
    LINE_MANAGEMENT = "line_management", "Line management"


# Who declared one of these verifies nothing in the portfolio; what they assess there is sampled in full.
CONFLICTING = (InterestKind.FAMILY, InterestKind.BUSINESS)


class InterestQuerySet(models.QuerySet["Interest"]):
    def current(self) -> "InterestQuerySet":
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def ever_conflicting(self) -> "InterestQuerySet":
        """Of family or business, withdrawn or not. Line management is recorded, and changes nothing."""
        return self.filter(kind__in=CONFLICTING)

    def conflicting(self) -> "InterestQuerySet":
        """Of family or business, and not withdrawn."""
        return self.ever_conflicting().current()


class Interest(ToldModel, PublicModel):
    """An assessor or verifier is family of a candidate, does business with them, or manages them at work.

    Append-only, save that it is withdrawn, once, with a reason.
    """

    told_as: ClassVar[str] = "interest"
    told_with: ClassVar[tuple[str, ...]] = ("registration", "person", "declared_by", "withdrawn_by")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="interests")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interests")
    kind = models.CharField(max_length=20, choices=InterestKind)
    words = PlainTextField(limit=WORDS_AT_MOST)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = PlainTextField(limit=WORDS_AT_MOST, blank=True)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["registration", "pk"]
        constraints = [
            one_of("kind", InterestKind.values, "interest_kind_valid"),
            UniqueConstraint(
                fields=["registration", "person", "kind"],
                condition=Q(withdrawn_at__isnull=True),
                name="interest_declared_once",
                violation_error_message="This is declared already.",
            ),
            CheckConstraint(
                name="interest_in_words",
                condition=~Q(words=""),
                violation_error_message="Say in a few words what it is.",
            ),
            at_most("words", WORDS_AT_MOST, "interest_words_length"),
            at_most("withdrawn_why", WORDS_AT_MOST, "interest_withdrawn_why_length"),
            CheckConstraint(
                name="interest_withdrawal_whole",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_why="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_why="")),
                violation_error_message="Say why it is withdrawn.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"

    @property
    def is_conflicting(self) -> bool:
        """Whether it asks for another verifier and a sample in full."""
        return self.kind in CONFLICTING

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "person": str(self.person.uuid),
            "kind": str(self.kind),
            "words": self.words,
            "declared_by": str(self.declared_by.uuid),
            "declared_at": told_time(self.declared_at),
            "withdrawn_by": str(self.withdrawn_by.uuid) if self.withdrawn_by else None,
            "withdrawn_at": told_time(self.withdrawn_at),
            "withdrawn_why": self.withdrawn_why,
        }


class AllocationReason(ToldModel, PublicModel):
    """Why somebody with a family or business interest was allocated all the same. Append-only."""

    told_as: ClassVar[str] = "allocation_reason"
    told_with: ClassVar[tuple[str, ...]] = ("allocation", "interest")

    allocation = models.OneToOneField(Allocation, on_delete=models.PROTECT, related_name="reason")
    interest = models.ForeignKey(Interest, on_delete=models.PROTECT, related_name="allocated_despite")
    reason = PlainTextField(limit=WORDS_AT_MOST)

    class Meta:
        constraints = [
            CheckConstraint(name="allocation_reason_given", condition=~Q(reason="")),
            at_most("reason", WORDS_AT_MOST, "allocation_reason_length"),
        ]

    def __str__(self) -> str:
        return self.reason

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "allocation": str(self.allocation.uuid),
            "interest": str(self.interest.uuid),
            "reason": self.reason,
        }
