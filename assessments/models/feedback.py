"""What an assessor says to a candidate of their work, on what is met as well."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q

from assessments.models.judgements import REASON_AT_MOST
from portfolio.models import CandidateUnit, Evidence, Participation
from record.event_content import ToldModel, told_time
from record.fields import PlainTextField, PublicModel, at_most


class Feedback(ToldModel, PublicModel):
    """Words of an assessor on a unit, or on one piece of evidence in it. Append-only; its candidate reads them."""

    told_as: ClassVar[str] = "feedback"
    told_with: ClassVar[tuple[str, ...]] = ("candidate_unit", "evidence", "author__user")

    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="feedback")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="feedback", null=True, blank=True)
    author = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="feedback")
    words = PlainTextField(limit=REASON_AT_MOST)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            CheckConstraint(name="feedback_has_words", condition=~Q(words="")),
            at_most("words", REASON_AT_MOST, "feedback_words_length"),
        ]

    def __str__(self) -> str:
        return f"Feedback of {self.author.user}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "unit": str(self.candidate_unit.uuid),
            "evidence": str(self.evidence.uuid) if self.evidence else None,
            "author": str(self.author.user.uuid),
            "words": self.words,
            "made_at": told_time(self.made_at),
        }
