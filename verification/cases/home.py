"""How many cases are open, on the home of who coordinates."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from assessments.home.coordinator import OpenThings
from centres.models import Centre, User
from record.prepared import prepared
from standards.in_words import counted
from verification.models import Case


def open_cases(user: User, centres: Sequence[Centre]) -> Mapping[int, OpenThings]:
    """The open appeals, complaints and malpractice of these centres that the person may read; one query."""
    found = Counter(_open_in(user.pk, timezone.now(), [centre.pk for centre in centres]))
    return {
        centre.pk: OpenThings(
            words=f"Appeals, complaints and malpractice: {counted(found[centre.pk], 'open case')}"
            if found[centre.pk]
            else "Appeals, complaints and malpractice: none open",
            url=reverse("verification:cases", args=[centre.uuid]),
        )
        for centre in centres
    }


@prepared
def _open_in(user: int, now: datetime, centres: Collection[int]) -> QuerySet[Case, int]:
    return Case.objects.visible_to(user, now).open().filter(centre__pk__in=centres).values_list("centre", flat=True)
