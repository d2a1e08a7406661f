"""Who may do what in a portfolio. Each question is one function, asked by screen, service and form alike."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Exists, QuerySet
from django.utils import timezone

from centres.models import Membership, Role, User
from centres.permissions import coordinates, roles_in
from portfolio.conflicts import KeptOutFor, conflicts_of, is_kept_out, kept_out_for
from portfolio.models import (
    Access,
    AchievedBefore,
    Allocation,
    CandidateUnit,
    Capacity,
    Evidence,
    Registration,
    RegistrationStanding,
    TestimonyRequest,
)
from portfolio.models.registration_standings import has_ended
from portfolio.open_registrations import is_open
from portfolio.people_on_unit import PeopleOn, people_on
from record.prepared import prepared

# A capacity and the role it rests on have the same name in the database; `AllocationQuerySet.in_force` relies on it.
ROLE_OF = {
    Capacity.CANDIDATE: Role.CANDIDATE,
    Capacity.ASSESSOR: Role.ASSESSOR,
    Capacity.INTERNAL_VERIFIER: Role.INTERNAL_VERIFIER,
}


def capacity_in(user: User, unit: CandidateUnit) -> Capacity | None:
    """The capacity in which the person works on the unit now: as its candidate, or as an allocation in force says.

    None for everyone else, for those whose role in the centre has ended, and for everybody while the unit
    is set aside or its registration has ended: then the portfolio is read only.
    """
    return capacities_in(user, unit.registration, [unit]).get(unit.pk)


def capacity_among(user: User, unit: CandidateUnit, people: PeopleOn) -> Capacity | None:
    """The same of a unit whose people are known (`people_on`): only whether its candidate still is one, is asked."""
    if unit.registration.candidate_id == user.pk or unit.set_aside_at is not None:
        return capacity_in(user, unit)
    return people.capacity_of(user)


def capacities_in(user: User, registration: Registration, units: Collection[CandidateUnit]) -> dict[int, Capacity]:
    """The same for several units of one portfolio, by the unit's primary key, in one query."""
    taken = [unit.pk for unit in units if unit.set_aside_at is None]
    if not taken:
        return {}
    if registration.candidate_id == user.pk:
        return dict.fromkeys(taken, Capacity.CANDIDATE) if _holds(user, registration, Role.CANDIDATE) else {}
    return {
        unit: Capacity(capacity)
        for unit, capacity in _allocated(registration.centre_id, taken, user.pk, timezone.now())
    }


@prepared
def _allocated(centre: int, units: Collection[int], user: int, now: datetime) -> QuerySet[Allocation, tuple[int, str]]:
    working = Allocation.objects.in_force(centre, now).filter(
        ~has_ended("candidate_unit__registration"), candidate_unit__pk__in=units, user=user
    )
    return working.values_list("candidate_unit", "capacity")


def signs_as(user: User, unit: CandidateUnit) -> Capacity | None:
    """The capacity in which the person signs, returns and withdraws: that of `capacity_in`, if they lead in it.

    A unit has one lead assessor, who signs it off, and any number who judge or record (docs/contributors/domain.md).
    """
    people = people_on(unit)
    return people.signs_as(user, capacity_among(user, unit, people))


def kept_from_verifying(unit: CandidateUnit) -> dict[User, KeptOutFor]:
    """The people who are allocated to verify the unit but cannot, each with the reason.

    They wrote evidence that was claimed in it, or have declared an interest: docs/contributors/domain.md, "People" and
    "Records". Pages tell them, the person who claims, and the coordinator.
    """
    return kept_from_verifying_each(unit.registration, [unit]).get(unit.pk, {})


def kept_from_verifying_each(
    registration: Registration, units: Collection[CandidateUnit]
) -> dict[int, dict[User, KeptOutFor]]:
    """The same for several units of one portfolio, by the unit's primary key, in one query."""
    found: dict[int, dict[User, KeptOutFor]] = {}
    for given in _kept_out(registration.centre_id, [unit.pk for unit in units], timezone.now()):
        found.setdefault(given.candidate_unit_id, {})[given.user] = KeptOutFor(given.kept_out_for)
    return found


@prepared
def _kept_out(centre: int, units: Collection[int], now: datetime) -> QuerySet[Any, Any]:
    verify = Allocation.objects.in_force(centre, now).filter(
        candidate_unit__pk__in=units, capacity=Capacity.INTERNAL_VERIFIER
    )
    return verify.filter(is_kept_out()).annotate(kept_out_for=kept_out_for()).select_related("user")


def authors_for(user: User, registration: Registration) -> list[User]:
    """Whose evidence the person may add to the portfolio; nobody's, if they may add none.

    The candidate adds their own. An assessor allocated to a unit of it adds records of their own, and what the
    candidate hands over to them; a coordinator only what is handed over. Nobody does once the registration has ended.
    """
    if registration.candidate_id == user.pk:
        return [user] if _holds(user, registration, Role.CANDIDATE) else []
    if _assesses(registration.centre_id, registration.pk, user.pk, timezone.now()):
        return [user, registration.candidate]
    return [registration.candidate] if _holds(user, registration, Role.COORDINATOR) else []


@prepared
def _assesses(centre: int, registration: int, user: int, now: datetime) -> QuerySet[Allocation, tuple[int]]:
    allocated = Allocation.objects.in_force(centre, now).filter(
        ~has_ended("candidate_unit__registration"),
        candidate_unit__registration=registration,
        user=user,
        capacity=Capacity.ASSESSOR,
    )
    return allocated.values_list("pk")[:1]


