"""What may follow what in the life of a unit, and which evidence a unit takes. Pure: plain values only."""

from collections.abc import Collection

from portfolio.models.registrations import State
from record.errors import InvalidTransition
from standards.models import Criterion
from standards.vocabulary import Setting

# From docs/contributors/domain.md, "The life of a unit in a portfolio".
TRANSITIONS: dict[State, frozenset[State]] = {
    State.COLLECTING: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.COLLECTING, State.ASSESSED}),
    State.ASSESSED: frozenset({State.SUBMITTED, State.VERIFIED}),
    State.VERIFIED: frozenset(),  # a reopening closes the version and begins another
}


def require_transition(state: State, new: State) -> None:
    """Raise InvalidTransition, with a sentence, unless `new` may follow `state`."""
    if new not in TRANSITIONS[state]:
        raise InvalidTransition(f"This unit is {state.label.lower()} now, so that cannot be done. Nothing was changed.")


def why_unit_stays(*, code: str, state: State, version: int, is_mandatory: bool) -> str | None:
    """Say why a unit cannot be set aside, or None where it can.

    Only what is collected can: a signature is not laid away, and a unit that was verified once is finished.
    """
    if is_mandatory:
        return f"{code} is mandatory, so it cannot be set aside."
    if version > 1:
        return f"{code} was verified before, so it cannot be set aside. Finish it again."
    if state == State.VERIFIED:
        return f"{code} is verified. It stays in the portfolio: more units than needed are no fault."
    if state != State.COLLECTING:
        return f"{code} is {state.label.lower()} now. It can be set aside once it was returned to the candidate."
    return None


def setting_bars_claim(*, kind: str, setting: str, permitted: Collection[Setting], unit: str) -> str | None:
    """Say why a unit does not take a claim from evidence of this setting, or None where it does.

    Settings gate what shows the doing: performance criteria, and the range items and evidence
    requirements that describe it. Knowledge may be shown anywhere. An empty `permitted` means that
    the unit says nothing (B10's evidence requirement 1 permits a real job only).
    """
    if kind == Criterion.Kind.KNOWLEDGE or not permitted or setting in permitted:
        return None
    takes = " or ".join(code.label.lower() for code in permitted)
    marked = Setting(setting).label.lower()
    return f"{unit} takes evidence of this from a {takes} only; this piece is marked “{marked}”."
