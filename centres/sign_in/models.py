"""The tables of signing in. They name people by name, since `centres.models` imports them. No event tells of them."""

import hashlib
from typing import ClassVar

from django.db import models
from django.db.models import Index

from record.fields import PlainCharField, at_most, one_of


class PasswordTries(models.Model):
    """How often passwords were tried of late, for an account, from a place, or for one from the other.

    `of` is a digest: the table names neither people nor addresses.
    """

    of = models.CharField(max_length=64, unique=True)
    began_at = models.DateTimeField()  # of the time in which they are counted
    count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [Index(fields=["began_at"], name="password_tries_began")]

    def __str__(self) -> str:
        return f"{self.count} tries since {self.began_at}"

    @staticmethod
    def digest(*parts: str) -> str:
        """What stands for these in `of`."""
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class SignInWhat(models.TextChoices):
    """What happened at the door."""

    SIGNED_IN = "signed_in", "Signed in"
    WRONG_PASSWORD = "wrong_password", "Refused: wrong password"
    TOO_MANY = "too_many", "Refused: too many tries"
    CLOSED = "closed", "Refused: the account is closed"
    NEW_PASSWORD = "new_password", "New password"
    ENDED = "ended", "Signed out from another device"
    LINK = "link", "A link to come in was given out"
    WRONG_STEP = "wrong_step", "Refused: wrong second step"
    STEP_SET_UP = "step_set_up", "Second step set up"
    STEP_REMOVED = "step_removed", "Second step taken away"


class SignIn(models.Model):
    """That somebody signed in, or was refused. Kept for half a year.

    Without a user, an address was named that nobody has; which one is not kept, as it may be a password that was typed
    into the wrong field.
    """

    user = models.ForeignKey("centres.User", on_delete=models.CASCADE, related_name="sign_ins", null=True, blank=True)
    what = models.CharField(max_length=20, choices=SignInWhat)
    at = models.DateTimeField()
    place = models.GenericIPAddressField(null=True, blank=True)
    device = PlainCharField(max_length=100, blank=True)  # what its browser says of itself, in few words

    class Meta:
        ordering = ["-at", "-pk"]
        constraints: ClassVar = [
            one_of("what", SignInWhat.values, "sign_in_what_valid"),
            at_most("device", 100, "sign_in_device_length"),
        ]
        indexes: ClassVar = [
            Index(fields=["user", "-at"], name="sign_in_of_a_person"),
            Index(fields=["at"], name="sign_in_at"),
        ]

    def __str__(self) -> str:
        return f"{self.user or 'Nobody'}: {self.get_what_display()}, {self.at}"

    @property
    def was_refused(self) -> bool:
        """Whether somebody did not come in."""
        return self.what in REFUSED


REFUSED = (SignInWhat.WRONG_PASSWORD, SignInWhat.TOO_MANY, SignInWhat.CLOSED, SignInWhat.WRONG_STEP)
