"""The button by which who visits a centre marks a unit of their sample, on the page of the unit itself."""

from collections.abc import Iterator

from django.urls import reverse

from assessments.unit_page.links_above import LinkAbove
from centres.models import User
from portfolio.models import CandidateUnit
from verification.days import day_at, in_words
from verification.models import Visit, VisitSample


def mark_link(unit: CandidateUnit, person: User) -> Iterator[LinkAbove]:
    """While a visit of the person is open and the unit is in its sample; one query, and one for the marks."""
    visits = Visit.objects.open_now().filter(verifier=person, centre=unit.registration.centre_id)
    samples = VisitSample.objects.filter(visit__in=visits, candidate_unit=unit, taken_at__isnull=False)
    sample = samples.select_related("visit").first()
    if sample is None:
        return
    centre = unit.registration.centre
    last = sample.marks.select_related("person").order_by("-made_at", "-pk").first()
    yield LinkAbove(
        url=reverse("verification:visit_mark", args=[centre.uuid, sample.visit.uuid, unit.uuid]),
        words="Mark again" if last else "Mark as looked at",
        done=f"You marked this unit as looked at: {last.initials}, {in_words(day_at(last.made_at, centre))}."
        if last
        else "",
    )
