"""What is pending in a portfolio: what nobody will do once its registration is not active."""

from collections.abc import Callable, Iterable, Iterator

from assessments.models import Action, UnitProgress
from portfolio.models import Registration, State
from portfolio.testimony.selectors import waiting_in
from standards.in_words import counted

Giver = Callable[[Registration], Iterable[str]]
_givers: list[Giver] = []
WAITS = {State.SUBMITTED: "submitted, and not signed off", State.ASSESSED: "signed off, and not countersigned"}


def pending_too(giver: Giver) -> None:
    """Have this say, in sentences, what else is pending in a portfolio. Apps above call it at the start."""
    _givers.append(giver)


def pending_in(registration: Registration) -> list[str]:
    """Say what is pending in the portfolio, a sentence each; empty if nothing is."""
    return [*_own(registration), *(sentence for giver in _givers for sentence in giver(registration))]


def _own(registration: Registration) -> Iterator[str]:
    units = UnitProgress.objects.filter(registration=registration, candidate_unit__set_aside_at=None)
    to_judge = 0
    for code, state, waiting in units.order_by("candidate_unit__revision__unit__code").values_list(
        "candidate_unit__revision__unit__code", "state", "to_judge"
    ):
        to_judge += waiting
        if state in WAITS:
            yield f"{code} is {WAITS[State(state)]}."
    if to_judge:
        yield f"{counted(to_judge, 'claim')} {_wait(to_judge)} for an answer of the assessor."
    if actions := Action.objects.filter(registration=registration, ended_at=None).count():
        yield f"{counted(actions, 'action')} {'is' if actions == 1 else 'are'} open."
    if asked := len(waiting_in([registration.pk])):
        yield f"{counted(asked, 'request')} to a witness {_wait(asked)} for an answer."


def _wait(number: int) -> str:
    return "waits" if number == 1 else "wait"
