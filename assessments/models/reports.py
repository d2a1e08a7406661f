"""How a centre stood on a day, in numbers of candidates. Derived: no chain tells of it."""

from django.db import models
from django.db.models import UniqueConstraint

from centres.models import Centre


class CentreDay(models.Model):
    """The numbers of a centre on one of its days, as they were last made that day (`assessments/home/report.py`)."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    made_at = models.DateTimeField()
    numbers = models.JSONField()  # of candidates, by what is true of them

    class Meta:
        constraints = [UniqueConstraint(fields=["centre", "day"], name="centre_stands_once_a_day")]

    def __str__(self) -> str:
        return f"{self.centre} on {self.day}"
