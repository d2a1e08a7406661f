"""The question bank: what assessors of a centre ask of a unit, beside the unit's own knowledge items."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from centres.models import Centre, User
from record.fields import PlainTextField, PublicModel, at_most
from standards.models import UnitRevision

QUESTION_AT_MOST = 500  # characters


class QuestionQuerySet(models.QuerySet["Question"]):
    def asked_at(self, centre: Centre) -> "QuestionQuerySet":
        """Those that the centre asks: it has not retired them."""
        return self.filter(centre=centre, retired_at__isnull=True)


class Question(PublicModel):
    """A question of the centre's own. Signed records have their words, so it may be changed and retired.

    No event tells of it: it is material to work with, and what was asked stands in the record.
    """

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="questions")
    revision = models.ForeignKey(UnitRevision, on_delete=models.PROTECT, related_name="questions")
    words = PlainTextField(limit=QUESTION_AT_MOST)
    knowledge = models.JSONField(default=list, blank=True)  # positions of the knowledge items that an answer shows
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="questions")  # who changed it last
    changed_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            CheckConstraint(name="question_has_words", condition=~Q(words="")),
            at_most("words", QUESTION_AT_MOST, "question_words_length"),
            UniqueConstraint(
                fields=["centre", "revision", "words"],
                condition=Q(retired_at__isnull=True),
                name="question_asked_once",
                violation_error_message="Your centre asks this in the unit already.",
            ),
        ]

    def __str__(self) -> str:
        return self.words
