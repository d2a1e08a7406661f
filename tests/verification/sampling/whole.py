"""Everything that sampling keeps, made by the services: for tests that change one thing of it."""

import uuid
from datetime import timedelta

from django.utils import timezone

from centres.models import User
from portfolio.models import CandidateUnit
from tests.cast import seen
from tests.verification.sampling.conftest import CHOICES, finding
from verification.models import KeptFigures, SamplingPlan
from verification.sampling.planning import (
    plan_make,
    plan_propose,
    planned_add,
    planned_leave_out,
    planned_move,
    planned_take_up,
)
from verification.sampling.policy import sampling_policy_set
from verification.sampling.services import unit_sample


def sampled(unit: CandidateUnit, verifier: User) -> None:
    """Choose a policy and another, plan the unit, change the plan, and sample it."""
    centre = unit.registration.centre
    for number, share in enumerate((50, 100)):
        shares = {name: getattr(CHOICES, name) for name in CHOICES.__dataclass_fields__} | {
            "interim_share": share,
            "every_months": 12,
            "observations_a_year": 1,
            "candidates_an_interview": 10,
            "meetings_a_year": 2,
            "interview_questions": "Is it your own work?",
        }
        sampling_policy_set(centre=centre, actor=verifier, seen=number, choices=type(CHOICES)(**shares))
    proposal = plan_propose(centre=centre, verifier=verifier)
    assert proposal
    chosen = None
    if proposal.verified:
        chosen = plan_make(centre=centre, actor=verifier, seen=proposal.digest).samples.first()
    else:  # all is verified: the plan of a time before that
        SamplingPlan.objects.create(
            policy=proposal.policy, verifier=verifier, period=proposal.period, considered=1, made_at=timezone.now()
        )
    planned = chosen or planned_add(unit=unit, actor=verifier, reason="Verified before there was a plan.")
    later = planned.due + timedelta(days=3)
    planned_move(planned=planned, actor=verifier, reason="The shop is closed.", due=later)
    planned_leave_out(planned=planned, actor=verifier, reason="Too far away.")
    planned_take_up(planned=planned, actor=verifier, reason="After all.")
    found = finding(unit, exception="The date is missing.", words="Sound but for one date.")
    unit_sample(unit=unit, actor=verifier, seen=seen(unit), form_key=uuid.uuid4(), finding=found)
    for whose in (verifier, None):
        KeptFigures.objects.create(centre=centre, verifier=whose, made_at=timezone.now(), said={})
