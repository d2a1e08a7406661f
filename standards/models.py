"""What must be met. A published revision is never changed: whatever differs makes a new one."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from record.fields import PublicModel, one_of

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


class ElementManager(models.Manager["Element"]):
    def get_by_natural_key(self, framework: str, code: str, number: int, position: int) -> "Element":
        revision = UnitRevision.objects.get_by_natural_key(framework, code, number)
        return self.get(revision=revision, position=position)


class CriterionManager(models.Manager["Criterion"]):
    def get_by_natural_key(self, framework: str, code: str, number: int, kind: str, position: int) -> "Criterion":
        revision = UnitRevision.objects.get_by_natural_key(framework, code, number)
        return self.get(revision=revision, kind=kind, position=position)


def full_code(code: str, parent_code: str) -> str:
    """Return a code as a column's head prints it: "4a" for item a of 4, "" where the unit gives none."""
    return f"{parent_code}{code}"


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
    """One wording of a unit. New registrations get the latest; a registration stays on its own."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    credit = models.PositiveSmallIntegerField(null=True, blank=True)
    glh = models.PositiveSmallIntegerField(null=True, blank=True)  # guided learning hours
    theme = models.CharField(max_length=100, blank=True)
    purpose = models.TextField(blank=True)
    rules = models.JSONField(default=dict)  # what readiness obeys: docs/contributors/standards-format.md
    rulings = models.JSONField(default=list)  # where the source is in doubt, what was decided
    published_at = models.DateTimeField()

    objects = UnitRevisionManager()

    class Meta:
        ordering = ["unit", "number"]
        constraints = [UniqueConstraint(fields=["unit", "number"], name="revision_number_once_a_unit")]

    def __str__(self) -> str:
        return f"{self.unit} {self.title}"

    def natural_key(self) -> RevisionKey:
        return (*self.unit.natural_key(), self.number)

    natural_key.dependencies = ["standards.unit"]  # type: ignore[attr-defined]


class Element(PublicModel):
    """A numbered part of a unit: an element or a learning outcome."""

    class Kind(models.TextChoices):
        PERFORMANCE = "performance"
        KNOWLEDGE = "knowledge"

    revision = models.ForeignKey(UnitRevision, on_delete=models.PROTECT, related_name="elements")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.PERFORMANCE)
    guidance = models.JSONField(default=list, blank=True)

    objects = ElementManager()

    class Meta:
        ordering = ["revision", "position"]
        constraints = [
            UniqueConstraint(fields=["revision", "position"], name="element_position_once_a_revision"),
            one_of("kind", ["performance", "knowledge"], "element_kind_valid"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def natural_key(self) -> tuple[str, str, int, int]:
        return (*self.revision.natural_key(), self.position)

    natural_key.dependencies = ["standards.unitrevision"]  # type: ignore[attr-defined]


class Criterion(PublicModel):
    """One thing that can be claimed, or a heading over lettered things that can.

    Known by (revision, kind, position), because codes are missing or repeat in the sources.
    """

    class Kind(models.TextChoices):
        PERFORMANCE = "performance", "performance criterion"
        KNOWLEDGE = "knowledge", "knowledge item"
        RANGE = "range", "range item"
        EVIDENCE = "evidence", "evidence requirement"

    revision = models.ForeignKey(UnitRevision, on_delete=models.PROTECT, related_name="criteria")
    kind = models.CharField(max_length=20, choices=Kind)
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="criteria", null=True, blank=True)
    range_elements = models.ManyToManyField(Element, related_name="range_items", blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, related_name="items", null=True, blank=True)
    group = models.CharField(max_length=200, blank=True)
    section = models.CharField(max_length=30, blank=True)  # of the evidence guide
    minimum = models.PositiveSmallIntegerField(null=True, blank=True)  # of a range category; null: all
    emphasis = models.JSONField(default=list, blank=True)  # words that the unit prints in bold
    # What is ticked: an item with lettered items follows them, and a text without a code only explains.
    is_tickable = models.BooleanField(default=True)

    objects = CriterionManager()

    class Meta:
        ordering = ["revision", "kind", "position"]
        constraints = [
            UniqueConstraint(fields=["revision", "kind", "position"], name="criterion_position_once_a_kind"),
            one_of("kind", ["performance", "knowledge", "range", "evidence"], "criterion_kind_valid"),
            CheckConstraint(name="criterion_has_words", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.full_code} {self.text}".strip()

    def natural_key(self) -> tuple[str, str, int, str, int]:
        return (*self.revision.natural_key(), self.kind, self.position)

    natural_key.dependencies = ["standards.unitrevision", "standards.element"]  # type: ignore[attr-defined]

    @property
    def full_code(self) -> str:
        """The code as a column's head prints it: "4a" for item a of 4. Reads the parent of an item."""
        return full_code(self.code, self.parent.code if self.parent else "")
