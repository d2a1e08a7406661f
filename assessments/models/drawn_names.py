"""Names that candidates draw under what was recorded of them, on the device of its assessor."""

from hashlib import sha256
from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q

from assessments.models.observations import RecordPart
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PublicModel, at_most

LINES_AT_MOST = 12_000  # characters of a drawing
NAME_AT_MOST = 200


class DrawnName(ToldModel, PublicModel):
    """A name drawn or typed under a record, on the assessor's device: that its candidate saw it there. Append-only.

    No password stands behind it, so it is the assessor's word that it is the candidate's, and says nothing of whether
    they agree. That they say with their own password (`Acknowledgement`), before it or after.
    """

    told_as: ClassVar[str] = "drawn_name"
    told_with: ClassVar[tuple[str, ...]] = ("part",)

    part = models.OneToOneField(RecordPart, on_delete=models.PROTECT, related_name="drawn_name")
    lines = models.TextField(blank=True)  # the path of an SVG picture, 600 by 200; empty where the name was typed
    typed = PlainCharField(max_length=NAME_AT_MOST, blank=True)
    by_device_clock = models.DateTimeField(null=True, blank=True)  # a statement: the clock may be wrong
    before_changes = models.BooleanField(default=False)  # the words or the ticks were changed between it and signing
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(
                name="a_name_is_drawn_or_typed",
                condition=(Q(lines="") & ~Q(typed="")) | (~Q(lines="") & Q(typed="")),
                violation_error_message="Draw the name, or type it.",
            ),
            at_most("lines", LINES_AT_MOST, "drawn_name_lines_length"),
            at_most("typed", NAME_AT_MOST, "drawn_name_typed_length"),
        ]

    def __str__(self) -> str:
        return f"Name under {self.part}"

    def told(self) -> dict[str, Any]:
        """What events tell of it. The drawing is told by its digest."""
        return {
            "id": str(self.uuid),
            "part": str(self.part.uuid),
            "lines": sha256(self.lines.encode()).hexdigest() if self.lines else "",
            "typed": self.typed,
            "by_device_clock": told_time(self.by_device_clock),
            "before_changes": self.before_changes,
            "made_at": told_time(self.made_at),
        }
