"""Claims: the statement that a piece of evidence meets a criterion."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from portfolio.models.evidence import Evidence
from portfolio.models.registrations import CandidateUnit, Participation
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PublicModel, at_most
from standards.models import Criterion


class Claim(ToldModel, PublicModel):
    """ "This evidence meets this criterion", with where in the evidence to look.

    Made by the candidate, or by the assessor for what the candidate did not claim. A claim that is
    taken back stays, as withdrawn, and counts no more.
    """

    told_as: ClassVar[str] = "claim"
    told_with: ClassVar[tuple[str, ...]] = (
        "candidate_unit",
        "evidence",
        "criterion",
        "author__user",
        "withdrawn_by__user",
    )

    candidate_unit = models.ForeignKey(CandidateUnit, on_delete=models.PROTECT, related_name="claims")
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="claims")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="claims")
    author = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="claims")
    where = PlainCharField(max_length=200, blank=True)  # page, paragraph or timecode
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        Participation, on_delete=models.PROTECT, related_name="withdrawn_claims", null=True, blank=True
    )

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["candidate_unit", "evidence", "criterion"],
                condition=Q(withdrawn_at__isnull=True),
                name="claim_stands_once",
                violation_error_message="This is claimed already.",
            ),
            CheckConstraint(
                name="withdrawal_says_who_and_when",
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            at_most("where", 200, "claim_where_length"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence} meets {self.criterion}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "unit": str(self.candidate_unit.uuid),
            "evidence": str(self.evidence.uuid),
            "criterion": {"kind": str(self.criterion.kind), "position": self.criterion.position},
            "author": str(self.author.user.uuid),
            "where": self.where,
            "made_at": told_time(self.made_at),
            "withdrawn_at": told_time(self.withdrawn_at),
            "withdrawn_by": str(self.withdrawn_by.user.uuid) if self.withdrawn_by else None,
        }
