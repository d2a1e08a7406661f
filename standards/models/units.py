"""Frameworks and their units. A published revision is never changed: a changed wording is a new one."""

from django.db import models
from django.db.models import UniqueConstraint

from record.fields import PublicModel

# Natural keys are flat, so that fixtures read like addresses: ["nvq", "B10", 1, "performance", 4].
RevisionKey = tuple[str, str, int]


class FrameworkManager(models.Manager["Framework"]):
    def get_by_natural_key(self, code: str) -> "Framework":
        return self.get(code=code)


class UnitManager(models.Manager["Unit"]):
    def get_by_natural_key(self, framework: str, code: str) -> "Unit":
        return self.get(framework__code=framework, code=code)


class UnitRevisionManager(models.Manager["UnitRevision"]):
    def get_by_natural_key(self, framework: str, code: str, number: int) -> "UnitRevision":
        return self.get(unit__framework__code=framework, unit__code=code, number=number)


class Framework(PublicModel):
    """One published set of standards, in one edition."""

    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200, blank=True)
    edition = models.CharField(max_length=100, blank=True)

    objects = FrameworkManager()

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        return (self.code,)

    @property
    def short(self) -> str:
        """What is shown beside a unit's code, because two frameworks may share a code: "NVQ"."""
        return self.code.upper()


class Unit(PublicModel):
    """The smallest thing that is signed off, addressed as `framework:code`."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=20)

    objects = UnitManager()

    class Meta:
        ordering = ["framework", "code"]
        constraints = [UniqueConstraint(fields=["framework", "code"], name="unit_code_once_a_framework")]

    def __str__(self) -> str:
        return self.code

    def natural_key(self) -> tuple[str, str]:
        return (self.framework.code, self.code)

    natural_key.dependencies = ["standards.framework"]  # type: ignore[attr-defined]

    @property
    def address(self) -> str:
        """`framework:code`, as people and commands name the unit."""
        return f"{self.framework.code}:{self.code}"


class UnitRevision(PublicModel):
    """One wording of a unit. New registrations get the latest; existing ones stay on theirs."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    credit = models.PositiveSmallIntegerField(null=True, blank=True)
    glh = models.PositiveSmallIntegerField(null=True, blank=True)  # guided learning hours
    theme = models.CharField(max_length=100, blank=True)
    purpose = models.TextField(blank=True)
    rules = models.JSONField(default=dict)  # what readiness follows: docs/contributors/standards-format.md
    rule_words = models.JSONField(default=dict, blank=True)  # the unit's own sentences that each rule rests on
    rulings = models.JSONField(default=list)  # where the source is in doubt, what was decided
    related = models.JSONField(default=list, blank=True)  # what the unit names as related, and its address here
    published_at = models.DateTimeField()

    objects = UnitRevisionManager()

    class Meta:
        ordering = ["unit", "number"]
        constraints = [UniqueConstraint(fields=["unit", "number"], name="revision_number_once_a_unit")]

    def __str__(self) -> str:
        """Name it so that nobody mistakes it for a unit of another framework. Reads the unit's framework."""
        return f"{self.unit} {self.title} ({self.unit.framework.short})"

    def natural_key(self) -> RevisionKey:
        return (*self.unit.natural_key(), self.number)

    natural_key.dependencies = ["standards.unit"]  # type: ignore[attr-defined]
