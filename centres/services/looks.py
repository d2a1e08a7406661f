"""When a person last looked at what is new to them."""

from django.utils import timezone

from centres.models import User


def home_looked(*, actor: User) -> None:
    """Note that the person has seen what their first page says now. The record does not tell of it."""
    User.objects.filter(pk=actor.pk).update(home_looked_at=timezone.now())
