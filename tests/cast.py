"""The fixed cast of the tests: one centre, its people, and a portfolio with unit B10 in every state.

Pat is the candidate, Ann assesses, Ivy verifies, Cora coordinates; Olga belongs to another centre.
Claims and judgements that a test does not look at are made in bulk, past the rules. The fixtures make one thing each
from those before; `STEPS` makes the same once a process (`tests/snapshots.py`).
"""

import datetime
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from assessments.cells.changes import CellChange, ChangedCell, cells_change
from assessments.cells.judgements import judgements_record
from assessments.models import AssessorStatement, Judgement, Outcome
from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from assessments.signing.shown_digest import content_digest
from assessments.standing.unit_record import claims_in, unit_record
from centres.models import ROLES_WITH_AWARD, Centre, Membership, Role, User
from centres.services.people import centre_create, person_add
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from centres.staff.services import StaffDetails, staff_record_add, staff_record_end
from portfolio.evidence.services import EvidenceDetails, evidence_add
from portfolio.models import CandidateUnit, Capacity, Claim, Evidence, Participation, Registration
from portfolio.registrations.services import allocate, registration_create
from portfolio.services.claims import claims_record
from portfolio.services.participations import participate
from record.services.events import Happening, events_add
from standards.models import Criterion, UnitRevision
from standards.published import published_content
from standards.selectors import latest_revision, unit_by_address

PASSWORD = "correct horse battery"

Cast = dict[str, Any]  # what fixtures give, by their names


@dataclass(frozen=True)
class Step:
    """A step of the cast, named for its last fixture: makes fixtures from those of all steps before."""

    name: str
    make: Callable[[Cast], Cast]


def make_b10() -> UnitRevision:
    """Publish nvq:B10 where it is not."""
    if not UnitRevision.objects.filter(unit__framework__code="nvq").exists():
        call_command("sync_standards", "--framework", "nvq", verbosity=0)
    revision = latest_revision(unit_by_address("nvq:B10"))
    assert revision is not None
    return revision


def make_coordinator() -> User:
    """Make the centre and Cora."""
    membership = centre_create(
        name="Harbour College",
        number="90210",
        time_zone="Europe/London",
        coordinator_name="Cora Coordinator",
        coordinator_email="cora@harbour.example",
    )
    return with_password(membership.user)


def make_registration(centre: Centre, coordinator: User, candidate: User, b10: UnitRevision) -> Registration:
    """Register Pat on B10."""
    return registration_create(centre=centre, actor=coordinator, candidate=candidate, number="C-1001", revisions=[b10])


def make_unit(registration: Registration, coordinator: User, assessor: User, verifier: User) -> CandidateUnit:
    """Allocate Pat's B10 to Ann and Ivy."""
    unit = registration.candidate_units.get()
    allocate(unit=unit, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    allocate(unit=unit, actor=coordinator, user=verifier, capacity=Capacity.INTERNAL_VERIFIER)
    return unit


def make_submitted(unit: CandidateUnit, candidate: User) -> CandidateUnit:
    """Sign the candidate's declaration."""
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    return unit


def make_assessed(unit: CandidateUnit, assessor: User) -> CandidateUnit:
    """Sign the unit off."""
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit), comment="Sound work.")
    return unit


def make_verified(unit: CandidateUnit, verifier: User) -> CandidateUnit:
    """Countersign the unit."""
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    return unit


PAT = ("Pat Candidate", "pat@harbour.example", Role.CANDIDATE)
ANN = ("Ann Assessor", "ann@harbour.example", Role.ASSESSOR)
IVY = ("Ivy Verifier", "ivy@harbour.example", Role.INTERNAL_VERIFIER)


def _joined(name: str, who: tuple[str, str, Role]) -> Callable[[Cast], Cast]:
    return lambda cast: {name: join(cast["centre"], cast["coordinator"], *who)}


def _registered(cast: Cast) -> Cast:
    made = make_registration(cast["centre"], cast["coordinator"], cast["candidate"], cast["b10"])
    return {"registration": made}


def _allocated(cast: Cast) -> Cast:
    return {"unit": make_unit(cast["registration"], cast["coordinator"], cast["assessor"], cast["verifier"])}


def _claimed(cast: Cast) -> Cast:
    claim_in_bulk(cast["unit"], [cast["evidence"]])
    return {"claimed_unit": cast["unit"]}


def _judged(cast: Cast) -> Cast:
    judge_in_bulk(cast["unit"], cast["assessor"])
    return {"judged_unit": cast["unit"]}


