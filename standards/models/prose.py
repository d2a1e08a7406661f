"""The source's own prose of a unit, which explains it. Nobody is judged against it, so it stands beside revisions."""

from django.db import models
from django.db.models import UniqueConstraint

from record.fields import PublicModel
from standards.models.units import RevisionKey, Unit


class UnitProseManager(models.Manager["UnitProse"]):
    def get_by_natural_key(self, framework: str, code: str, number: int) -> "UnitProse":
        return self.get(unit__framework__code=framework, unit__code=code, number=number)


class UnitProse(PublicModel):
    """What a unit is about, in its source's words. Never changed; the one with the highest number is shown."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="proses")
    number = models.PositiveIntegerField()
    theme_statement = models.TextField(blank=True)  # what the unit says of its theme
    paragraphs = models.JSONField(default=list)  # docs/contributors/standards-format.md
    for_whom = models.JSONField(default=list, blank=True)  # those of its sentences that say who takes the unit
    rulings = models.JSONField(default=list, blank=True)  # where the source is in doubt, what was decided
    published_at = models.DateTimeField()

    objects = UnitProseManager()

    class Meta:
        ordering = ["unit", "number"]
        constraints = [UniqueConstraint(fields=["unit", "number"], name="prose_number_once_a_unit")]

    def __str__(self) -> str:
        return f"Prose {self.number} of {self.unit}"

    def natural_key(self) -> RevisionKey:
        return (*self.unit.natural_key(), self.number)

    natural_key.dependencies = ["standards.unit"]  # type: ignore[attr-defined]
