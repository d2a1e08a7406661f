"""Units that a candidate achieved before, on paper or elsewhere, and unit certificates for those who leave early."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Exists, OuterRef, Q, UniqueConstraint

from centres.models import User
from portfolio.models.evidence import Evidence
from portfolio.models.registrations import Capacity, Registration, UnitVersion
from record.event_content import ToldModel, told_time
from record.fields import PlainCharField, PlainTextField, PublicModel, at_most, one_of
from standards.models import UnitRevision


class TakenBackModel(models.Model):
    """Something on record that can be taken back, once, with a reason. It stays to be read."""

    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_why = PlainTextField(blank=True, limit=500)

    class Meta:
        abstract = True

    def told_of_taking_back(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "taken_back_by": str(self.taken_back_by.uuid) if self.taken_back_by else None,
            "taken_back_at": told_time(self.taken_back_at),
            "taken_back_why": self.taken_back_why,
        }


def taken_back_whole(name: str) -> CheckConstraint:
    """Return the constraint that keeps the fields of a `TakenBackModel` together."""
    return CheckConstraint(
        name=name,
        condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True, taken_back_why="")
        | (Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(taken_back_why="")),
        violation_error_message="Say why it is taken back.",
    )


class AchievedBeforeQuerySet(models.QuerySet["AchievedBefore"]):
    def kept(self) -> "AchievedBeforeQuerySet":
        """Those that nobody took back."""
        return self.filter(taken_back_at__isnull=True)

    def counting(self) -> "AchievedBeforeQuerySet":
        """Those that count for a qualification: an assessor has checked them."""
        checked = AchievedBeforeCheck.objects.filter(achieved=OuterRef("pk"), capacity=Capacity.ASSESSOR)
        return self.kept().filter(Exists(checked))


class AchievedBefore(TakenBackModel, ToldModel, PublicModel):
    """A unit that the candidate achieved before this registration: when, where, and what shows it.

    From docs/contributors/domain.md: it counts for the combination with the paper that shows it, and needs no grid.
    It counts once an assessor has checked it. Append-only, save that it is taken back, once.
    """

    class Where(models.TextChoices):
        ON_PAPER = "on_paper", "In a portfolio on paper"
        ELSEWHERE = "elsewhere", "At another centre"
        CERTIFICATE = "certificate", "By a certificate"

    told_as: ClassVar[str] = "achieved_before"
    told_with: ClassVar[tuple[str, ...]] = ("registration", "revision", "evidence", "recorded_by", "taken_back_by")

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="achieved_before")
    revision = models.ForeignKey(UnitRevision, on_delete=models.PROTECT, related_name="+")
    where = models.CharField(max_length=12, choices=Where)
    day = models.DateField()
    shown_by = PlainTextField(limit=1000)
    certificate_number = PlainCharField(max_length=60, blank=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = AchievedBeforeQuerySet.as_manager()

    class Meta:
        ordering = ["registration", "pk"]
        constraints = [
            one_of("where", ["on_paper", "elsewhere", "certificate"], "achieved_where_valid"),
            UniqueConstraint(
                fields=["registration", "revision"],
                condition=Q(taken_back_at__isnull=True),
                name="achieved_before_once",
                violation_error_message="This unit is recorded as achieved before already.",
            ),
            CheckConstraint(
                name="certificate_has_a_number",
                condition=~Q(where="certificate") | ~Q(certificate_number=""),
                violation_error_message="Give the number of the certificate.",
            ),
            CheckConstraint(name="achieved_before_is_shown", condition=~Q(shown_by="")),
            at_most("shown_by", 1000, "achieved_shown_by_length"),
            at_most("certificate_number", 60, "achieved_number_length"),
            at_most("taken_back_why", 500, "achieved_taken_back_length"),
            taken_back_whole("achieved_taken_back_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.revision}, achieved before"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "registration": str(self.registration.uuid),
            "revision": str(self.revision.uuid),
            "where": str(self.where),
            "day": self.day.isoformat(),
            "shown_by": self.shown_by,
            "certificate_number": self.certificate_number,
            "evidence": str(self.evidence.uuid) if self.evidence else None,
            "recorded_by": str(self.recorded_by.uuid),
            "recorded_at": told_time(self.recorded_at),
            **self.told_of_taking_back(),
        }


class AchievedBeforeCheck(ToldModel, PublicModel):
    """An assessor's word, by their password, that they checked what shows it; or a verifier's that they agree."""

    told_as: ClassVar[str] = "achieved_before_check"
    told_with: ClassVar[tuple[str, ...]] = ("achieved", "person")

    achieved = models.ForeignKey(AchievedBefore, on_delete=models.PROTECT, related_name="checks")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    capacity = models.CharField(max_length=20, choices=Capacity)
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["achieved", "pk"]
        constraints = [
            one_of("capacity", [Capacity.ASSESSOR, Capacity.INTERNAL_VERIFIER], "achieved_check_capacity_valid"),
            UniqueConstraint(
                fields=["achieved", "capacity"],
                name="one_check_a_capacity",
                violation_error_message="Somebody has done this already.",
            ),
            UniqueConstraint(
                fields=["achieved", "person"],
                name="one_check_a_person",
                violation_error_message="You have checked this in your other capacity.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.get_capacity_display()}"

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "achieved_before": str(self.achieved.uuid),
            "person": str(self.person.uuid),
            "capacity": str(self.capacity),
            "checked_at": told_time(self.checked_at),
        }


class UnitCertificateQuerySet(models.QuerySet["UnitCertificate"]):
    def kept(self) -> "UnitCertificateQuerySet":
        """Those that nobody took back."""
        return self.filter(taken_back_at__isnull=True)


class UnitCertificate(TakenBackModel, ToldModel, PublicModel):
    """A unit certificate that was claimed from the awarding body for a unit of a registration that ended early.

    It names the version of the unit that was verified. Append-only, save that it is taken back, once.
    """

    told_as: ClassVar[str] = "unit_certificate"
    told_with: ClassVar[tuple[str, ...]] = ("unit_version", "claimed_by", "taken_back_by")

    unit_version = models.ForeignKey(UnitVersion, on_delete=models.PROTECT, related_name="certificates")
    number = PlainCharField(max_length=60)
    day = models.DateField()
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField()

    objects = UnitCertificateQuerySet.as_manager()

    class Meta:
        ordering = ["unit_version", "pk"]
        constraints = [
            UniqueConstraint(
                fields=["unit_version"],
                condition=Q(taken_back_at__isnull=True),
                name="one_certificate_a_unit",
                violation_error_message="A certificate of this unit is on record already.",
            ),
            CheckConstraint(name="unit_certificate_has_a_number", condition=~Q(number="")),
            at_most("number", 60, "unit_certificate_number_length"),
            at_most("taken_back_why", 500, "unit_certificate_taken_back_length"),
            taken_back_whole("unit_certificate_taken_back_whole"),
        ]

    def __str__(self) -> str:
        return self.number

    def told(self) -> dict[str, Any]:
        """What events tell of it."""
        return {
            "id": str(self.uuid),
            "version": str(self.unit_version.uuid),
            "number": self.number,
            "day": self.day.isoformat(),
            "claimed_by": str(self.claimed_by.uuid),
            "claimed_at": told_time(self.claimed_at),
            **self.told_of_taking_back(),
        }