STEPS = (
    Step("b10", lambda _: {"b10": make_b10()}),
    Step("coordinator", lambda _: {"coordinator": make_coordinator()}),
    Step("centre", lambda cast: {"centre": Centre.objects.get(memberships__user=cast["coordinator"])}),
    Step("candidate", _joined("candidate", PAT)),
    Step("assessor", _joined("assessor", ANN)),
    Step("verifier", _joined("verifier", IVY)),
    Step("registration", _registered),
    Step("unit", _allocated),
    Step("evidence", lambda cast: {"evidence": add_evidence(cast["registration"], cast["candidate"])}),
    Step("claimed_unit", _claimed),
    Step("submitted_unit", lambda cast: {"submitted_unit": make_submitted(cast["unit"], cast["candidate"])}),
    Step("judged_unit", _judged),
    Step("assessed_unit", lambda cast: {"assessed_unit": make_assessed(cast["unit"], cast["assessor"])}),
    Step("verified_unit", lambda cast: {"verified_unit": make_verified(cast["unit"], cast["verifier"])}),
)


@pytest.fixture
def b10(db: None) -> UnitRevision:
    """The published wording of nvq:B10."""
    return make_b10()


@pytest.fixture
def coordinator(db: None) -> User:
    """Cora, who coordinates the centre; `centre` is hers."""
    return make_coordinator()


@pytest.fixture
def centre(coordinator: User) -> Centre:
    return Centre.objects.get(memberships__user=coordinator)


@pytest.fixture
def candidate(centre: Centre, coordinator: User) -> User:
    return join(centre, coordinator, *PAT)


@pytest.fixture
def assessor(centre: Centre, coordinator: User) -> User:
    return join(centre, coordinator, *ANN)


@pytest.fixture
def verifier(centre: Centre, coordinator: User) -> User:
    return join(centre, coordinator, *IVY)


@pytest.fixture
def outsider(db: None) -> User:
    """Olga holds every role in another centre, and none here."""
    membership = centre_create(
        name="Elsewhere Institute",
        number="",
        time_zone="Europe/London",
        coordinator_name="Olga Outsider",
        coordinator_email="olga@elsewhere.example",
    )
    olga = with_password(membership.user)
    for role in (Role.CANDIDATE, Role.ASSESSOR, Role.INTERNAL_VERIFIER):
        person_add(centre=membership.centre, actor=olga, name=olga.name, email=olga.email, role=role)
    return olga


@pytest.fixture
def registration(centre: Centre, coordinator: User, candidate: User, b10: UnitRevision) -> Registration:
    """Pat's portfolio, with B10 in it."""
    return make_registration(centre, coordinator, candidate, b10)


@pytest.fixture
def unit(registration: Registration, coordinator: User, assessor: User, verifier: User) -> CandidateUnit:
    """Pat's B10, allocated to Ann and Ivy; nothing is collected yet."""
    return make_unit(registration, coordinator, assessor, verifier)


@pytest.fixture
def evidence(unit: CandidateUnit, candidate: User) -> Evidence:
    """Evidence 1: a piece from Pat's real job, held at the workplace."""
    return add_evidence(unit.registration, candidate)


@pytest.fixture
def claimed_unit(unit: CandidateUnit, evidence: Evidence) -> CandidateUnit:
    """Evidence 1 claims all of B10."""
    claim_in_bulk(unit, [evidence])
    return unit


@pytest.fixture
def submitted_unit(claimed_unit: CandidateUnit, candidate: User) -> CandidateUnit:
    """Pat has signed the declaration; Ann has judged nothing."""
    return make_submitted(claimed_unit, candidate)


@pytest.fixture
def judged_unit(submitted_unit: CandidateUnit, assessor: User) -> CandidateUnit:
    """Ann has judged all of it met and stated what is asked for, and not signed yet."""
    judge_in_bulk(submitted_unit, assessor)
    return submitted_unit


@pytest.fixture
def assessed_unit(judged_unit: CandidateUnit, assessor: User) -> CandidateUnit:
    """Ann has signed the unit off."""
    return make_assessed(judged_unit, assessor)


@pytest.fixture
def verified_unit(assessed_unit: CandidateUnit, verifier: User) -> CandidateUnit:
    """Ivy has countersigned."""
    return make_verified(assessed_unit, verifier)


def with_password(user: User) -> User:
    """Give the person the password of the cast."""
    user.set_password(PASSWORD)
    user.save()
    return user


def join(centre: Centre, coordinator: User, name: str, email: str, role: Role) -> User:
    """Add a person with a role to the centre, and its award if there is one, with the password of the cast."""
    membership: Membership = person_add(centre=centre, actor=coordinator, name=name, email=email, role=role)
    if role in ROLES_WITH_AWARD:
        qualify(centre, coordinator, membership.user, role)
    return with_password(membership.user)


def qualify(centre: Centre, coordinator: User, person: User, role: Role) -> StaffRecord:
    """Put an award for the role on record, which has no end."""
    details = StaffDetails(what="TAQA", role=role, since=datetime.date(2015, 3, 2))
    return staff_record_add(centre=centre, person=person, actor=coordinator, kind=StaffKind.AWARD, details=details)


def disqualify(coordinator: User, person: User) -> None:
    """Take every award of the person off the record."""
    for record in StaffRecord.objects.open().filter(user=person, kind=StaffKind.AWARD):
        staff_record_end(record=record, actor=coordinator, why="Recorded for somebody else.")


