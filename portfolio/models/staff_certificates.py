"""The table of the files behind what is on record of staff. It names stored files by name: `evidence` imports it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from centres.models import User
from centres.staff.models import StaffRecord
from portfolio.models.file_told import file_told
from record.event_content import ToldModel, told_time
from record.fields import PlainTextField, PublicModel, at_most


class StaffCertificateQuerySet(models.QuerySet["StaffCertificate"]):
    def kept(self) -> "StaffCertificateQuerySet":
        """Those that were not removed."""
        return self.filter(removed_at__isnull=True)

    def removed(self) -> "StaffCertificateQuerySet":
        """Those that were."""
        return self.filter(removed_at__isnull=False)


class StaffCertificate(ToldModel, PublicModel):
    """The certificate, or another paper, that shows one thing on record of staff, as a file.

    Append-only, save that it is removed, once: then its bytes go and its digest stays, as with a file of evidence.
    """

    told_as: ClassVar[str] = "staff_certificate"
    told_with: ClassVar[tuple[str, ...]] = ("record", "stored_file", "added_by", "removed_by")

    record = models.ForeignKey(StaffRecord, on_delete=models.PROTECT, related_name="certificates")
    stored_file = models.ForeignKey("portfolio.StoredFile", on_delete=models.PROTECT, related_name="staff_certificates")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_why = PlainTextField(blank=True, limit=500)

    objects = StaffCertificateQuerySet.as_manager()

    class Meta:
        ordering = ["record", "pk"]
        constraints = [
            UniqueConstraint(
                fields=["record", "stored_file"],
                condition=Q(removed_at__isnull=True),
                name="staff_certificate_once_a_record",
                violation_error_message="This file is there already.",
            ),
            CheckConstraint(name="staff_certificate_has_a_type", condition=~Q(content_type="")),
            at_most("removed_why", 500, "staff_certificate_removed_why_length"),
            CheckConstraint(
                name="staff_certificate_removal_whole",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True, removed_why="")
                | (Q(removed_at__isnull=False, removed_by__isnull=False) & ~Q(removed_why="")),
                violation_error_message="Say why it is removed.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def told(self) -> dict[str, Any]:
        """What events tell of it, and of the stored file behind it."""
        return {
            "id": str(self.uuid),
            "record": str(self.record.uuid),
            **file_told(self),
            "removed_by": str(self.removed_by.uuid) if self.removed_by else None,
            "removed_at": told_time(self.removed_at),
            "removed_why": self.removed_why,
        }
