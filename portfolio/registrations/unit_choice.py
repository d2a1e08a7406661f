"""Which units of a qualification are taken into a portfolio, and which are set aside again."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import User
from portfolio.conflicts import conflicts_of
from portfolio.models import Allocation, CandidateUnit, Capacity, Participation, Registration, State
from portfolio.open_registrations import require_open
from portfolio.permissions import may_choose_any_unit, may_choose_units
from portfolio.registrations.choosing import rule_of
from portfolio.registrations.services import allocate_where_nobody, allocation_chains_lock, unit_add
from portfolio.rules import why_unit_stays
from portfolio.services.units import version_lock
from record.services.events import event_add
from standards.combination import is_mandatory
from standards.models import Qualification, UnitRevision


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A unit that was taken, and the people who work on it because they work on all the others too."""

    unit: CandidateUnit
    people: dict[Capacity, User]


@transaction.atomic
def unit_choose(*, registration: Registration, actor: User, revision: UnitRevision) -> Choice:
    """Take a unit into the portfolio, or take it up again with all that was collected for it.

    Whoever assesses (verifies) every other unit of the portfolio is allocated to this one too. A unit that
    is taken already stays as it is. Raises PermissionDenied for an actor who may not choose, ValidationError for a
    unit that is not of the qualification, unless the coordinator chooses it.
    """
    registration = _locked(registration)
    require_open(registration)
    if not may_choose_units(actor, registration):
        raise PermissionDenied
    if not (_is_of(revision, registration.qualification) or may_choose_any_unit(actor, registration)):
        raise ValidationError(
            f"{revision.unit.code} is not a unit of this qualification. Your coordinator can add it all the same."
        )
    taken = registration.candidate_units.taken().filter(revision__unit=revision.unit).first()
    if taken:
        return Choice(unit=taken, people={})
    allocation_chains_lock(registration)
    unit = unit_add(registration=registration, actor=actor, revision=revision)
    made = allocate_where_nobody(unit=unit, actor=actor, people=_people_of_the_others(unit))
    return Choice(unit=unit, people={Capacity(given.capacity): given.user for given in made})


@transaction.atomic
def unit_set_aside(*, unit: CandidateUnit, actor: User) -> None:
    """Take a unit out of the portfolio's choice; evidence, claims and judgements stay, and nobody works on it.

    Only a unit that is collecting and was never verified: nothing signed is set aside. One that is set aside
    already stays so. Raises PermissionDenied for an actor who may not choose; ValidationError for a mandatory unit,
    for one that is submitted or was verified (`why_unit_stays`), and for one that is not of the qualification,
    unless the coordinator does it.
    """
    registration = _locked(unit.registration)
    version = version_lock(unit)
    if not may_choose_units(actor, registration):
        raise PermissionDenied
    if unit.set_aside_at:
        return
    code, qualification = unit.revision.unit.code, registration.qualification
    is_of_it = _is_of(unit.revision, qualification)
    if not is_of_it and not may_choose_any_unit(actor, registration):
        raise ValidationError(f"Your coordinator decided on {code}. Ask them to set it aside.")
    stays = why_unit_stays(
        code=code,
        state=State(version.state),
        version=version.number,
        is_mandatory=qualification is not None and is_of_it and is_mandatory(rule_of(qualification), code),
    )
    if stays:
        raise ValidationError(f"{stays} Nothing was changed.")
    unit.set_aside_at = timezone.now()
    unit.save(update_fields=["set_aside_at"])
    event_add(
        chain=registration.chain,
        kind="unit.set_aside",
        actor=actor.uuid,
        at=unit.set_aside_at,
        row=unit,
        payload={"code": code},
    )


def _locked(registration: Registration) -> Registration:
    return (
        Registration.objects.select_for_update(no_key=True, of=("self",))
        .select_related("centre", "chain", "candidate", "qualification__framework")
        .get(pk=registration.pk)
    )


def _is_of(revision: UnitRevision, qualification: Qualification | None) -> bool:
    return qualification is not None and revision.unit.in_groups.filter(group__qualification=qualification).exists()


def _people_of_the_others(unit: CandidateUnit) -> dict[Capacity, User]:
    """The people who lead in every other unit of the portfolio, by capacity, and may do so in this one."""
    others = CandidateUnit.objects.taken().filter(registration=unit.registration).exclude(pk=unit.pk)
    by_capacity: dict[str, list[User]] = defaultdict(list)
    working = Allocation.objects.in_force(unit.registration.centre_id).filter(candidate_unit__in=others, leads=True)
    for given in working.select_related("user").order_by("pk"):
        by_capacity[given.capacity].append(given.user)
    number = others.count()
    return {
        Capacity(capacity): people[0]
        for capacity, people in by_capacity.items()
        if len(people) == number
        and len(set(people)) == 1
        and not Participation.objects.filter(candidate_unit=unit, user=people[0]).exclude(capacity=capacity).exists()
        and not conflicts_of(people[0], [unit.registration_id])  # then the coordinator decides, and says why
    }
