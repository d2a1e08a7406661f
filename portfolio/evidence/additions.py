"""What apps above know of a piece, and its page says: they give it here when Django starts."""

from collections.abc import Callable
from dataclasses import dataclass

from centres.models import User
from portfolio.models import Evidence


@dataclass(frozen=True, kw_only=True)
class Addition:
    """A sentence about a piece, what somebody said of it, and links with their words; the first may be `asked` for.

    What cannot be said in a sentence is in `template`, which takes `about`.
    """

    sentence: str
    quote: str = ""
    links: tuple[tuple[str, str], ...] = ()
    asked: bool = False
    template: str = ""
    about: object = None


AdditionGiver = Callable[[Evidence, User], list[Addition]]
_givers: list[AdditionGiver] = []


def additions_from(giver: AdditionGiver) -> None:
    """Have the page of each piece ask `giver` what it says to a person."""
    if giver not in _givers:
        _givers.append(giver)


def additions_on(evidence: Evidence, person: User) -> list[Addition]:
    """What the page of the piece says to this person."""
    return [addition for giver in _givers for addition in giver(evidence, person)]
