"""What may follow what in the life of a unit, and which evidence a unit takes. Pure: plain values only."""

from portfolio.models.registrations import State

# From docs/contributors/domain.md, "The life of a unit in a portfolio".
TRANSITIONS: dict[State, frozenset[State]] = {
    State.COLLECTING: frozenset({State.SUBMITTED}),
    State.SUBMITTED: frozenset({State.COLLECTING, State.ASSESSED}),
    State.ASSESSED: frozenset({State.SUBMITTED, State.VERIFIED}),
    State.VERIFIED: frozenset(),  # a reopening closes the version and begins another
}
