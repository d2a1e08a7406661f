"""The visit of the demo: Edmund comes from the awarding body, has picked three units, and has looked at one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from centres.models import Centre, User
from demo import stories
from demo.clock import told_at
from demo.council import ROSALIND
from demo.hotel import MARCUS
from demo.inn import WINSTON
from demo.interests import interest_tell
from demo.shop import SHANICE
from demo.stories import StoryPerson
from portfolio.models import CandidateUnit
from verification.days import day_begins, day_ends
from verification.visits.services import sample_add, unit_mark, visit_open

SAMPLED = (ROSALIND.candidate, WINSTON.candidate, MARCUS.candidate)
PROPOSED = (SHANICE.candidate,)
LASTS = timedelta(days=6)
NOTE = "Signatures, dates and evidence agree. The assessor's reasons are clear throughout."


def visit_tell(centre: Centre, people: Mapping[StoryPerson, User], now: datetime) -> None:
    """Let the visit happen, in the last minutes before now: behind all that the stories and the sampling tell."""
    edmund, marva = people[stories.EDMUND], people[stories.MARVA]
    zone = ZoneInfo(centre.time_zone)
    today = timezone.localdate(now, zone)
    interest_tell(centre, people, now)  # before it is read by who comes from outside
    with told_at(now - timedelta(minutes=4)):
        visit = visit_open(
            centre=centre,
            actor=marva,
            verifier=edmund,
            begins_at=day_begins(today, zone),
            until=day_ends(today + LASTS, zone),
        )
    with told_at(now - timedelta(minutes=3)):
        if proposed := _units_of(centre, people, PROPOSED):
            sample_add(visit=visit, actor=marva, units=proposed)
    if not (sampled := _units_of(centre, people, SAMPLED)):
        return
    with told_at(now - timedelta(minutes=2)):
        first, *_ = sample_add(visit=visit, actor=edmund, units=sampled)
    with told_at(now - timedelta(minutes=1)):
        unit_mark(sample=first, actor=edmund, note=NOTE)


def _units_of(
    centre: Centre, people: Mapping[StoryPerson, User], whose: tuple[StoryPerson, ...]
) -> list[CandidateUnit]:
    """The units of those who are in the demo: some make it with fewer stories."""
    candidates = [people[person] for person in whose if person in people]
    units = CandidateUnit.objects.taken().filter(registration__centre=centre, registration__candidate__in=candidates)
    return list(units.select_related("registration__chain", "registration__centre").order_by("pk"))
