"""The table of corrections that wait for a confirming link. It names people by name, as `centres.models` imports it."""

import hashlib
from datetime import timedelta
from typing import ClassVar

from django.db import models

from record.fields import PlainCharField, PublicModel, at_most

CONFIRMED_WITHIN = timedelta(days=7)


class Correction(PublicModel):
    """A new name or address of a person, until the link is opened that was sent for it. No event tells of it before."""

    user = models.ForeignKey("centres.User", on_delete=models.CASCADE, related_name="corrections")
    name = PlainCharField(max_length=200)
    email = models.EmailField(max_length=254, blank=True)  # the link goes there: it must be theirs
    was_name = PlainCharField(max_length=200)
    was_email = models.EmailField(max_length=254, blank=True)  # empty of who has a number instead
    reason = PlainCharField(max_length=300, blank=True)
    centre = models.ForeignKey("centres.Centre", on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    asked_by = models.ForeignKey("centres.User", on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True)  # of the link's key; empty until the letter is written
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            at_most("name", 200, "correction_name_length"),
            at_most("was_name", 200, "correction_was_name_length"),
            at_most("reason", 300, "correction_reason_length"),
        ]

    def __str__(self) -> str:
        return f"{self.was_name} becomes {self.name}"

    @staticmethod
    def digest_of(key: str) -> str:
        """What is kept of the key of a link."""
        return hashlib.sha256(key.encode()).hexdigest()
