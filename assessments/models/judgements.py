"""What assessors say: judgements on claims, and statements on musts without a letter."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from assessments.models.status import Status
from portfolio.models import (
    CandidateUnit,
    Claim,
    EvidenceVersion,
    Participation,
)
from record.event_content import ToldModel, told_time
from record.fields import PlainTextField, PublicModel, at_most, one_of

NEEDS_A_REASON = "Say why it is not met yet."
REASON_AT_MOST = 5000  # characters, of any reason or comment


class Outcome(models.TextChoices):
    """The assessor's answer to a claim."""

    MET = Status.MET.value, Status.MET.words
    PARTLY = Status.PARTLY.value, Status.PARTLY.words
    NOT_YET = Status.NOT_YET.value, Status.NOT_YET.words


class Judgement(ToldModel, PublicModel):
    """The assessor's answer to a claim, on the version of the evidence that they looked at.

    Append-only; the latest counts, and only while that version is the one that counts. An answer is taken back
    by a further judgement without an outcome: the claim then waits again.
    """

    told_as: ClassVar[str] = "judgement"
    told_with: ClassVar[tuple[str, ...]] = ("claim", "evidence_version", "author__user")

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="judgements")
    evidence_version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="judgements")
    author = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="judgements")
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)  # empty: taken back
    reason = PlainTextField(limit=REASON_AT_MOST, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            one_of("outcome", [*Outcome.values, ""], "judgement_outcome_valid"),
            CheckConstraint(
                name="not_yet_has_a_reason",
                condition=~Q(outcome=Outcome.NOT_YET) | ~Q(reason=""),
                violation_error_message=NEEDS_A_REASON,
            ),
            at_most("reason", REASON_AT_MOST, "judgement_reason_length"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: {self.claim}"

    @property
    def status(self) -> Status:
        """How the claim stands with it. A judgement that takes an answer back lets the claim wait."""
        return Status(self.outcome) if self.outcome else Status.CLAIMED

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "claim": str(self.claim.uuid),
            "evidence_version": str(self.evidence_version.uuid),
            "author": str(self.author.user.uuid),
            "outcome": str(self.outcome),
            "reason": self.reason,
            "made_at": told_time(self.made_at),
        }


class AssessorStatement(ToldModel, PublicModel):
    """The assessor's statement on a must that has no letter, in the unit's own words."""

    told_as: ClassVar[str] = "statement"
    told_with: ClassVar[tuple[str, ...]] = ("candidate_unit", "author__user")

    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="statements")
    words = models.TextField()  # as the unit's rules have it
    author = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="statements")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["candidate_unit", "words"],
                condition=Q(withdrawn_at__isnull=True),
                name="statement_stands_once",
                violation_error_message="This is stated already.",
            ),
        ]

    def __str__(self) -> str:
        return self.words

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "unit": str(self.candidate_unit.uuid),
            "words": self.words,
            "author": str(self.author.user.uuid),
            "made_at": told_time(self.made_at),
            "withdrawn_at": told_time(self.withdrawn_at),
        }
