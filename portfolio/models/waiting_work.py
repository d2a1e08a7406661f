"""Work that pages leave for later, and whose turn it is."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone

from centres.models import Centre, User
from record.fields import one_of


class WorkKind(models.TextChoices):
    """What is to be done; `background.takers` knows who does it."""

    DRAWING = "drawing", "drawing what is shown of a file"
    LETTER = "letter", "sending an e-mail"
    REQUEST = "request", "sending a link to a witness"
    IMPORT = "import", "importing rows of a spreadsheet"
    PRINTING = "printing", "printing a form"
    PACK = "pack", "making a submission pack"


class WorkLane(models.TextChoices):
    """How long a piece of it may take: seconds, or a minute."""

    QUICK = "quick", "quick"
    SLOW = "slow", "slow"


class WorkState(models.TextChoices):
    """Where it is."""

    WAITING = "waiting", "waiting"
    TAKEN = "taken", "being done"
    DONE = "done", "done"


class WaitingWork(models.Model):
    """A piece of work for a person. What is done stays for a day, because it says who was served when."""

    kind = models.CharField(max_length=20, choices=WorkKind)
    what = models.CharField(max_length=200)  # in the words of whoever does this kind
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="waiting_work", db_index=False)
    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="waiting_work", db_index=False)
    lane = models.CharField(max_length=10, choices=WorkLane, default=WorkLane.QUICK)
    state = models.CharField(max_length=10, choices=WorkState, default=WorkState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)  # since it last got on
    ready_at = models.DateTimeField(default=timezone.now)  # nobody takes it before
    served_at = models.DateTimeField(null=True, blank=True)  # when it was last taken

    class Meta:
        indexes = [
            models.Index(fields=["lane", "ready_at"], condition=Q(state="waiting"), name="work_that_waits"),
            models.Index(fields=["person", "-served_at"], name="work_of_a_person"),
            models.Index(fields=["centre", "-served_at"], name="work_of_a_centre"),
        ]
        constraints = [
            one_of("kind", WorkKind.values, "work_kind_valid"),
            one_of("lane", WorkLane.values, "work_lane_valid"),
            one_of("state", WorkState.values, "work_state_valid"),
            UniqueConstraint(fields=["kind", "what"], condition=~Q(state="done"), name="work_waits_once"),
            CheckConstraint(
                name="work_is_served_before_it_is_done", condition=Q(state="waiting") | Q(served_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.what}"
