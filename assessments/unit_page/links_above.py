"""What apps above offer on the page of a unit to somebody who has no part in it, such as who visits the centre."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from centres.models import User
from portfolio.models import CandidateUnit


@dataclass(frozen=True, kw_only=True)
class LinkAbove:
    """A button of the page, and what was done by it already, in a sentence; the first time it is what to do next."""

    url: str
    words: str
    done: str = ""


Giver = Callable[[CandidateUnit, User], Iterable[LinkAbove]]
_givers: list[Giver] = []


def link_on_unit_page(giver: Giver) -> None:
    """Have this asked whenever the page is shown to who has no part in the unit. Apps above call it at the start."""
    _givers.append(giver)


def links_on(unit: CandidateUnit, person: User) -> list[LinkAbove]:
    """Return what is offered to the person on the page of the unit."""
    return [link for giver in _givers for link in giver(unit, person)]
