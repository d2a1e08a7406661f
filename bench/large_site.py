"""A large centre and a tenth of it beside it, made in bulk, so that it stands in seconds: no service is called.

The large one has 2,000 candidates with 6 units each, 30 assessors, 6 internal verifiers and a coordinator. Ann
assesses one candidate in twenty, 600 units; the other assessors and the verifiers have the rest by turns, and one
candidate in fifty has no assessor. Units stand in every state, some for longer than they may. One portfolio in
twenty, half of them Ann's, has evidence, claims, judgements, steps back, and the events that tell of them. The
tenth has 200 candidates and as many people who work on them, so each of them has a tenth to do.

    script/bench large                   homes and lists of the large site beside a tenth of it, on both databases
    script/bench large-home-assessor     one of them; "large-home-assessor (postgresql)" on one database

To look at it in a browser, in a DATA_DIR of its own (and DATABASE_URL, for PostgreSQL), as ann@large.example, cora@,
ivy@ or pat@ with the password of the tests; @tenth.example for the small one:

    export DEMO=0 DATA_DIR=/tmp/large
    .venv/bin/python manage.py prepare
    .venv/bin/python manage.py shell -c "from bench.large_site import large_and_tenth as make; make()"
    .venv/bin/python manage.py runserver
"""

import datetime
import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from assessments.home.report import reports_make
from assessments.models import Judgement, Outcome, Return
from assessments.standing.worked_out import bring_up_to_date
from bench.large_sampling import planned_asked_and_visited
from bench.site import Site, signed_in
from centres.models import ROLES_WITH_AWARD, Centre, Membership, Role, User
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from portfolio.models import (
    Allocation,
    CandidateUnit,
    Capacity,
    Claim,
    Evidence,
    EvidenceVersion,
    Participation,
    Registration,
    State,
    UnitVersion,
)
from record.canonical import canonical
from record.models import Chain, Event, EventPayload
from record.services.events import event_digest, payload_digest
from standards.models import Criterion, UnitRevision
from standards.selectors import latest_revision, latest_revisions, unit_by_address
from tests.cast import PASSWORD

