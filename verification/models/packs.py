"""Submission packs: a portfolio as an awarding body takes it, and each file that is in it."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone

from centres.models import User
from portfolio.models import EvidenceFile, EvidenceVersion, Registration
from record.fields import PublicModel, at_most, one_of

KEPT_FOR = timedelta(days=7)  # after it ended
FAULT_AT_MOST = 300  # characters
PATH_AT_MOST = 300


class PackState(models.TextChoices):
    """Where a pack is."""

    MAKING = "making", "Is being made"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class PackFileState(models.TextChoices):
    """What has become of one file of a pack; the manifest has the same words, but `file` for what is there."""

    WAITING = "waiting", "waiting"
    DONE = "done", "done"
    LOST = "lost", "not on the server as it was stored"
    REMOVED = "removed", "removed by the centre"
    FAILED = "failed", "could not be printed"


class SubmissionPack(PublicModel):
    """A pack that somebody asked for. What a candidate asks for themselves leaves out what is not for them to read.

    Of no chain; taking it away is an event of its portfolio.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="packs", db_index=False)
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="packs")
    state = models.CharField(max_length=10, choices=PackState, default=PackState.MAKING)
    fault = models.CharField(max_length=FAULT_AT_MOST, blank=True)
    events = models.PositiveIntegerField()  # that the portfolio's chain had when its making began
    begun = models.PositiveSmallIntegerField(default=1)  # how often: anew when the portfolio changed meanwhile
    asked_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["registration", "by", "-asked_at"], name="packs_of_a_person")]
        constraints = [
            one_of("state", PackState.values, "pack_state_valid"),
            at_most("fault", FAULT_AT_MOST, "pack_fault_length"),
            UniqueConstraint(
                fields=["registration", "by"], condition=Q(state="making"), name="one_pack_is_made_a_person"
            ),
            CheckConstraint(
                name="pack_ends_with_its_state",
                condition=Q(state="making", ended_at__isnull=True) | (~Q(state="making") & Q(ended_at__isnull=False)),
            ),
            CheckConstraint(
                name="pack_that_failed_says_why",
                condition=Q(state="failed") & ~Q(fault="") | ~Q(state="failed") & Q(fault=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Submission pack of {self.registration.candidate}"

    @property
    def is_candidates(self) -> bool:
        """Whether it is the candidate's own."""
        return self.by_id == self.registration.candidate_id

    @property
    def expires_at(self) -> datetime | None:
        """When it is removed; None as long as it is being made."""
        return self.ended_at + KEPT_FOR if self.ended_at else None


class PackFile(models.Model):
    """One file of a pack: a file of evidence, which lies in the store, or one that is made and lies with the pack."""

    pack = models.ForeignKey(SubmissionPack, on_delete=models.CASCADE, related_name="files", db_index=False)
    number = models.PositiveIntegerField()  # its place in the pack
    path = models.CharField(max_length=PATH_AT_MOST)  # in the ZIP
    what = models.CharField(max_length=80)  # is to be made, in the words of `submission_pack.making`
    # Of which piece of evidence it is, if of one; and the file in the store, if it is not made.
    version = models.ForeignKey(EvidenceVersion, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    evidence_file = models.ForeignKey(EvidenceFile, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=10, choices=PackFileState, default=PackFileState.WAITING)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)  # bytes

    class Meta:
        ordering = ["number"]
        constraints = [
            one_of("state", PackFileState.values, "pack_file_state_valid"),
            UniqueConstraint(fields=["pack", "number"], name="pack_file_number_once"),
            UniqueConstraint(fields=["pack", "path"], name="pack_file_path_once"),
            CheckConstraint(
                name="pack_file_that_is_there_has_a_digest", condition=~Q(state="done") | Q(sha256__length=64)
            ),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def is_there(self) -> bool:
        """Whether it is in the pack, or will be as far as is known."""
        return self.state in {PackFileState.WAITING, PackFileState.DONE}
