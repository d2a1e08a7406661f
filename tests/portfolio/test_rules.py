"""Which state of a unit may follow which, and which evidence a unit takes."""

from itertools import product

import pytest

from portfolio.models import State
from portfolio.rules import require_transition, setting_bars_claim
from record.errors import InvalidTransition
from standards.vocabulary import Setting

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


@pytest.mark.parametrize(
    ("kind", "setting", "permitted", "is_barred"),
    [
        ("performance", "simulation", [Setting.REAL_JOB], True),
        ("range", "simulation", [Setting.REAL_JOB], True),
        ("evidence", "simulation", [Setting.REAL_JOB], True),
        ("knowledge", "simulation", [Setting.REAL_JOB], False),
        ("performance", "real_job", [Setting.REAL_JOB], False),
        ("performance", "work_placement", [Setting.REAL_JOB, Setting.WORK_PLACEMENT], False),
        ("performance", "simulation", [], False),  # the unit says nothing
    ],
)
def test_a_setting_bars_what_shows_the_doing_where_the_unit_permits_others(kind, setting, permitted, is_barred):
    reason = setting_bars_claim(kind=kind, setting=setting, permitted=permitted, unit="B10")
    assert (reason is not None) == is_barred
    if reason:
        assert reason.startswith("B10 takes evidence of this from a real job")
        assert "marked “simulation”" in reason