LARGE, TENTH = 2_000, 200  # candidates
UNITS = 6  # of a candidate
ASSESSORS, VERIFIERS = 30, 6
ANNS = 20  # Ann assesses one candidate in so many
NOBODYS = 50  # one in so many has no assessor
PIECES = 10  # of evidence in a portfolio that is full; in every other there is one
UNITS_AT_ONCE = 400
# Where units stand: of twenty so many, in this order.
STATES = [State.COLLECTING] * 12 + [State.SUBMITTED] * 2 + [State.ASSESSED] * 2 + [State.VERIFIED] * 4
MOMENTS = ("submitted_at", "assessed_at", "verified_at")
OUTCOMES = (Outcome.MET, Outcome.MET, Outcome.MET, Outcome.PARTLY, Outcome.NOT_YET, None)  # None: not judged yet


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A candidate with their portfolio; `number` is their place in the centre, from 0."""

    number: int
    user: User
    registration: Registration
    units: tuple[CandidateUnit, ...]

    @property
    def is_anns(self) -> bool:
        """Whether Ann is their assessor."""
        return self.number % ANNS == 0

    @property
    def is_full(self) -> bool:
        """One candidate in twenty: of Ann's every other one, and as many of the rest."""
        return self.number % (2 * ANNS) in {0, 1}

    @property
    def pieces(self) -> int:
        """How many pieces of evidence they have."""
        return PIECES if self.is_full else 1

    def state(self, place: int) -> State:
        """Where a unit stands: all states, for Ann and for each verifier as for everybody."""
        return STATES[(self.number + self.number // ANNS + place * 7) % len(STATES)]


@transaction.atomic
def large_and_tenth() -> tuple[Site, Site]:
    """Make both centres. The standards are published before. Takes about 15 seconds."""
    return centre_with("Harbour College", "large", LARGE), centre_with("Bay College", "tenth", TENTH)


def centre_with(name: str, domain: str, candidates: int) -> Site:
    """Make a centre with so many candidates, whose addresses end with the domain; Ann, Ivy, Cora and Pat sign in."""
    password = make_password(PASSWORD)
    centre = Centre.objects.create(name=name, number="90210", chain=Chain.objects.create())
    [cora] = _people(centre, Role.COORDINATOR, ["Cora Coordinator"], domain, password)
    assessors = _people(centre, Role.ASSESSOR, _named("Ann Assessor", "Assessor", ASSESSORS), domain, password)
    verifiers = _people(centre, Role.INTERNAL_VERIFIER, _named("Ivy Verifier", "Verifier", VERIFIERS), domain, password)
    users = _people(centre, Role.CANDIDATE, _named("Pat Candidate", "Candidate", candidates), domain, password)
    everyone = _portfolios(centre, users)
    _versions(everyone)
    _allocations(everyone, assessors, verifiers)
    _participations((unit, one.user, Capacity.CANDIDATE) for one in everyone for unit in one.units)
    _evidence(everyone, assessors[0], verifiers[0])
    _standings([unit for one in everyone for unit in one.units])
    reports_make()  # as its worker does
    eve = _people(centre, Role.EXTERNAL_VERIFIER, ["Eve Visitor"], domain, password)[0]
    people = {"cora": cora, "ann": assessors[0], "ivy": verifiers[0], "pat": users[0], "eve": eve}
    return Site(
        centre=centre,
        people=people,
        cookies={who: signed_in(person) for who, person in people.items()},
        units={"pat": everyone[0].units[0]},
        visit=planned_asked_and_visited(centre, people, verifiers),
    )


def _named(first: str, others: str, number: int) -> list[str]:
    return [first, *(f"{others} {place:04} of the centre" for place in range(1, number))]


def _people(centre: Centre, role: Role, names: Sequence[str], domain: str, password: str) -> list[User]:
    users = User.objects.bulk_create(
        User(email=f"{_mailbox(name)}@{domain}.example", name=name, password=password) for name in names
    )
    Membership.objects.bulk_create(
        Membership(centre=centre, user=user, role=role, began_at=_ago(days=400)) for user in users
    )
    if role in ROLES_WITH_AWARD:
        StaffRecord.objects.bulk_create(_awards(centre, role, users))
    return users


def _awards(centre: Centre, role: Role, users: Iterable[User]) -> Iterator[StaffRecord]:
    for user in users:
        about: dict[str, Any] = {"centre": centre, "user": user, "author": user, "made_at": _ago(days=400)}
        yield StaffRecord(**about, kind=StaffKind.AWARD, role=role, what="TAQA", since=_ago(days=900).date())
        for days in (20, 200, 300):
            day = _ago(days=days).date()
            yield StaffRecord(**about, kind=StaffKind.DEVELOPMENT, what="Standardisation", since=day, hours=2)


def _mailbox(name: str) -> str:
    first, second, *_ = name.lower().split()
    return f"{first}{second}" if second.isdigit() else first


def _portfolios(centre: Centre, users: Sequence[User]) -> list[Candidate]:
    chains = Chain.objects.bulk_create(Chain() for _ in users)
    registrations = Registration.objects.bulk_create(
        Registration(
            centre=centre,
            candidate=user,
            number=f"C-{number:04}",
            registered_at=_ago(days=40 + number % 300),
            chain=chain,
        )
        for number, (user, chain) in enumerate(zip(users, chains, strict=True))
    )
    revisions = _revisions()
    units = iter(
        CandidateUnit.objects.bulk_create(
            CandidateUnit(registration=one, revision=revision, added_at=one.registered_at)
            for one in registrations
            for revision in revisions
        )
    )
    return [
        Candidate(number=number, user=user, registration=one, units=tuple(next(units) for _ in revisions))
        for number, (user, one) in enumerate(zip(users, registrations, strict=True))
    ]


def _revisions() -> list[UnitRevision]:
    b10 = latest_revision(unit_by_address("nvq:B10"))
    assert b10 is not None  # noqa: S101 - `prepare` publishes it
    others = latest_revisions().filter(unit__framework__code="cvq").order_by("unit__code")
    return [b10, *others[: UNITS - 1]]


def _versions(everyone: Sequence[Candidate]) -> None:
    """Bring each unit where it stands; the steps lie so many days back that some have waited for too long."""
    rows = []
    for one in everyone:
        for place, unit in enumerate(one.units):
            state = one.state(place)
            reached = MOMENTS[: list(State).index(state)]
            waited = 1 + (one.number // 3 + place) % 24
            times = {name: _ago(days=waited + 3 * (len(reached) - step)) for step, name in enumerate(reached, 1)}
            rows.append(UnitVersion(candidate_unit=unit, state=state, opened_at=unit.added_at, **times))
    UnitVersion.objects.bulk_create(rows)


def _allocations(everyone: Sequence[Candidate], assessors: Sequence[User], verifiers: Sequence[User]) -> None:
    ann, *others = assessors
    turn, rows = cycle(others), []
    for one in everyone:
        assessor = ann if one.is_anns else next(turn)
        has_assessor = one.number % NOBODYS != 7
        for unit in one.units:
            working = [(verifiers[one.number % len(verifiers)], Capacity.INTERNAL_VERIFIER)]
            working += [(assessor, Capacity.ASSESSOR)] * has_assessor
            rows += [
                Allocation(candidate_unit=unit, user=user, capacity=capacity, began_at=unit.added_at)
                for user, capacity in working
            ]
    Allocation.objects.bulk_create(rows)


def _participations(taking: Iterable[tuple[CandidateUnit, User, Capacity]]) -> list[Participation]:
    return Participation.objects.bulk_create(
        Participation(candidate_unit=unit, user=user, capacity=capacity) for unit, user, capacity in taking
    )


def _evidence(candidates: Sequence[Candidate], assessor: User, verifier: User) -> None:
    """Pieces that claim every unit: all of it in full portfolios, where what was signed off is judged met."""
    made = Evidence.objects.bulk_create(
        Evidence(registration=one.registration, number=number, author=one.user, added_at=_ago(days=30))
        for one in candidates
        for number in range(1, one.pieces + 1)
    )
    versions = EvidenceVersion.objects.bulk_create(
        EvidenceVersion(
            evidence=piece,
            title=f"Complaints log of the counter, week {piece.number}",
            kind="work_product",
            setting="real_job",
            happened_from=datetime.date(2026, 3, 2),
            location="Filing cabinet 3, customer service desk",
            relevance="Shows how I dealt with complaints",
            author=piece.author,
            made_at=piece.added_at,
        )
        for piece in made
    )
    own = {part.candidate_unit_id: part for part in Participation.objects.filter(capacity=Capacity.CANDIDATE)}
    units = [unit for one in candidates if one.is_full for unit in one.units]
    assessing = {
        part.candidate_unit_id: part for part in _participations((u, assessor, Capacity.ASSESSOR) for u in units)
    }
    verifying = {
        part.candidate_unit_id: part
        for part in _participations((u, verifier, Capacity.INTERNAL_VERIFIER) for u in units)
    }
    claims = Claim.objects.bulk_create(_claims(candidates, made, own))
    states = {unit.pk: one.state(place) for one in candidates for place, unit in enumerate(one.units)}
    version_of = {version.evidence_id: version for version in versions}
    judgements = Judgement.objects.bulk_create(
        Judgement(
            claim=claim,
            evidence_version=version_of[claim.evidence_id],
            author=assessing[claim.candidate_unit_id],
            outcome=outcome,
            reason="One more occasion, please." if outcome == Outcome.NOT_YET else "",
            made_at=_ago(days=10),
        )
        for number, claim in enumerate(claims)
        if claim.candidate_unit_id in assessing and (outcome := _outcome(states[claim.candidate_unit_id], number))
    )
    _returns(units, assessing, verifying)
    _events(candidates, made, claims, judgements)


def _claims(
    candidates: Sequence[Candidate], made: Sequence[Evidence], own: dict[int, Participation]
) -> Iterator[Claim]:
    pieces = iter(made)
    criteria: dict[int, list[Criterion]] = {}
    for one in candidates:
        of_it = [next(pieces) for _ in range(one.pieces)]
        for unit in one.units:
            if unit.revision_id not in criteria:
                criteria[unit.revision_id] = list(unit.revision.criteria.filter(is_tickable=True, same_as=None))
            claimed = criteria[unit.revision_id] if one.is_full else criteria[unit.revision_id][:1]
            for place, criterion in enumerate(claimed):
                yield Claim(
                    candidate_unit=unit,
                    evidence=of_it[place % len(of_it)],
                    criterion=criterion,
                    author=own[unit.pk],
                    where=f"page {place + 1}",
                    made_at=_ago(days=25 - one.number % 20),
                )


def _outcome(state: State, number: int) -> Outcome | None:
    if state in {State.ASSESSED, State.VERIFIED}:
        return Outcome.MET
    return OUTCOMES[number % len(OUTCOMES)]


def _standings(units: Sequence[CandidateUnit]) -> None:
    """Work out how all of it stands, some hundreds of units at a time."""
    for first in range(0, len(units), UNITS_AT_ONCE):
        bring_up_to_date(units[first : first + UNITS_AT_ONCE])


def _returns(units: Sequence[CandidateUnit], assessing: dict, verifying: dict) -> None:
    """Of what is collected for every fifth unit was returned by its assessor, of what is submitted by its verifier."""
    standing = UnitVersion.objects.filter(candidate_unit__in=units, state__in=[State.COLLECTING, State.SUBMITTED])
    Return.objects.bulk_create(
        Return(
            unit_version=version,
            kind=Return.Kind.RETURNED,
            from_state=State.SUBMITTED if version.state == State.COLLECTING else State.ASSESSED,
            author=(assessing if version.state == State.COLLECTING else verifying)[version.candidate_unit_id],
            reason="Please say where in the log to look.",
            made_at=_ago(days=9),
        )
        for version in standing.order_by("pk")[::5]
    )


def _events(
    candidates: Sequence[Candidate], made: Sequence[Evidence], claims: Sequence[Claim], judgements: Sequence[Judgement]
) -> None:
    """Tell of each piece, claim and judgement in the chain of its portfolio, as whole chains."""
    chains = {one.registration.pk: one.registration.chain for one in candidates}
    portfolio_of = {unit.pk: one.registration.pk for one in candidates for unit in one.units}
    told: dict[int, list[tuple[str, uuid.UUID, dict[str, Any]]]] = {pk: [] for pk in chains}
    for piece in made:
        body = {"evidence": str(piece.uuid), "number": piece.number}
        told[piece.registration_id].append(("evidence.added", piece.author.uuid, body))
    for claim in claims:
        body = {"claim": str(claim.uuid), "unit": str(claim.candidate_unit.uuid), "where": claim.where}
        told[portfolio_of[claim.candidate_unit_id]].append(("claim.made", claim.author.user.uuid, body))
    for judgement in judgements:
        body = {"judgement": str(judgement.uuid), "claim": str(judgement.claim.uuid), "outcome": judgement.outcome}
        told[portfolio_of[judgement.claim.candidate_unit_id]].append(("claim.judged", judgement.author.user.uuid, body))
    events, payloads = [], []
    for pk, chain in chains.items():
        for kind, actor, particulars in told[pk]:
            salt, body_text = secrets.token_hex(32), canonical(particulars).decode()
            event = Event(
                chain=chain,
                sequence=chain.length + 1,
                kind=kind,
                actor=actor,
                happened_at=_ago(days=8),
                payload_digest=payload_digest(salt, body_text),
                previous=chain.head,
            )
            event.digest = event_digest(event, chain)
            chain.length, chain.head = event.sequence, event.digest
            events.append(event)
            payloads.append(EventPayload(event=event, salt=salt, body=body_text))
    Event.objects.bulk_create(events)
    EventPayload.objects.bulk_create(payloads)
    Chain.objects.bulk_update(chains.values(), ["length", "head"])


def _ago(*, days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)
