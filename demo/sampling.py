"""The demo's sampling: how the centre samples, Joycelyn's plan, and two units that she has looked at."""

import datetime
import uuid
from collections.abc import Mapping

from assessments.openings.services import opening_add
from assessments.signing.shown_digest import content_digest
from assessments.standing.unit_record import unit_record
from centres.models import Centre, User
from demo import stories
from demo.clock import told_at
from demo.stories import StoryPerson
from portfolio.models import CandidateUnit
from verification.models import PlannedSample
from verification.models.sampling_choices import TESTS
from verification.sampling.planning import plan_make, plan_propose
from verification.sampling.policy import SUGGESTED, sampling_policy_set
from verification.sampling.services import SamplingFinding, unit_sample

# After the last step of every story, so that each chain tells its events in their order.
POLICY, PLAN, FIRST_SAMPLE, SECOND_SAMPLE = (datetime.timedelta(minutes=minutes) for minutes in (8, 7, 6, 5))
WORDS = ("The log and what Desmond saw agree. Sound judgements.", "")


def sampling_tell(centre: Centre, people: Mapping[StoryPerson, User], now: datetime.datetime) -> None:
    """Let the centre sample as is suggested, Joycelyn plan by it, and look at the first two units of her plan."""
    verifier = people[stories.JOYCELYN]
    with told_at(now - POLICY):
        sampling_policy_set(centre=centre, actor=people[stories.MARVA], seen=0, choices=SUGGESTED)
    with told_at(now - PLAN):
        proposal = plan_propose(centre=centre, verifier=verifier)
        if proposal is None or not proposal.verified:
            return  # no story was told
        plan = plan_make(centre=centre, actor=verifier, seen=proposal.digest)
    for planned, earlier, words in zip(_planned(plan.pk), (FIRST_SAMPLE, SECOND_SAMPLE), WORDS, strict=False):
        with told_at(now - earlier):
            _sample(planned, verifier, words)


def _planned(plan: int) -> list[CandidateUnit]:
    """The units of the plan, what was signed off first."""
    rows = PlannedSample.objects.filter(plan=plan).order_by("-stage", "pk")
    related = ("registration__centre", "registration__candidate", "registration__chain", "revision")
    units = CandidateUnit.objects.select_related(*related).in_bulk(
        list(rows.values_list("unit_version__candidate_unit", flat=True))
    )
    return [units[pk] for pk in rows.values_list("unit_version__candidate_unit", flat=True)]


def _sample(unit: CandidateUnit, verifier: User, words: str) -> None:
    """Open the first piece, and agree on its claims."""
    piece = unit_record(unit).evidence[0]
    places: list[int | None] = [file.position for file in piece.files]
    for position in places or [None]:
        opening_add(version=piece.version, actor=verifier, position=position)
    finding = SamplingFinding(
        looked_at={claim.claim.uuid: "" for claim in piece.claims},
        tests=dict.fromkeys(TESTS, True),
        agrees=True,
        words=words,
    )
    unit_sample(unit=unit, actor=verifier, seen=content_digest(unit), form_key=uuid.uuid4(), finding=finding)
