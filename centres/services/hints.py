"""First-time hints, which a person sees until they dismiss them."""

from django.core.exceptions import ValidationError
from django.db import transaction

from centres.models import Role, User

# The home page of each of these roles has one, by the role's name.
HINTS = frozenset({Role.CANDIDATE, Role.ASSESSOR, Role.INTERNAL_VERIFIER, Role.COORDINATOR})


@transaction.atomic
def hint_dismiss(*, hint: str, actor: User) -> None:
    """Never show this hint to the person again; dismissing it twice does nothing. The record does not tell of it.

    Raises ValidationError if there is no such hint.
    """
    if hint not in HINTS:
        raise ValidationError("There is no such hint.")
    person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    if hint not in person.hints_dismissed:
        person.hints_dismissed.append(hint)
        person.save(update_fields=["hints_dismissed"])
