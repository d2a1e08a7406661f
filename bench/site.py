"""A site from nothing, as in production, in this process: its database, its people and its bulk of data.

Ann assesses, Ivy verifies and Cora coordinates 34 candidates on unit B10. Pat collects, Quinn has submitted,
Rae is signed off and Sue is verified, each with 30 pieces and a quarter of the grid of 30 × 30 claimed; each of
the others has one piece that claims the whole unit, and they stand in every state. Vera collects 40 pieces for
the unit with the most criteria, cvq:U00306, a quarter of its grid claimed. Una is registered on a whole award,
of which nobody assesses a unit yet, and claims each of its units from one piece.
"""

import datetime
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from centres.models import Centre, Role, User
from centres.services.people import centre_create, person_add
from portfolio.files.services import bytes_store
from portfolio.models import (
    CandidateUnit,
    Capacity,
    Evidence,
    EvidenceFile,
    State,
    StoredFile,
    UnitVersion,
)
from portfolio.registrations.services import allocate, registration_create
from record.fields import PublicModel
from standards.models import UnitRevision
from standards.selectors import latest_qualifications, latest_revision, unit_by_address
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, join, judge_in_bulk, seen, with_password

PIECES = 30
LARGEST_PIECES = 40  # in the unit with the most criteria
OTHERS = 30
QUARTER = 4  # of the criteria, one in four is claimed from each piece
AWARD = "CCA010-02"
NOBODY = "nobody"  # has not signed in
STATES = (State.COLLECTING, State.SUBMITTED, State.ASSESSED, State.VERIFIED)


Made = TypeVar("Made")


@dataclass
class Site:
    """Who and what is there, by first name: people with their sessions' cookies, and the units with 30 pieces."""

    centre: Centre
    people: dict[str, User]
    cookies: dict[str, str]
    units: dict[str, CandidateUnit]
    visit: PublicModel | None = None  # of an external verifier, where there is one

    def named(self, name: str, *wanted: str) -> dict[str, Any]:
        """What an address in a person's portfolio names, by the names that it has in the routes."""
        unit = self.units[name]
        registration, of_standards = unit.registration, unit.revision.unit
        known: dict[str, Callable[[], tuple[str, Any]]] = {
            "centre": lambda: ("centre", self.centre.uuid),
            "portfolio": lambda: ("portfolio", registration.uuid),
            "unit": lambda: ("unit", unit.uuid),
            "evidence": lambda: ("evidence", registration.evidence.earliest("number").uuid),
            "file": lambda: ("file", EvidenceFile.objects.filter(version__evidence__registration=registration)[0].uuid),
            "membership": lambda: ("membership", registration.candidate.memberships.get().uuid),
            "person": lambda: ("person", self.people["ann"].uuid),
            "kind": lambda: ("kind", "award"),
            "visit": lambda: ("visit", self.visit and self.visit.uuid),
            "framework": lambda: ("framework", of_standards.framework.code),
            "code": lambda: ("code", of_standards.code),
            "number": lambda: ("number", unit.revision.number),
            "award": lambda: ("code", registration.qualification.code if registration.qualification else ""),
            "criterion": lambda: ("criterion", "performance-1"),
        }
        return dict(known[one]() for one in wanted)


@contextmanager
def started(populate: Callable[[], Made]) -> Iterator[Made]:
    """Publish the standards and make a site in the fresh place that `tests.environment` has prepared.

    Nothing is written to the terminal.
    """
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - it is no file
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                handler.setStream(nowhere)  # the lines of the log are made all the same, as in production
        with redirect_stdout(nowhere):
            call_command("prepare", verbosity=0)
        with transaction.atomic():
            site = populate()
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
    files = [bytes_store(centre=centre, content=f"letter {number}".encode()) for number in range(PIECES)]
    units = {}
    for name in ("Pat", "Quinn", "Rae", "Sue"):
        person = join(centre, cora, f"{name} Candidate", f"{name.lower()}@harbour.example", Role.CANDIDATE)
        people[name.lower()] = person
        units[name.lower()] = _full_unit(people, person, revision, files)
    largest = latest_revision(unit_by_address("cvq:U00306"))
    assert largest is not None  # noqa: S101 - `prepare` publishes it
    vera = join(centre, cora, "Vera Candidate", "vera@harbour.example", Role.CANDIDATE)
    people["vera"], units["vera"] = vera, portfolio_unit(people, vera, centre, largest)
    fill(units["vera"], LARGEST_PIECES, files)
    una = join(centre, cora, "Una Candidate", "una@harbour.example", Role.CANDIDATE)
    people["una"], units["una"] = una, _on_an_award(people, una, centre)
    for number in range(OTHERS):
        other_candidate(people, centre, number, revision)
    _sign(units, people)
    cookies = {name: signed_in(person) for name, person in people.items()} | {NOBODY: ""}
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
            content_type="text/plain",
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


def _on_an_award(people: dict[str, User], candidate: User, centre: Centre) -> CandidateUnit:
    """Register a candidate on a qualification; return the first of its units."""
    award = latest_qualifications().get(framework__code="cvq", code=AWARD)
    registration = registration_create(
        centre=centre, actor=people["cora"], candidate=candidate, number="C-award", qualification=award, revisions=[]
    )
    piece = add_evidence(registration, candidate)
    units = list(registration.candidate_units.order_by("pk"))
    for unit in units:
        claim_in_bulk(unit, [piece])
    return units[0]


def other_candidate(people: dict[str, User], centre: Centre, number: int, revision: UnitRevision) -> None:
    """Add a candidate with one piece, which claims the whole unit; the number says in which state that stands."""
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
    """Quinn, Rae and Sue submit, Ann judges everything and signs Rae's and Sue's unit off, Ivy countersigns Sue's."""
    for name in ("quinn", "rae", "sue"):
        unit = units[name]
        unit_submit(unit=unit, actor=people[name], password=PASSWORD, seen=seen(unit))
        judge_in_bulk(unit, people["ann"])
    for name in ("rae", "sue"):
        unit = units[name]
        unit_sign_off(unit=unit, actor=people["ann"], password=PASSWORD, seen=seen(unit), comment="Sound work.")
    unit_countersign(unit=unit, actor=people["ivy"], password=PASSWORD, seen=seen(unit))


def signed_in(person: User) -> str:
    """Begin a session of the person, as the sign-in page does; return its cookie."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
