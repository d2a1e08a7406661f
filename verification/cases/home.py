"""How many cases are open, on the home of who coordinates."""

from collections import Counter
from collections.abc import Mapping, Sequence

from django.urls import reverse

from assessments.home.coordinator import OpenThings
from centres.models import Centre, User
from standards.in_words import counted
from verification.models import Case


def open_cases(user: User, centres: Sequence[Centre]) -> Mapping[int, OpenThings]:
    """The open appeals, complaints and malpractice of these centres that the person may read; one query."""
    visible = Case.objects.visible_to(user).open().filter(centre__in=centres)
    found = Counter(visible.values_list("centre", flat=True))
    return {
        centre.pk: OpenThings(
            words=f"Appeals, complaints and malpractice: {counted(found[centre.pk], 'open case')}"
            if found[centre.pk]
            else "Appeals, complaints and malpractice: none open",
            url=reverse("verification:cases", args=[centre.uuid]),
        )
        for centre in centres
    }
