"""The demo's declared interest: Helen is family of a candidate whom Desmond assesses."""

import datetime
from collections.abc import Mapping

from centres.models import Centre, User
from demo import stories
from demo.clock import told_at
from demo.inn import WINSTON
from demo.stories import StoryPerson
from portfolio.interests.services import interest_declare
from portfolio.models import InterestKind, Registration

DECLARED = datetime.timedelta(minutes=4, seconds=20)  # between the sampling and the visit


def interest_tell(centre: Centre, people: Mapping[StoryPerson, User], now: datetime.datetime) -> None:
    """Let Marva put on record that Winston is Helen's nephew; some make the demo without him."""
    if WINSTON.candidate not in people:
        return
    registration = Registration.objects.select_related("centre", "candidate", "chain").get(
        centre=centre, candidate=people[WINSTON.candidate]
    )
    with told_at(now - DECLARED):
        interest_declare(
            registration=registration,
            actor=people[stories.MARVA],
            person=people[stories.HELEN],
            kind=InterestKind.FAMILY,
            words="Her nephew.",
        )
