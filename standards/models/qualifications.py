"""Rules of combination: which units make a qualification. Published like units, one row for each wording."""

from django.db import models
from django.db.models import UniqueConstraint

from record.fields import PublicModel
from standards.models.units import Framework, Unit

# ["cvq", "CCA010-02", 1], then the position of the group, then that of the unit in it.
QualificationKey = tuple[str, str, int]


class QualificationManager(models.Manager["Qualification"]):
    def get_by_natural_key(self, framework: str, code: str, number: int) -> "Qualification":
        return self.get(framework__code=framework, code=code, number=number)


class QualificationGroupManager(models.Manager["QualificationGroup"]):
    def get_by_natural_key(self, framework: str, code: str, number: int, position: int) -> "QualificationGroup":
        qualification = Qualification.objects.get_by_natural_key(framework, code, number)
        return self.get(qualification=qualification, position=position)


class QualificationUnitManager(models.Manager["QualificationUnit"]):
    def get_by_natural_key(
        self, framework: str, code: str, number: int, group: int, position: int
    ) -> "QualificationUnit":
        found = QualificationGroup.objects.get_by_natural_key(framework, code, number, group)
        return self.get(group=found, position=position)


class Qualification(PublicModel):
    """What a candidate registers for, in one wording of its rule. `number` counts the wordings.

    It is complete when each group has its `choose` units (and its credits), and the whole has the minimum of
    units and credit; more is no fault.
    """

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="qualifications")
    code = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    minimum_units = models.PositiveSmallIntegerField(default=0)
    minimum_credit = models.PositiveSmallIntegerField(null=True, blank=True)
    rulings = models.JSONField(default=list)  # where the source is in doubt, what was decided
    published_at = models.DateTimeField()

    objects = QualificationManager()

    class Meta:
        ordering = ["framework", "code", "number"]
        constraints = [
            UniqueConstraint(fields=["framework", "code", "number"], name="qualification_number_once_a_code")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def address(self) -> str:
        """What names it whatever the wording, such as "cvq:CCA010-02"."""
        return f"{self.framework.code}:{self.code}"

    def natural_key(self) -> QualificationKey:
        return (self.framework.code, self.code, self.number)

    natural_key.dependencies = ["standards.framework"]  # type: ignore[attr-defined]


class QualificationGroup(PublicModel):
    """Units of a qualification of which `choose` must be taken; if mandatory, all of them."""

    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="groups")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    choose = models.PositiveSmallIntegerField()
    credits = models.PositiveSmallIntegerField(null=True, blank=True)  # at least, from this group

    objects = QualificationGroupManager()

    class Meta:
        ordering = ["qualification", "position"]
        constraints = [UniqueConstraint(fields=["qualification", "position"], name="group_position_once")]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str, str, int, int]:
        return (*self.qualification.natural_key(), self.position)

    natural_key.dependencies = ["standards.qualification"]  # type: ignore[attr-defined]


class QualificationUnit(PublicModel):
    """A unit in a group, in any revision: the registration names the wording."""

    group = models.ForeignKey(QualificationGroup, on_delete=models.PROTECT, related_name="members")
    position = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="in_groups")

    objects = QualificationUnitManager()

    class Meta:
        ordering = ["group", "position"]
        constraints = [
            UniqueConstraint(fields=["group", "position"], name="group_unit_position_once"),
            UniqueConstraint(fields=["group", "unit"], name="unit_once_a_group"),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.unit}"

    def natural_key(self) -> tuple[str, str, int, int, int]:
        return (*self.group.natural_key(), self.position)

    natural_key.dependencies = ["standards.qualificationgroup", "standards.unit"]  # type: ignore[attr-defined]
