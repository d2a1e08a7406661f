"""Range items that a workplace cannot show: what the assessor says, and what the verifier answers."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from assessments.models.judgements import REASON_AT_MOST
from portfolio.models import CandidateUnit, Participation
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most
from standards.models import Criterion

REFERENCE_AT_MOST = 200  # characters


class NotShown(ToldModel, PublicModel):
    """The assessor's word that a range item cannot be shown at the workplace, and why.

    It counts once the verifier has agreed. It ends when it is taken back or not agreed to.
    """

    told_as: ClassVar[str] = "not_shown"
    told_with: ClassVar[tuple[str, ...]] = ("candidate_unit", "criterion", "author__user")

    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="not_shown")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+", db_index=False)
    author = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="not_shown")
    reason = PlainTextField(limit=REASON_AT_MOST)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            CheckConstraint(name="not_shown_has_a_reason", condition=~Q(reason="")),
            at_most("reason", REASON_AT_MOST, "not_shown_reason_length"),
            UniqueConstraint(
                fields=["candidate_unit", "criterion"],
                condition=Q(ended_at__isnull=True),
                name="not_shown_stands_once",
                violation_error_message="This is said of it already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: not shown"

    @property
    def answered(self) -> "NotShownAnswer | None":
        """What the verifier answered, if they did."""
        return getattr(self, "answer", None)

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "unit": str(self.candidate_unit.uuid),
            "criterion": str(self.criterion.uuid),
            "author": str(self.author.user.uuid),
            "reason": self.reason,
            "made_at": told_time(self.made_at),
            "ended_at": told_time(self.ended_at),
        }


class NotShownAnswer(ToldModel, PublicModel):
    """The verifier's one answer: they agree, with the awarding body's reference, or do not and say why."""

    told_as: ClassVar[str] = "not_shown_answer"
    told_with: ClassVar[tuple[str, ...]] = ("not_shown", "author__user")

    not_shown = models.OneToOneField(NotShown, on_delete=models.PROTECT, related_name="answer")
    author = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="not_shown_answers")
    agrees = models.BooleanField()
    reference = PlainCharField(max_length=REFERENCE_AT_MOST, blank=True)
    why_not = PlainTextField(limit=REASON_AT_MOST, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="not_shown_is_agreed_with_a_reference",
                condition=(Q(agrees=True, why_not="") & ~Q(reference=""))
                | (Q(agrees=False, reference="") & ~Q(why_not="")),
            ),
            at_most("reference", REFERENCE_AT_MOST, "not_shown_reference_length"),
            at_most("why_not", REASON_AT_MOST, "not_shown_why_not_length"),
        ]

    def __str__(self) -> str:
        return f"{self.not_shown}, {'agreed' if self.agrees else 'not agreed'}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "not_shown": str(self.not_shown.uuid),
            "author": str(self.author.user.uuid),
            "agrees": self.agrees,
            "reference": self.reference,
            "why_not": self.why_not,
            "made_at": told_time(self.made_at),
        }
