"""What apps above know of a unit that is about to be countersigned, such as whether it was sampled."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portfolio.models import CandidateUnit


@dataclass(frozen=True, kw_only=True)
class Known:
    """A sentence for who countersigns, and where they find more."""

    sentence: str
    url: str = ""
    action: str = ""
    is_warning: bool = False


Teller = Callable[[CandidateUnit], Iterable[Known]]
_tellers: list[Teller] = []


def tell_before_countersigning(teller: Teller) -> None:
    """Have this asked whenever the page of a countersignature is shown. Apps above call it when Django starts."""
    _tellers.append(teller)


Holder = Callable[[CandidateUnit], str]
_holders: list[Holder] = []


def hold_countersigning(holder: Holder) -> None:
    """Have this say, before a countersignature, why the unit cannot have one yet; "" if it can. As the tellers."""
    _holders.append(holder)


def why_held(unit: CandidateUnit) -> str:
    """Return why apps above hold up the countersignature of the unit; "" if they do not."""
    return next(filter(None, (holder(unit) for holder in _holders)), "")


def known_of(unit: CandidateUnit) -> list[Known]:
    """Return what is known of the unit."""
    return [known for teller in _tellers for known in teller(unit)]
