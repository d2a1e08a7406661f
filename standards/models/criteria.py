"""What a unit asks for, part by part: elements and criteria, as one revision of the unit words them."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from record.fields import PublicModel, one_of
from standards.models.units import UnitRevision


class ElementManager(models.Manager["Element"]):
    def get_by_natural_key(self, framework: str, code: str, number: int, position: int) -> "Element":
        revision = UnitRevision.objects.get_by_natural_key(framework, code, number)
        return self.get(revision=revision, position=position)


class CriterionManager(models.Manager["Criterion"]):
    def get_by_natural_key(self, framework: str, code: str, number: int, kind: str, position: int) -> "Criterion":
        revision = UnitRevision.objects.get_by_natural_key(framework, code, number)
        return self.get(revision=revision, kind=kind, position=position)


def full_code(code: str, parent_code: str) -> str:
    """Return a code as a column's head shows it: "4a" for item a of 4; "" if the unit gives none."""
    return f"{parent_code}{code}"


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
    # The range item that an item of the evidence requirements repeats: one tick serves both.
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, related_name="repeated_by", null=True, blank=True)
    # Whether it is ticked. An item with lettered items follows them, and a text without a code only explains.
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
        """The code as a column's head shows it: "4a" for item a of 4. Reads the item's parent."""
        return full_code(self.code, self.parent.code if self.parent else "")
