"""A site from nothing, as in production, in this process: its database, its people and its bulk of data.

Ann assesses, Ivy verifies and Cora coordinates 33 candidates on unit B10. Pat collects, Quinn has submitted
and Rae is signed off, each with 30 pieces and a quarter of the grid of 30 × 30 claimed; each of the others has
one piece that claims the whole unit, and they stand in every state. Vera collects 40 pieces for the unit with
the most criteria, cvq:U00306, a quarter of its grid claimed.
"""

import datetime
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from assessments.services.signing import unit_sign_off, unit_submit
from centres.models import Centre, Role, User
from centres.services.people import centre_create, person_add
from portfolio.models import (
    CandidateUnit,
    Capacity,
    Evidence,
    EvidenceFile,
    State,
    StoredFile,
    UnitVersion,
)
from portfolio.services.files import bytes_store
from portfolio.services.registrations import allocate, registration_create
from standards.models import UnitRevision
from standards.selectors import latest_revision, unit_by_address
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, join, judge_in_bulk, seen, with_password

PIECES = 30
LARGEST_PIECES = 40  # in the unit with the most criteria
OTHERS = 30
QUARTER = 4  # of the criteria, one in four is claimed from each piece
STATES = (State.COLLECTING, State.SUBMITTED, State.ASSESSED, State.VERIFIED)


@dataclass
class Site:
    """Who and what is there, by first name: people with their sessions' cookies, and the units with 30 pieces."""

    centre: Centre
    people: dict[str, User]
    cookies: dict[str, str]
    units: dict[str, CandidateUnit]

    def named(self, name: str, *wanted: str) -> dict[str, Any]:
        """What an address in a person's portfolio names, by the names that it has in the routes."""
        unit = self.units[name]
        known = {
            "centre": self.centre.uuid,
            "portfolio": unit.registration.uuid,
            "unit": unit.uuid,
            "evidence": unit.registration.evidence.earliest("number").uuid,
            "framework": unit.revision.unit.framework.code,
            "code": unit.revision.unit.code,
            "criterion": "performance-1",
        }
        return {one: known[one] for one in wanted}


@contextmanager
def started() -> Iterator[Site]:
    """Make the site in the fresh place that `tests.environment` has prepared. Nothing is written to the terminal."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - it is no file
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(nowhere)  # the lines of the log are made all the same, as in production
        with redirect_stdout(nowhere):
            call_command("prepare", verbosity=0)
        with transaction.atomic():
            site = populated()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # PostgreSQL does so by itself within a minute
        connection.close()
        yield site


def populated() -> Site:
    """Make the centre and all that is in it."""
    revision = latest_revision(unit_by_address("nvq:B10"))
    assert revision is not None  # noqa: S101 - `prepare` publishes it
    founder = centre_create(
        name="Harbour College",
        number="90210",
        time_zone="Europe/London",
        coordinator_name="Cora Coordinator",
        coordinator_email="cora@harbour.example",
    )
    centre, cora = founder.centre, with_password(founder.user)
    people = {
        "cora": cora,
        "ann": join(centre, cora, "Ann Assessor", "ann@harbour.example", Role.ASSESSOR),
        "ivy": join(centre, cora, "Ivy Verifier", "ivy@harbour.example", Role.INTERNAL_VERIFIER),
    }
    files = [
        bytes_store(centre=centre, content=f"letter {number}".encode(), content_type="text/plain")
        for number in range(PIECES)
    ]
    units = {}
    for name in ("Pat", "Quinn", "Rae"):
        person = join(centre, cora, f"{name} Candidate", f"{name.lower()}@harbour.example", Role.CANDIDATE)
        people[name.lower()] = person
        units[name.lower()] = _full_unit(people, person, revision, files)
    largest = latest_revision(unit_by_address("cvq:U00306"))
    assert largest is not None  # noqa: S101 - `prepare` publishes it
    vera = join(centre, cora, "Vera Candidate", "vera@harbour.example", Role.CANDIDATE)
    people["vera"], units["vera"] = vera, portfolio_unit(people, vera, centre, largest)
    fill(units["vera"], LARGEST_PIECES, files)
    for number in range(OTHERS):
        _other_candidate(people, centre, number, revision)
    _sign(units, people)
    cookies = {name: signed_in(person) for name, person in people.items()}
    return Site(centre=centre, people=people, cookies=cookies, units=units)


def portfolio_unit(people: dict[str, User], candidate: User, centre: Centre, revision: UnitRevision) -> CandidateUnit:
    """Register a candidate on a unit and allocate it to Ann and Ivy."""
    cora = people["cora"]
    registration = registration_create(
        centre=centre, actor=cora, candidate=candidate, number=f"C-{candidate.pk}", revisions=[revision]
    )
    unit = registration.candidate_units.get()
    allocate(unit=unit, actor=cora, user=people["ann"], capacity=Capacity.ASSESSOR)
    allocate(unit=unit, actor=cora, user=people["ivy"], capacity=Capacity.INTERNAL_VERIFIER)
    return unit


def fill(unit: CandidateUnit, pieces: int, files: list[StoredFile]) -> None:
    """Put so many pieces, each with a file, into the portfolio, and claim a quarter of the grid from them."""
    candidate = unit.registration.candidate
    added = [
        add_evidence(
            unit.registration,
            candidate,
            title=f"Complaints log of the counter, week {number + 1}",
            happened_from=datetime.date(2026, 3, 2) + datetime.timedelta(days=number),
        )
        for number in range(pieces)
    ]
    EvidenceFile.objects.bulk_create(
        EvidenceFile(
            version=piece.versions.get(),
            stored_file=files[number % len(files)],
            name=f"Week {number + 1}.txt",
            position=1,
        )
        for number, piece in enumerate(added)
    )
    for shift in range(max(pieces // QUARTER, 1)):  # each turn claims every criterion once, from another piece
        claim_in_bulk(unit, _turned(added, shift))


def _turned(pieces: list[Evidence], shift: int) -> list[Evidence]:
    return pieces[shift:] + pieces[:shift]


def _full_unit(
    people: dict[str, User], candidate: User, revision: UnitRevision, files: list[StoredFile]
) -> CandidateUnit:
    unit = portfolio_unit(people, candidate, files[0].centre, revision)
    fill(unit, PIECES, files)
    return unit


def _other_candidate(people: dict[str, User], centre: Centre, number: int, revision: UnitRevision) -> None:
    membership = person_add(
        centre=centre,
        actor=people["cora"],
        name=f"Candidate {number:02} of the centre",
        email=f"candidate{number}@harbour.example",
        role=Role.CANDIDATE,
    )
    unit = portfolio_unit(people, membership.user, centre, revision)
    claim_in_bulk(unit, [add_evidence(unit.registration, membership.user)])
    reached = STATES[: STATES.index(STATES[number % len(STATES)]) + 1]
    times = {f"{state}_at": timezone.now() for state in reached if state != State.COLLECTING}
    UnitVersion.objects.filter(candidate_unit=unit).update(state=reached[-1], **times)


def _sign(units: dict[str, CandidateUnit], people: dict[str, User]) -> None:
    """Quinn and Rae submit, Ann judges everything and signs Rae's unit off."""
    for name in ("quinn", "rae"):
        unit = units[name]
        unit_submit(unit=unit, actor=people[name], password=PASSWORD, seen=seen(unit))
        judge_in_bulk(unit, people["ann"])
    unit = units["rae"]
    unit_sign_off(unit=unit, actor=people["ann"], password=PASSWORD, seen=seen(unit), comment="Sound work.")


def signed_in(person: User) -> str:
    """Begin a session of the person, as the sign-in page does; return its cookie."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
