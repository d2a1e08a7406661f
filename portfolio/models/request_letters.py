"""The e-mails by which witnesses get their links."""

from django.db import models
from django.db.models import CheckConstraint, Q

from centres.models import User
from portfolio.models.testimony import TestimonyRequest
from portfolio.models.tried_mail import PROBLEM_AT_MOST, TriedMail, TriedMailQuerySet
from record.fields import at_most


class RequestLetter(TriedMail):
    """An e-mail with the link of a request. No event tells of it: what was asked is on record."""

    request = models.ForeignKey(TestimonyRequest, on_delete=models.CASCADE, related_name="letters")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")  # who has it sent

    objects = TriedMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="request_letters_that_wait",
            )
        ]
        constraints = [
            CheckConstraint(
                name="request_letter_ends_once", condition=Q(sent_at__isnull=True) | Q(given_up_at__isnull=True)
            ),
            at_most("problem", PROBLEM_AT_MOST, "request_letter_problem_length"),
        ]

    def __str__(self) -> str:
        return f"Letter with the link of {self.request_id}"

    @property
    def stands(self) -> str:
        """In a sentence, where it is; when it went, the page says itself."""
        if self.sent_at:
            return "The link was sent."
        if self.given_up_at:
            return f"The e-mail was not sent: {self.problem} It is not tried again, so share the link yourself."
        if self.tries:
            return f"The e-mail has not gone yet: {self.problem} It is tried again by itself. You can share the link."
        return "The e-mail is about to go."
