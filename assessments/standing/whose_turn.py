"""The state of units and whose turn it is: what `UnitProgress` keeps besides how far they have come."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from assessments.models import Signature, Turn
from portfolio.models import CONFLICTING, CandidateUnit, Capacity, State


class UnitPlace(NamedTuple):
    """The state of one unit and whose turn it is; people, portfolio and centre are primary keys. See `UnitProgress`."""

    registration: int
    centre: int
    state: str
    since: datetime
    turn: Turn
    assessor: int | None
    verifier: int | None
    sent_back_by: int | None
    unconfirmed_of: int | None


# One row a unit. Written out, like when something last happened: it is asked after every press. Since when a unit
# stands as it does is the last of three moments: it moved on, it came back, its last signature was confirmed.
PLACED = """SELECT unit.id, portfolio.id, portfolio.centre_id, passed.state,
    COALESCE(passed.verified_at, passed.assessed_at, passed.submitted_at, passed.opened_at),
    (SELECT MAX(step.made_at) FROM assessments_return step WHERE step.unit_version_id = passed.id),
    (SELECT MAX(given.signed_at) FROM assessments_signature given
        WHERE given.unit_version_id = passed.id AND given.superseded_at IS NULL),
    unit.set_aside_at IS NOT NULL, assessing.user_id, verifying.user_id, verified.capacity,
    (SELECT author.user_id FROM portfolio_unitversion went
        JOIN assessments_return step ON step.unit_version_id = went.id
        JOIN portfolio_participation author ON author.id = step.author_id
        WHERE went.candidate_unit_id = unit.id AND author.capacity = 'internal_verifier'
        ORDER BY step.id DESC LIMIT 1),
    EXISTS (SELECT 1 FROM portfolio_registrationstanding stands WHERE stands.registration_id = portfolio.id
        AND stands.ended_at IS NULL AND stands.state <> 'active'),
    EXISTS (SELECT 1 FROM portfolio_interest declared WHERE declared.registration_id = portfolio.id
        AND declared.person_id = verifying.user_id AND declared.withdrawn_at IS NULL
        AND declared.kind IN ({conflicting}))
    FROM portfolio_candidateunit unit
    JOIN portfolio_registration portfolio ON portfolio.id = unit.registration_id
    JOIN portfolio_unitversion passed ON passed.candidate_unit_id = unit.id AND passed.closed_at IS NULL
    LEFT JOIN portfolio_allocation assessing ON assessing.candidate_unit_id = unit.id
        AND assessing.ended_at IS NULL AND assessing.capacity = 'assessor' AND assessing.leads
    LEFT JOIN portfolio_allocation verifying ON verifying.candidate_unit_id = unit.id
        AND verifying.ended_at IS NULL AND verifying.capacity = 'internal_verifier' AND verifying.leads
    LEFT JOIN portfolio_participation verified ON verified.candidate_unit_id = unit.id
        AND verified.user_id = verifying.user_id
    WHERE unit.id IN ({units})"""

CONFLICTS = ", ".join(f"'{kind.value}'" for kind in CONFLICTING)


def placed(units: Sequence[CandidateUnit]) -> dict[int, UnitPlace]:
    """Return the place of each of these units, by primary key; one query, one more if any is signed off."""
    if not units:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(PLACED.format(units=", ".join(str(int(unit.pk)) for unit in units), conflicting=CONFLICTS))
        rows = cursor.fetchall()
    signed = [unit for unit, _, _, state, *_ in rows if state in {State.ASSESSED, State.VERIFIED}]
    unconfirmed = Signature.objects.unconfirmed().filter(unit_version__candidate_unit__in=signed)
    given_by = dict(unconfirmed.values_list("unit_version__candidate_unit", "signer__user")) if signed else {}
    return {row[0]: _place(row[1:], given_by.get(row[0])) for row in rows}


def _place(row: Sequence[Any], unconfirmed_of: int | None) -> UnitPlace:
    registration, centre, state, *moments, is_aside, assessor, verifier = row[:-4]
    took_part_as, sent_back_by, rests, interest = row[-4:]
    since = max(moment(at) for at in moments if at)
    turn = turn_of(
        State(state),
        is_aside=bool(is_aside),
        rests=bool(rests),
        has_assessor=assessor is not None,
        has_verifier=verifier is not None,
        is_unconfirmed=unconfirmed_of is not None,
        # As `portfolio.conflicts.is_kept_out` has it.
        is_kept_out=bool(interest) or took_part_as not in {None, Capacity.INTERNAL_VERIFIER},
    )
    is_out = state in {State.COLLECTING, State.SUBMITTED}
    sent_back_by = sent_back_by if is_out else None
    return UnitPlace(registration, centre, state, since, turn, assessor, verifier, sent_back_by, unconfirmed_of)


def turn_of(
    state: State,
    *,
    is_aside: bool,
    rests: bool,
    has_assessor: bool,
    has_verifier: bool,
    is_kept_out: bool,
    is_unconfirmed: bool,
) -> Turn:
    """Say whose turn it is. Without an assessor it is nobody's, nor without a verifier once the unit is assessed.

    Nothing waits in a unit that is set aside, nor while the registration is not active (`rests`).
    A signature that needs a confirmation holds up whatever comes next, and an unconfirmed unit is not finished.
    """
    if is_aside or rests:
        return Turn.ASIDE if is_aside else Turn.RESTS
    if state == State.VERIFIED and not is_unconfirmed:
        return Turn.DONE
    if not (has_verifier if state in {State.ASSESSED, State.VERIFIED} else has_assessor):
        return Turn.NOBODY
    if is_kept_out:
        return Turn.KEPT_OUT
    if is_unconfirmed:
        return Turn.UNCONFIRMED
    return {State.COLLECTING: Turn.CANDIDATE, State.SUBMITTED: Turn.ASSESSOR, State.ASSESSED: Turn.VERIFIER}[state]


def moment(at: Any) -> datetime:
    """Return a moment as a datetime, as PostgreSQL gives it; SQLite gives text."""
    return at if isinstance(at, datetime) else datetime.fromisoformat(at).replace(tzinfo=UTC)
