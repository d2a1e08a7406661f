"""An import of people, registrations and allocations from a spreadsheet: the file as it was read, row by row."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from centres.models import Centre, Membership, User
from portfolio.models.registrations import Registration
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of

SENTENCE_AT_MOST = 1000


class ImportState(models.TextChoices):
    """Where it is."""

    CHECKED = "checked", "checked"  # it begins when somebody says so, and only without a fault
    RUNNING = "running", "running"
    DONE = "done", "done"
    STOPPED = "stopped", "stopped"  # by a person, or because it could not go on


class Import(PublicModel):
    """A file that somebody gave to be imported. It is forgotten a while after its end, with all its rows."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="imports")
    name = PlainCharField(max_length=200)  # of the file
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.CHECKED)
    faults = models.PositiveIntegerField(default=0)  # cells that must be mended first
    sentence = PlainTextField(limit=SENTENCE_AT_MOST, blank=True)  # what it will do; why it was stopped
    checked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["centre", "-checked_at"], name="imports_of_a_centre")]
        constraints = [
            one_of("state", ImportState.values, "import_state_valid"),
            at_most("name", 200, "import_name_length"),
            at_most("sentence", SENTENCE_AT_MOST, "import_sentence_length"),
            CheckConstraint(name="only_a_clean_import_starts", condition=Q(started_at__isnull=True) | Q(faults=0)),
            CheckConstraint(
                name="import_state_agrees_with_times",
                condition=Q(state=ImportState.CHECKED, started_at__isnull=True, ended_at__isnull=True)
                | Q(state=ImportState.RUNNING, started_at__isnull=False, ended_at__isnull=True)
                | Q(
                    state__in=[ImportState.DONE, ImportState.STOPPED], started_at__isnull=False, ended_at__isnull=False
                ),
            ),
            UniqueConstraint(
                fields=["centre"],
                condition=Q(state=ImportState.RUNNING),
                name="one_import_runs_a_centre",
                violation_error_message="Another import is running. Start this one when it has ended.",
            ),
        ]

    def __str__(self) -> str:
        return f"Import of {self.name}"


class ImportRowState(models.TextChoices):
    """What became of a row."""

    WAITING = "waiting", "not done yet"
    DONE = "done", "done"
    SAME = "same", "was there already"
    FAILED = "failed", "not done"


class ImportRow(PublicModel):
    """A row of the file: a person, and if it says so their registration and who works on it.

    `cells` is what stands in it and `said` how that was read, both by the keys of the columns.
    """

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # in the file
    position = models.PositiveIntegerField()  # in the order in which rows are done
    cells = models.JSONField(default=dict)
    said = models.JSONField(default=dict)
    faults = models.JSONField(default=list)  # of each wrong cell: its address, its column, why
    state = models.CharField(max_length=10, choices=ImportRowState, default=ImportRowState.WAITING)
    sentence = PlainTextField(limit=SENTENCE_AT_MOST, blank=True)  # what it will do; then what was done, or why not
    registration = models.ForeignKey(
        Registration, on_delete=models.SET_NULL, related_name="import_rows", null=True, blank=True
    )
    # The role of which the person has to be told by e-mail still.
    to_invite = models.ForeignKey(
        Membership, on_delete=models.SET_NULL, related_name="import_rows", null=True, blank=True
    )

    class Meta:
        ordering = ["of", "number"]
        constraints = [
            one_of("state", ImportRowState.values, "import_row_state_valid"),
            at_most("sentence", SENTENCE_AT_MOST, "import_row_sentence_length"),
            UniqueConstraint(fields=["of", "number"], name="import_row_number_once"),
            UniqueConstraint(fields=["of", "position"], name="import_row_position_once"),
        ]

    def __str__(self) -> str:
        return f"Row {self.number} of {self.of}"

    @property
    def signs_in_with(self) -> str:
        """The address, or else the number, as it was typed."""
        return str(self.cells.get("email") or self.cells.get("sign_in_number", ""))
