"""The table of invitations. It names people and centres by name, as `centres.models` imports it."""

import base64
import hashlib
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from record.fields import PlainCharField, PublicModel, at_most, one_of

OPEN_FOR = timedelta(days=14)


class InvitationState(models.TextChoices):
    """What became of an invitation. One that waits is over after its end."""

    WAITING = "waiting", "Waiting"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Invitation(PublicModel):
    """A person is asked to take a role in a centre. No event tells of it: the role is told of once it is given.

    With a `user`, the role is theirs already, and they have yet to come in: a new account, or one that only this centre
    has. Without one, the address may be anybody's: nothing about them is said here, and the role begins when they
    accept.
    """

    centre = models.ForeignKey("centres.Centre", on_delete=models.CASCADE, related_name="invitations")
    user = models.ForeignKey(
        "centres.User", on_delete=models.CASCADE, related_name="invitations", null=True, blank=True
    )
    role = models.CharField(max_length=20)
    name = PlainCharField(max_length=200)  # as the coordinator typed it, also where the account has another
    email = models.EmailField(max_length=254)
    made_by = models.ForeignKey("centres.User", on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    until = models.DateTimeField()
    link_number = models.PositiveIntegerField(default=1)  # each new link has the next; those before are dead
    digest = models.CharField(max_length=64, unique=True)  # of the link's key
    sent_at = models.DateTimeField(null=True, blank=True)  # when the mail server took the letter with this link
    state = models.CharField(max_length=10, choices=InvitationState, default=InvitationState.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            at_most("name", 200, "invitation_name_length"),
            one_of("state", InvitationState.values, "invitation_state_valid"),
            CheckConstraint(
                name="invitation_answer_has_a_time",
                condition=Q(state=InvitationState.WAITING, answered_at__isnull=True)
                | (~Q(state=InvitationState.WAITING) & Q(answered_at__isnull=False)),
            ),
            UniqueConstraint(
                "centre",
                Lower("email"),
                "role",
                condition=Q(state=InvitationState.WAITING),
                name="invitation_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} is invited to {self.centre}"

    @property
    def is_open(self) -> bool:
        """Whether its link works: not after its end, nor once the address that it went to was corrected."""
        is_theirs = self.user is None or self.user.email == self.email
        return self.state == InvitationState.WAITING and self.until > timezone.now() and is_theirs

    @property
    def role_word(self) -> str:
        """What the centre calls who holds the role."""
        return self.centre.words.of_role(self.role)

    @property
    def key(self) -> str:
        """The secret of its link, worked out from the key of the site, so that it is kept nowhere."""
        made = salted_hmac("countersign.invitation", f"{self.uuid} {self.link_number}", algorithm="sha256").digest()
        return base64.urlsafe_b64encode(made).decode().rstrip("=")

    @staticmethod
    def digest_of(key: str) -> str:
        """What is kept of the key of a link."""
        return hashlib.sha256(key.encode()).hexdigest()
