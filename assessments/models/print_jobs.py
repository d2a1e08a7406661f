"""Many forms that are printed at once: the job, and its parts, of which each is one form."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone

from centres.models import Centre, User
from portfolio.models import CandidateUnit
from record.fields import PublicModel, at_most, one_of
from standards.models import UnitRevision

KEPT_FOR = timedelta(days=7)  # after it ended
FAULT_AT_MOST = 300  # characters


class Packing(models.TextChoices):
    """What the forms are put into."""

    PDF = "pdf", "One PDF with bookmarks"
    ZIP = "zip", "A ZIP file with a PDF for each form"


class JobState(models.TextChoices):
    """Where a job is. It waits while another of the same person is printed."""

    WAITING = "waiting", "Waits"
    PRINTING = "printing", "Is being printed"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class PartState(models.TextChoices):
    """What has become of one form."""

    WAITING = "waiting", "waiting"
    DONE = "done", "done"
    FAILED = "failed", "failed"


ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class PrintJob(PublicModel):
    """Forms that a person had printed. Its `uuid` comes with the page that asks, so that it is asked for once.

    Of no chain, and no event tells of it: a print changes nothing.
    """

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="print_jobs")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="print_jobs", db_index=False)
    is_blank = models.BooleanField(default=False)
    packing = models.CharField(max_length=10, choices=Packing)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    fault = models.CharField(max_length=FAULT_AT_MOST, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["by", "-asked_at"], name="print_jobs_of_a_person")]
        constraints = [
            one_of("packing", Packing.values, "print_packing_valid"),
            one_of("state", JobState.values, "print_job_state_valid"),
            at_most("fault", FAULT_AT_MOST, "print_job_fault_length"),
            UniqueConstraint(fields=["by"], condition=Q(state="printing"), name="one_print_job_a_person"),
            CheckConstraint(
                name="print_job_ends_with_its_state",
                condition=Q(state__in=ENDED, ended_at__isnull=False) | (~Q(state__in=ENDED) & Q(ended_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"Print of {self.by}"

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is printed for it."""
        return self.state in ENDED

    @property
    def expires_at(self) -> datetime | None:
        """When its file is removed; None as long as it has not ended."""
        return self.ended_at + KEPT_FOR if self.ended_at else None


class PrintPart(models.Model):
    """One form of a job: of a unit in a portfolio, or the blank form of a unit's wording."""

    job = models.ForeignKey(PrintJob, on_delete=models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()  # its place in the file
    unit = models.ForeignKey(CandidateUnit, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    revision = models.ForeignKey(UnitRevision, on_delete=models.CASCADE, related_name="+", null=True, blank=True)
    state = models.CharField(max_length=10, choices=PartState, default=PartState.WAITING)
    fault = models.CharField(max_length=FAULT_AT_MOST, blank=True)  # in a sentence

    class Meta:
        ordering = ["number"]
        constraints = [
            one_of("state", PartState.values, "print_part_state_valid"),
            at_most("fault", FAULT_AT_MOST, "print_part_fault_length"),
            UniqueConstraint(fields=["job", "number"], name="print_part_number_once_a_job"),
            CheckConstraint(
                name="print_part_is_one_form",
                condition=Q(unit__isnull=True, revision__isnull=False) | Q(unit__isnull=False, revision__isnull=True),
            ),
            CheckConstraint(
                name="print_part_that_failed_says_why",
                condition=Q(state="failed") & ~Q(fault="") | ~Q(state="failed") & Q(fault=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit or self.revision}"
