"""The demo's declared interest: Helen is family of a candidate whom Desmond assesses."""

import datetime
from collections.abc import Mapping

from centres.models import Centre, User
from demo import stories
from demo.clock import told_at
from demo.stories import Story, StoryPerson
from portfolio.interests.services import interest_declare
from portfolio.models import InterestKind, Registration

DECLARED = datetime.timedelta(seconds=30)  # after the visit, so that each chain tells its events in their order


def interest_tell(centre: Centre, people: Mapping[StoryPerson, User], story: Story, now: datetime.datetime) -> None:
    """Let Marva put on record that the candidate of this story is Helen's nephew."""
    registration = Registration.objects.select_related("centre", "candidate", "chain").get(
        centre=centre, candidate=people[story.candidate]
    )
    with told_at(now - DECLARED):
        interest_declare(
            registration=registration,
            actor=people[stories.MARVA],
            person=people[stories.HELEN],
            kind=InterestKind.FAMILY,
            words="Her nephew.",
        )
