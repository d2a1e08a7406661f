"""What apps above have found in a unit, as the words that an action begins with: a sampling that disagreed.

The pages "return" and "ask" begin with them where their address says `from`: they name it, and may be changed.
"""

from collections.abc import Callable
from dataclasses import dataclass

from assessments.models import Origin
from centres.models import User
from portfolio.models import CandidateUnit


@dataclass(frozen=True, kw_only=True)
class Begun:
    """Words for an action to begin with, and where it then comes from. Never for the candidate."""

    words: str
    origin: Origin


Giver = Callable[[CandidateUnit, User], Begun | None]
_givers: dict[str, Giver] = {}


def begin_actions_from(origin: Origin, giver: Giver) -> None:
    """Have this asked where an action is to come from there. Apps above call it when Django starts."""
    _givers[origin.value] = giver


def begun_from(named: str, unit: CandidateUnit, person: User) -> Begun | None:
    """What an action of this person begins with, where the address of a page names its origin; None for no such."""
    giver = _givers.get(named)
    return giver(unit, person) if giver else None
