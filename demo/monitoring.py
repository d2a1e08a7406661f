"""What the demo's verifier recorded besides samples: an interview, an observation of Helen, a meeting."""

import datetime
import uuid
from collections.abc import Mapping

from centres.demo import DEMO_PASSWORD
from centres.models import Centre, User
from demo import stories
from demo.clock import told_at
from demo.stories import StoryPerson
from verification.models import MonitoringKind, MonitoringMethod
from verification.models.sampling_choices import QUESTIONS
from verification.monitoring.selectors import candidates_to_interview
from verification.monitoring.services import Agreed, MonitoringSaid, RecordedPoint, monitoring_sign
from verification.monitoring.wordings import ASPECTS

# Between the sampling and the visit, so that the chain of the centre tells its events in their order.
SIGNED = tuple(datetime.timedelta(minutes=4, seconds=seconds) for seconds in (50, 40, 30))
A_DAY = datetime.timedelta(days=1)
ANSWERS = (
    "Yes. It stands in the letter I got at the start, and I would go to Marva.",
    "We made a plan in the first week, and changed it when my shifts did.",
    "After every visit, in writing. It tells me what to do next.",
    "Yes, all of it.",
    "My supervisor gives me an hour on Fridays.",
)


def monitoring_tell(centre: Centre, people: Mapping[StoryPerson, User], now: datetime.datetime) -> None:
    """Let Joycelyn sign what she did in the last weeks."""
    today, joycelyn = centre.today, people[stories.JOYCELYN]
    desmond, helen = people[stories.DESMOND], people[stories.HELEN]
    said = [
        MonitoringSaid(
            kind=MonitoringKind.MEETING,
            day=today - 5 * A_DAY,
            method=MonitoringMethod.IN_PERSON,
            place="Room 2, Pelican Reach",
            present=[desmond, helen],
            others="Rita Sealy, Coral Strand Hotel",
            points=[
                RecordedPoint(
                    asked="B10, 1.2: a desk log of one morning",
                    said="Desmond: in part, it is one occasion. Helen: met. Joycelyn: in part.",
                )
            ],
            words="“Consistently” wants three occasions at least, on different days.",
            actions=[Agreed(text="Bring one judged log of each candidate.", owner=helen, due=today + 60 * A_DAY)],
        ),
        MonitoringSaid(
            kind=MonitoringKind.OBSERVATION,
            day=today - 9 * A_DAY,
            method=MonitoringMethod.IN_PERSON,
            place="The helpline",
            assessor=helen,
            occasion="Listened in with a candidate for an hour, then gave feedback",
            points=[
                RecordedPoint(asked=aspect, said="Two questions had their answer in them." if place == 2 else "")
                for place, aspect in enumerate(ASPECTS)
            ],
            words="The candidate was at ease, and knew what came next. Let the silence after a question work for you.",
            actions=[Agreed(text="Watch Desmond question a candidate.", owner=helen, due=today + 30 * A_DAY)],
        ),
    ]
    portfolio = candidates_to_interview(joycelyn, centre).first()
    if portfolio:
        said.append(
            MonitoringSaid(
                kind=MonitoringKind.INTERVIEW,
                day=today - 12 * A_DAY,
                method=MonitoringMethod.TELEPHONE,
                registration=portfolio,
                points=[
                    RecordedPoint(asked=asked, said=answer) for asked, answer in zip(QUESTIONS, ANSWERS, strict=False)
                ],
                words="Nothing to follow up.",
            )
        )
    for one, earlier in zip(said, SIGNED, strict=False):
        with told_at(now - earlier):
            monitoring_sign(centre=centre, actor=joycelyn, password=DEMO_PASSWORD, form_key=uuid.uuid4(), said=one)
