"""What may follow what in the life of a unit, when it can be set aside, and which dates make sense. Pure."""

from datetime import date

from portfolio.models.registrations import State
from record.errors import InvalidTransition

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
    """Say why a unit cannot be set aside; None if it can.

    Only a unit that is collecting can: nothing signed is set aside, and a unit that was verified once is finished.
    """
    if is_mandatory:
        return f"{code} is mandatory, so it cannot be set aside."
    if version > 1:
        return f"{code} was verified before, so it cannot be set aside. Finish it again."
    if state == State.VERIFIED:
        return f"{code} is verified. It stays in the portfolio: more units than needed are no fault."
    if state != State.COLLECTING:
        return f"{code} is {state.label.lower()} now. It can be set aside once it was returned."
    return None


FIRST_YEAR = 1900  # of anything that somebody who works today has done


def dates_refused(first: date | None, last: date | None, *, today: date) -> dict[str, str]:
    """Say what is wrong with the first and the last day of an activity, by the piece's field; empty if nothing is.

    A browser's calendar reads "26", typed for the year 2026, as the year 26.
    """
    refused = {}
    for field, day in (("happened_from", first), ("happened_to", last)):
        if day and day.year < FIRST_YEAR:
            refused[field] = (
                f"This is in the year {day.year}. Give the year with all four digits, such as {today.year}."
            )
    if refused:
        return refused
    if first and first > today:
        refused["happened_from"] = "This date is in the future. When did it happen?"
    if last and last > today:
        refused["happened_to"] = "This date is in the future. Say how far you have come."
    elif first and last and last < first:
        refused["happened_to"] = "The last day is before the first. Put one of them right."
    return refused
