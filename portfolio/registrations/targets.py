"""Target dates of registrations that are not finished: near, or past."""

import datetime
from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q

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


def past_target(centres: Sequence[Centre]) -> dict[int, int]:
    """Return how many unfinished registrations are past their target date, by the centre's primary key; one query."""
    late = Q(pk=None)
    for centre in centres:  # each has a day of its own
        late |= Q(centre=centre) & unfinished_with_target(datetime.date.min, centre.today - A_DAY)
    rows = Registration.objects.filter(late).order_by().values("centre").annotate(number=Count("pk"))
    return {row["centre"]: row["number"] for row in rows}
