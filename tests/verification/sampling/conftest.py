"""What the tests of sampling stand on, besides the cast: Ivy's finding, and a policy."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from assessments.models import Standing
from centres.models import Centre, User
from portfolio.models import CandidateUnit
from tests.cast import seen
from verification.models import SamplingChoices, SamplingPolicy, SamplingRecord
from verification.models.sampling_choices import TESTS
from verification.sampling.policy import policy_of, sampling_policy_set
from verification.sampling.services import SamplingFinding, unit_sample

CHOICES = SamplingChoices(
    summative_share=0, interim_share=0, new_in_full=False, new_months=0, every_months=None, due_days=14
)


def finding(unit: CandidateUnit, claims: int = 2, exception: str = "", **said: Any) -> SamplingFinding:
    """That the first claims were looked at and all holds, or otherwise; the exception is at the first claim."""
    looked = Standing.objects.filter(candidate_unit=unit).order_by("pk").values_list("claim__uuid", flat=True)[:claims]
    found: dict[str, Any] = {"tests": dict.fromkeys(TESTS, True), "agrees": True, "words": ""}
    looked_at = {claim: "" if place else exception for place, claim in enumerate(looked)}
    return SamplingFinding(looked_at=looked_at, **found | said)


@pytest.fixture
def sample(verifier: User) -> Callable[..., SamplingRecord]:
    """Record that Ivy sampled a unit."""

    def act(unit: CandidateUnit, actor: User = verifier, **said: Any) -> SamplingRecord:
        return unit_sample(
            unit=unit, actor=actor, seen=seen(unit), form_key=uuid.uuid4(), finding=finding(unit, **said)
        )

    return act


@pytest.fixture
def choose(verifier: User) -> Callable[..., SamplingPolicy]:
    """Let the centre sample like this; what is not named is not sampled for."""

    def act(centre: Centre, actor: User = verifier, **said: Any) -> SamplingPolicy:
        now = policy_of(centre)
        choices = SamplingChoices(**{name: getattr(CHOICES, name) for name in CHOICES.__dataclass_fields__} | said)
        return sampling_policy_set(centre=centre, actor=actor, seen=now.number if now else 0, choices=choices)

    return act
