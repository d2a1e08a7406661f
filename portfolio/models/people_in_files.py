"""What is said of other people in pictures, sound and film."""

from django.db import models


class People(models.TextChoices):
    """What is said of the people in pictures, sound and film. Nothing is said of pieces from before it was asked."""

    NOBODY = "nobody", "Nobody else is in it"
    AGREED = "agreed", "Others in it agreed"
    COVERED = "covered", "Others in it are covered"
