"""Opens portfolios to an external verifier, and closes them. A visit decides which, to whom and until when."""

import datetime
from collections.abc import Collection

from django.utils import timezone

from centres.models import User
from portfolio.models import Access, Registration
from record.services.events import Happening, events_add


def accesses_set(
    *, registrations: Collection[Registration], user: User, actor: User, until: datetime.datetime | None
) -> None:
    """Open these portfolios to the person from now until a moment, or close them with None.

    What stood is ended, and a further row says what holds from now on; nothing happens to a portfolio for which the
    same holds already. For services that have checked the permission, let nobody else change what is open to this
    person meanwhile, and hold the locks of the portfolios' chains. `registrations` come with their chains.
    """
    now = timezone.now()
    standing = {
        access.registration_id: access
        for access in Access.objects.current().filter(registration__in=registrations, user=user)
    }
    for registration in registrations:
        happenings = []
        if stood := standing.get(registration.pk):
            if stood.until == until:
                continue
            stood.registration, stood.user, stood.ended_at = registration, user, now
            stood.save(update_fields=["ended_at"])
            happenings.append(Happening(kind="access.ended", row=stood))
        if until:
            access = Access.objects.create(registration=registration, user=user, began_at=now, until=until)
            happenings.append(Happening(kind="access.opened", row=access))
        events_add(chain=registration.chain, actor=actor.uuid, at=now, happenings=happenings)
