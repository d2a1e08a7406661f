"""Brings a person into a centre, by their address or by a number, and records until when a candidate is under 18."""

import datetime

from django.db import transaction

from centres.candidate_numbers.services import numbered_add
from centres.guardians.services import coming_of_age_set
from centres.invitations.models import Invitation
from centres.invitations.services import person_invite
from centres.models import Centre, Membership, Role, User


@transaction.atomic
def person_join(
    *,
    centre: Centre,
    actor: User,
    name: str,
    email: str,
    number: str,
    role: Role,
    eighteen_on: datetime.date | None = None,
) -> Invitation | Membership:
    """Add a candidate with a number, or ask somebody by e-mail; return what `numbered_add` or `person_invite` does.

    Of somebody who is only asked, and has no role here before they accept, no day is kept.
    Raises PermissionDenied and ValidationError, as these and `coming_of_age_set` do.
    """
    made: Invitation | Membership
    if number:
        made = numbered_add(centre=centre, actor=actor, name=name, number=number)
    else:
        made = person_invite(centre=centre, actor=actor, name=name, email=email, role=role)
    if eighteen_on and made.user:
        coming_of_age_set(centre=centre, actor=actor, person=made.user, day=eighteen_on)
    return made
