"""A coordinator chooses something in the policy of the centre, as on its page."""

from dataclasses import replace
from typing import Any

from centres.models import Centre, CentrePolicy, User
from centres.policy.selectors import policy_of
from centres.policy.services import policy_set


def choose(centre: Centre, actor: User, **changed: Any) -> CentrePolicy:
    """Set the policy to what it is now, save for what is given."""
    now = policy_of(centre)
    return policy_set(centre=centre, actor=actor, seen=now.number, choices=replace(now.choices, **changed))
