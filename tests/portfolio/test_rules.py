"""Which state of a unit may follow which."""

from itertools import product

import pytest

from portfolio.models import State
from portfolio.rules import require_transition
from record.errors import InvalidTransition

# From docs/contributors/domain.md. A verified unit goes no further: a reopening begins another version.
FOLLOWS = {
    ("collecting", "submitted"),
    ("submitted", "collecting"),
    ("submitted", "assessed"),
    ("assessed", "submitted"),
    ("assessed", "verified"),
}


@pytest.mark.parametrize(("state", "new"), list(product(State, State)))
def test_a_unit_moves_one_step_at_a_time_and_never_on_from_verified(state, new):
    if (state.value, new.value) in FOLLOWS:
        require_transition(state, new)
    else:
        with pytest.raises(InvalidTransition, match=f"This unit is {state.value} now"):
            require_transition(state, new)
