"""What people who assess and verify have looked at."""

from django.db import models

from centres.models import User
from portfolio.models import EvidenceVersion
from record.fields import PublicModel


class Opening(PublicModel):
    """Somebody opened a file of a piece in the viewer, or says that they saw the piece where it is kept.

    Append-only, and of no chain: a signed document holds what there was of it (docs/contributors/documents.md).
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="openings")
    version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="openings")
    # The place of the file in the version; empty if all of the piece was seen at the workplace. No key of the file's
    # row: that goes with a piece that is removed before it was ever claimed.
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person}, {self.version}"