def may_add_evidence(user: User, registration: Registration) -> bool:
    """Whether the person may add evidence to the portfolio, of their own or of the candidate's."""
    return bool(authors_for(user, registration))


def may_add_like(user: User, evidence: Evidence) -> bool:
    """Whether the person may add further evidence of the same author beside this: parts of it, say."""
    return evidence.author_id in {author.pk for author in authors_for(user, evidence.registration)}


def may_ask_witness(user: User, registration: Registration) -> bool:
    """Whether the person may ask somebody to say what they saw: the candidate, and an assessor of a unit of it."""
    return user in authors_for(user, registration)


def may_note_testimony(user: User, registration: Registration) -> bool:
    """Whether the person may say how they reached a witness, and accept one as an expert: an assessor of a unit."""
    return user.pk != registration.candidate_id and may_ask_witness(user, registration)


def may_agree_adjustments(user: User, registration: Registration) -> bool:
    """Whether the person puts adjustments on record and ends them: an assessor of a unit, and the coordinator."""
    return user.pk != registration.candidate_id and may_add_evidence(user, registration)


def signs_induction(user: User, registration: Registration) -> bool:
    """Whether the person signs the induction of the portfolio: its candidate, while they are one."""
    return user.pk == registration.candidate_id and _holds(user, registration, Role.CANDIDATE)


def may_handle_request(user: User, request: TestimonyRequest) -> bool:
    """Whether the person may see the link of a request, send and withdraw it: whoever may ask.

    What an assessor took down only an assessor hands on, so that nobody but the witness confirms it.
    """
    registration = request.witness.registration
    if hasattr(request, "taken_down"):
        return may_note_testimony(user, registration)
    return may_ask_witness(user, registration)


def may_change_evidence(user: User, evidence: Evidence) -> bool:
    """The author of a piece may correct or remove it, and so may who put it in for them, until it is first claimed."""
    return changes_evidence(user, evidence, adds=may_add_like(user, evidence))


def changes_evidence(user: User, evidence: Evidence, *, adds: bool) -> bool:
    """The same; `adds`: they may add further evidence of its author. Nobody changes the words of a witness."""
    if evidence.witness_id or not adds or user.pk not in {evidence.author_id, evidence.put_in_by_id}:
        return False
    return evidence.author_id == user.pk or not evidence.claims.exists()


def only_reads(user: User, registration: Registration) -> bool:
    """Whether the portfolio is open to the person for a visit: to be read, and nothing else."""
    return Access.objects.in_force().filter(user=user, registration=registration).exists()


def may_remove_files(user: User, registration: Registration) -> bool:
    """The coordinator of the centre removes files that should not have been taken, whoever put them in."""
    return removes_files(roles_in(user, registration.centre))


def removes_files(roles: Collection[str]) -> bool:
    """The same of somebody with these roles in the centre."""
    return coordinates(roles)


def may_choose_units(user: User, registration: Registration) -> bool:
    """Whether the person may take a unit of the qualification into the portfolio or set one aside.

    The candidate, an assessor allocated to a unit of the portfolio, and the coordinator may. Only the coordinator may
    choose units outside the qualification, or any if there is none: `may_choose_any_unit`.
    """
    if _holds(user, registration, Role.COORDINATOR):
        return True
    return chooses_units(registration, adds=may_add_evidence(user, registration))


def chooses_units(registration: Registration, *, adds: bool) -> bool:
    """Whether a person who is no coordinator may choose the units; `adds`: they may add evidence."""
    return adds and registration.qualification_id is not None


def may_choose_any_unit(user: User, registration: Registration) -> bool:
    """The coordinator of the centre may register the candidate on any unit there is."""
    return _holds(user, registration, Role.COORDINATOR)


def may_record_achieved(user: User, registration: Registration) -> bool:
    """The coordinator and the assessors of the centre record what others achieved before, and take it back."""
    roles = roles_in(user, registration.centre)
    if user.pk == registration.candidate_id or not (coordinates(roles) or Role.ASSESSOR in roles):
        return False
    return is_open(registration)


def checks_achieved_as(user: User, achieved: AchievedBefore) -> Capacity | None:
    """In which capacity the person can put their name to it now: first an assessor, then a verifier who agrees.

    Nobody in both, and never the candidate, nor who has declared a family or business interest.
    """
    registration = achieved.registration
    done = {check.capacity: check.person_id for check in achieved.checks.all()}
    wanted = Capacity.INTERNAL_VERIFIER if Capacity.ASSESSOR in done else Capacity.ASSESSOR
    if achieved.taken_back_at or wanted in done or user.pk in {registration.candidate_id, *done.values()}:
        return None
    if conflicts_of(user, [registration.pk]):
        return None
    return wanted if ROLE_OF[wanted] in roles_in(user, registration.centre) and is_open(registration) else None


def _holds(user: User, registration: Registration, role: Role) -> bool:
    """Whether the person holds the role where the candidate is registered; nobody does once that has ended."""
    return bool(_held(registration.centre_id, registration.pk, user.pk, role.value))


@prepared
def _held(centre: int, registration: int, user: int, role: str) -> QuerySet[Membership, tuple[int]]:
    held = Membership.objects.current().filter(centre=centre, user=user, role=role)
    held = held.filter(~Exists(RegistrationStanding.objects.ended().filter(registration=registration)))
    return held.values_list("pk")
