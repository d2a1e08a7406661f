"""What a centre's candidates read when they begin, and that they signed it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from centres.models import Centre, User
from portfolio.models.registrations import Registration
from record.event_content import ToldModel, told_time
from record.fields import PlainTextField, PublicModel, at_most

SECTION_AT_MOST = 5000  # characters
SECTIONS = ("appeals", "complaints", "data", "adjustments")


class InductionText(ToldModel, PublicModel):
    """What the candidates of a centre read from then on. Append-only; the highest number holds."""

    told_as: ClassVar[str] = "induction_text"
    told_with: ClassVar[tuple[str, ...]] = ("centre", "author")

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="induction_texts")
    number = models.PositiveIntegerField()
    appeals = PlainTextField(limit=SECTION_AT_MOST)
    complaints = PlainTextField(limit=SECTION_AT_MOST)
    data = PlainTextField(limit=SECTION_AT_MOST)
    adjustments = PlainTextField(limit=SECTION_AT_MOST)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["centre", "number"], name="induction_text_number_once_a_centre"),
            CheckConstraint(
                name="induction_text_has_all_sections",
                condition=~Q(appeals="") & ~Q(complaints="") & ~Q(data="") & ~Q(adjustments=""),
                violation_error_message="Each of the four parts says something.",
            ),
            *(at_most(name, SECTION_AT_MOST, f"induction_text_{name}_length") for name in SECTIONS),
        ]

    def __str__(self) -> str:
        return f"Induction of {self.centre}, text {self.number}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "centre": str(self.centre.uuid),
            "number": self.number,
            **{name: getattr(self, name) for name in SECTIONS},
            "author": str(self.author.uuid),
            "made_at": told_time(self.made_at),
        }


class Induction(ToldModel, PublicModel):
    """The candidate of a portfolio has read this, and signed it with their password. Append-only, once.

    `sections` is what stood there, each heading with its words, and `digest` its digest: ours may change with the
    software, and a centre's with the centre.
    """

    told_as: ClassVar[str] = "induction"
    told_with: ClassVar[tuple[str, ...]] = ("registration",)

    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="induction")
    sections = models.JSONField()
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Induction of {self.registration.candidate}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "sections": self.sections,
            "digest": self.digest,
            "signed_at": told_time(self.signed_at),
        }