def add_evidence(registration: Registration, actor: User, author: User | None = None, **said: Any) -> Evidence:
    """Add a piece that is kept at the workplace, so that it needs no file; `author`: who handed it to the actor."""
    details: dict[str, Any] = {
        "title": "Complaints log of the counter, March",
        "kind": "work_product",
        "setting": "real_job",
        "happened_from": datetime.date(2026, 3, 2),
        "location": "Filing cabinet 3, customer service desk",
        "relevance": "Shows how I dealt with complaints",
    }
    return evidence_add(
        registration=registration,
        actor=actor,
        author=author,
        form_key=uuid.uuid4(),
        details=EvidenceDetails(**details | said),
        staged=[],
    )


def seen(unit: CandidateUnit) -> str:
    """What a signing page sends back when nothing has changed since."""
    return content_digest(unit)


def claims_make(
    *, unit: CandidateUnit, evidence: Evidence, actor: User, wanted: Mapping[Criterion, str]
) -> list[ChangedCell]:
    """Claim these criteria from one piece, each with where to look, as a page of ticks does on which none stood."""
    items = published_content(unit.revision).criterion_by_pk
    marks = [
        CellChange(evidence=evidence.uuid, criterion=items[criterion.pk], to="claimed", where=where)
        for criterion, where in wanted.items()
    ]
    return cells_change(unit=unit, actor=actor, changes=marks)


def claim_move(*, unit: CandidateUnit, evidence: Evidence, criterion: Criterion, where: str, actor: User) -> None:
    """Say another place to look of a claim, as a page does that shows how it stands now."""
    [record] = claims_in(
        unit, evidence=evidence, criterion=published_content(unit.revision).criterion_by_pk[criterion.pk]
    ).claims
    mark = CellChange(evidence=evidence.uuid, criterion=record.criterion, to="claimed", where=where, seen=record.stamp)
    [marked] = cells_change(unit=unit, actor=actor, changes=[mark])
    assert marked.did == "moved", marked.refused


def claims_withdraw(
    *, unit: CandidateUnit, evidence: Evidence, actor: User, criterion: Criterion | None = None
) -> list[ChangedCell]:
    """Take the claims of one piece (on one criterion) back, as a page of ticks does that shows how they stand now."""
    item = published_content(unit.revision).criterion_by_pk[criterion.pk] if criterion else None
    claimed = claims_in(unit, evidence=evidence, criterion=item)
    marks = [
        CellChange(evidence=evidence.uuid, criterion=record.criterion, to="empty", seen=record.stamp)
        for record in claimed.claims
    ]
    return cells_change(unit=unit, actor=actor, changes=marks)


def claim_make(*, unit: CandidateUnit, evidence: Evidence, criterion: Criterion, where: str, actor: User) -> Claim:
    """Claim one criterion from a piece, as the page of ticks does."""
    [marked] = claims_make(unit=unit, evidence=evidence, actor=actor, wanted={criterion: where})
    assert marked.did == "made", marked.refused
    return Claim.objects.get(candidate_unit=unit, evidence=evidence, criterion=criterion, withdrawn_at=None)


def claim_in_bulk(unit: CandidateUnit, pieces: Sequence[Evidence], *, at_most: int | None = None) -> None:
    """Claim every criterion of the unit, or the first so many, from the pieces in turn, whatever the rules say."""
    author = Participation.objects.select_related("user").get(candidate_unit=unit, user=unit.registration.candidate)
    tickable = unit.revision.criteria.filter(is_tickable=True, same_as=None)
    made = [
        Claim(candidate_unit=unit, evidence=pieces[place % len(pieces)], criterion=criterion, where=f"page {place + 1}")
        for place, criterion in enumerate(tickable[:at_most])
    ]
    for claim in made:
        claim.author = author
    with transaction.atomic():
        claims_record(unit=unit, author=author, made=made, withdrawn=[])


def judge_in_bulk(unit: CandidateUnit, assessor: User, outcome: Outcome = Outcome.MET) -> None:
    """Judge every claim of the unit alike, and state all that its rules ask for."""
    record = unit_record(unit)
    given = [
        Judgement(
            claim=claim.claim,
            evidence_version=claim.version,
            outcome=outcome,
            reason="" if outcome == Outcome.MET else "One more occasion, please.",
        )
        for claim in record.claims
    ]
    for judgement in given:
        judgement.claim.candidate_unit = unit
    now, chain = timezone.now(), unit.registration.chain
    with transaction.atomic():
        author = participate(unit=unit, actor=assessor, capacity=Capacity.ASSESSOR)
        judgements_record(unit=unit, author=author, given=given)
        stated = AssessorStatement.objects.bulk_create(
            AssessorStatement(candidate_unit=unit, words=words, author=author, made_at=now)
            for words in record.content.unit.rules.statements
        )
        happenings = [Happening(kind="statement.made", row=statement, also=author.to_tell()) for statement in stated]
        events_add(chain=chain, actor=assessor.uuid, at=now, happenings=happenings)
