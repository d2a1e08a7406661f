"""Which adjustments hold, and who helps by them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from django.db.models import QuerySet

from portfolio.models import Adjustment, Registration
from portfolio.models.adjustments import HELPERS
from record.prepared import prepared


def in_force(registrations: Iterable[Registration]) -> Mapping[int, Sequence[Adjustment]]:
    """The adjustments that hold today at the centre, by the primary key of the portfolio; one query."""
    today = {registration.pk: registration.centre.today for registration in registrations}
    found: dict[int, list[Adjustment]] = defaultdict(list)
    for row in _open([*today]) if today else ():
        if row.is_in_force_on(today[row.registration_id]):
            found[row.registration_id].append(row)
    return found


def begun(registration: Registration) -> tuple[Sequence[Adjustment], Sequence[Adjustment]]:
    """The adjustments that hold today, and those that held before; one query."""
    today = registration.centre.today
    rows = [row for row in _all(registration.pk) if row.since <= today]
    return [row for row in rows if row.is_in_force_on(today)], [row for row in rows if not row.is_in_force_on(today)]


@prepared
def _all(registration: int) -> QuerySet[Adjustment, Adjustment]:
    return Adjustment.objects.filter(registration=registration).order_by("since", "pk")


@prepared
def _open(registrations: Collection[int]) -> QuerySet[Adjustment, Adjustment]:
    return Adjustment.objects.open().filter(registration__pk__in=registrations).order_by("since", "pk")


def helpers_in_words(adjustments: Sequence[Adjustment]) -> str:
    """Who helps by these adjustments, as a record names them: "Reader: Rita Brown; Scribe"."""
    helping = [one for one in adjustments if one.kind in HELPERS]
    return "; ".join(f"{one}: {one.helper}" if one.helper else str(one) for one in helping)
