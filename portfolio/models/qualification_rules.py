"""What the awarding body says of a qualification at a centre: direct claims, last dates, a sanction."""

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from centres.models import Centre, User
from record.event_content import ToldModel, told_time
from record.fields import PlainTextField, PublicModel, at_most

SANCTION_AT_MOST = 1000  # characters


class QualificationRules(ToldModel, PublicModel):
    """What holds of a qualification at a centre, whatever the wording. Append-only; the highest number holds."""

    told_as: ClassVar[str] = "qualification_rules"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "author")

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="qualification_rules")
    qualification = models.CharField(max_length=60)  # its address, such as "cvq:CCA010-02"
    number = models.PositiveIntegerField()
    direct_claims = models.BooleanField()  # whether the centre claims certificates without the external verifier
    register_by = models.DateField(null=True, blank=True)
    certify_by = models.DateField(null=True, blank=True)
    sanction = PlainTextField(limit=SANCTION_AT_MOST, blank=True)
    sanction_since = models.DateField(null=True, blank=True)
    sanction_until = models.DateField(null=True, blank=True)  # its last day
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["centre", "qualification", "number"], name="qualification_rules_number_once_a_centre"
            ),
            at_most("qualification", 60, "qualification_rules_address_length"),
            at_most("sanction", SANCTION_AT_MOST, "qualification_rules_sanction_length"),
            CheckConstraint(
                name="certification_ends_after_registration",
                condition=Q(register_by__isnull=True)
                | Q(certify_by__isnull=True)
                | Q(certify_by__gte=F("register_by")),
                violation_error_message="The last day for certificates is before the last day for registrations.",
            ),
            CheckConstraint(
                name="a_sanction_has_words_and_a_beginning",
                condition=Q(sanction="", sanction_since__isnull=True, sanction_until__isnull=True)
                | (~Q(sanction="") & Q(sanction_since__isnull=False)),
                violation_error_message="Say what the sanction is and since when it holds, or leave it all empty.",
            ),
            CheckConstraint(
                name="a_sanction_ends_after_it_begins",
                condition=Q(sanction_until__isnull=True) | Q(sanction_until__gte=F("sanction_since")),
                violation_error_message="The sanction would end before it begins. Look at the two dates.",
            ),
        ]

    def __str__(self) -> str:
        return f"Rules {self.number} of {self.qualification}"

    def is_sanctioned_on(self, day: datetime.date) -> bool:
        """Whether a sanction holds on that day."""
        return (
            self.sanction_since is not None
            and self.sanction_since <= day
            and (self.sanction_until is None or day <= self.sanction_until)
        )

    def told(self) -> dict[str, Any]:
        """What events tell of them."""
        days = ("register_by", "certify_by", "sanction_since", "sanction_until")
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "qualification": self.qualification,
            "number": self.number,
            "direct_claims": self.direct_claims,
            "sanction": self.sanction,
            **{day: told.isoformat() if (told := getattr(self, day)) else None for day in days},
            "author": str(self.author.uuid),
            "made_at": told_time(self.made_at),
        }
