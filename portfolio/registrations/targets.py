"""Target dates of registrations that are not finished: near, or past."""

import datetime
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from centres.models import Centre
from portfolio.models import Registration, RegistrationParticulars, State, UnitVersion

A_DAY = datetime.timedelta(days=1)
NEAR = datetime.timedelta(days=90)


def unfinished_with_target(first: datetime.date, last: datetime.date) -> Q:
    """Return what is true of registrations with a target date within these days that are not finished.

    One is finished where its end is on record, or where all units that are worked on are verified.
    """
    of_it = RegistrationParticulars.objects.current().filter(registration=OuterRef("pk"), ended_on__isnull=True)
    left = UnitVersion.objects.worked_on().filter(candidate_unit__registration=OuterRef("pk"))
    has_target = Exists(of_it.filter(target_on__range=(first, last)))
    return Q(has_target) & Q(Exists(left.exclude(state=State.VERIFIED)))


def past_target(centres: Sequence[Centre]) -> QuerySet[Registration]:
    """Return the registrations of these centres that are not finished and past their target date."""
    late = Q(pk=None)
    for centre in centres:  # each has a day of its own
        late |= Q(centre=centre) & unfinished_with_target(datetime.date.min, centre.today - A_DAY)
    return Registration.objects.filter(late)
