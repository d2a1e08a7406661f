"""An e-mail that waits to be sent: it is tried until it goes or is given up."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from record.fields import PublicModel

PROBLEM_AT_MOST = 300
SHOWN_FOR = datetime.timedelta(days=30)


class TriedMailQuerySet(models.QuerySet):
    """The questions that are asked of every kind of them."""

    def waiting(self) -> "TriedMailQuerySet":
        """Those that were neither sent nor given up."""
        return self.filter(sent_at__isnull=True, given_up_at__isnull=True)

    def due(self) -> "TriedMailQuerySet":
        """Those of them whose turn it is, the oldest first."""
        return self.waiting().filter(next_try_at__lte=timezone.now()).order_by("pk")

    def undelivered(self) -> "TriedMailQuerySet":
        """Those of the last month that were given up, or that have been tried twice and more, the newest first."""
        stuck = Q(given_up_at__isnull=False) | Q(sent_at__isnull=True, tries__gte=2)
        return self.filter(stuck, made_at__gt=timezone.now() - SHOWN_FOR).order_by("-made_at")


class TriedMail(PublicModel):
    """What is kept of one. `portfolio/services/mail.py` sends it."""

    made_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=PROBLEM_AT_MOST, blank=True)  # of the last try

    class Meta:
        abstract = True
