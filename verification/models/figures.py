"""Figures of sampling that were worked out for a large centre, kept for a while."""

from django.db import models
from django.db.models import Q, UniqueConstraint

from centres.models import Centre, User


class KeptFigures(models.Model):
    """The figures of a centre, or of one verifier's units in it, as they were at a time: no chain tells of them."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="+", db_index=False)
    verifier = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True)  # null: of all units
    made_at = models.DateTimeField()
    said = models.JSONField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["centre", "verifier"], name="figures_kept_once_a_verifier"),
            UniqueConstraint(fields=["centre"], condition=Q(verifier=None), name="figures_kept_once_a_centre"),
        ]

    def __str__(self) -> str:
        return f"Figures of {self.verifier or self.centre}"
