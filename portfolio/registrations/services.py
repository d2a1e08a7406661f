"""Registers candidates, and allocates who assesses and verifies their units."""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import Centre, Membership, Role, User
from centres.permissions import may_coordinate
from centres.words import Words
from portfolio.models import (
    AchievedBefore,
    Allocation,
    CandidateUnit,
    Capacity,
    Registration,
    UnitVersion,
)
from portfolio.open_registrations import require_open
from portfolio.registrations.allocatable import Work, given_up, known_of, reasons_for, why_not
from portfolio.registrations.choosing import rule_of
from portfolio.registrations.particulars import NOTHING_SAID, ParticularsSaid, is_first_said, particulars_first
from portfolio.registrations.telling import Telling
from portfolio.services.participations import participation_begin
from portfolio.services.units import units_hold, version_hold, version_lock
from record.errors import ChangedMeanwhile
from record.services.chains import chains_lock
from record.services.events import chain_start, event_add
from standards.models import Qualification, UnitRevision
from standards.selectors import mandatory_revisions


@transaction.atomic
def registration_create(
    *,
    centre: Centre,
    actor: User,
    candidate: User,
    number: str,
    revisions: list[UnitRevision],
    qualification: Qualification | None = None,
    form_key: UUID | None = None,
    particulars: ParticularsSaid = NOTHING_SAID,
) -> Registration:
    """Register a candidate of the centre on a qualification or on single units and return the registration.

    The mandatory units of the qualification are added by themselves, in their latest wording; `revisions` are
    the others that were chosen. `form_key` identifies the form it came from and becomes its uuid: if that is sent
    twice, the registration that the first sending made is returned. `particulars` are what an awarding body asks
    besides the number. Raises PermissionDenied unless `actor` coordinates the centre; ValidationError if the person is
    no candidate of it, if no unit was chosen and none is mandatory, for what particulars cannot say, or if the form
    says something else the second time.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)  # a second press of the button waits
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    if form_key and (sent_before := Registration.objects.filter(centre=centre, uuid=form_key).first()):
        wanted = Registration(candidate=candidate, number=number, qualification=qualification)
        _require_the_same(sent_before, wanted, revisions, replace(particulars, number=number), actor)
        return sent_before
    _require_role(centre, candidate, Role.CANDIDATE)
    now = timezone.now()
    registration = Registration(
        uuid=form_key or uuid4(),
        centre=centre,
        candidate=candidate,
        number=number,
        qualification=qualification,
        registered_at=now,
        chain=chain_start(),
    )
    registration.full_clean()
    registration.save()
    first = particulars_first(
        registration=registration, actor=actor, said=replace(particulars, number=registration.number), at=now
    )
    chains_lock(centre.chain, registration.chain)
    event_add(
        chain=centre.chain,
        kind="portfolio.opened",  # so that a portfolio that is gone, and its chain with it, is missed
        actor=actor.uuid,
        at=now,
        row=registration,
    )
    event_add(
        chain=registration.chain,
        kind="registration.created",
        actor=actor.uuid,
        at=now,
        row=registration,
        also=[first] if first else [],
    )
    mandatory = mandatory_revisions(rule_of(qualification)) if qualification else []
    chosen = [revision for revision in revisions if revision not in mandatory]
    units_add(registration=registration, actor=actor, revisions=[*mandatory, *chosen])
    return registration


@transaction.atomic
def units_add(*, registration: Registration, actor: User, revisions: list[UnitRevision]) -> list[CandidateUnit]:
    """Add units to a registration, each in its first version; those that were set aside are taken up again.

    Raises what `registration_create` raises.
    """
    Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)  # a second press waits
    if not may_coordinate(actor, registration.centre):
        raise PermissionDenied
    require_open(registration)
    if not revisions:
        raise ValidationError("Choose at least one unit.")
    return [unit_add(registration=registration, actor=actor, revision=revision) for revision in revisions]


def unit_add(*, registration: Registration, actor: User, revision: UnitRevision) -> CandidateUnit:
    """Add one unit, or take it up again in the wording in which it was begun.

    For services that hold the registration's lock and have checked the permission. Raises ValidationError if the
    unit is taken already.
    """
    if AchievedBefore.objects.counting().filter(registration=registration, revision__unit=revision.unit).exists():
        raise ValidationError(f"{revision.unit.code} was achieved before. Have that taken back first, to take it here.")
    before = registration.candidate_units.filter(revision__unit=revision.unit).first()
    if before and before.set_aside_at is None:
        raise ValidationError(f"{registration.candidate} is registered on {revision.unit.code} already.")
    if before:
        return _take_up_again(before, actor)
    now = timezone.now()
    unit = CandidateUnit(registration=registration, revision=revision, added_at=now)
    unit.full_clean()
    unit.save()
    version = UnitVersion.objects.create(candidate_unit=unit, number=1, opened_at=now)
    candidate = participation_begin(unit=unit, person=registration.candidate, capacity=Capacity.CANDIDATE)
    event_add(
        chain=registration.chain,
        kind="unit.added",
        actor=actor.uuid,
        at=now,
        row=unit,
        also=[version, candidate],
        payload={"code": revision.unit.code},
    )
    return unit


def _take_up_again(unit: CandidateUnit, actor: User) -> CandidateUnit:
    version_lock(unit)
    unit.set_aside_at = None
    unit.save(update_fields=["set_aside_at"])
    event_add(
        chain=unit.registration.chain,
        kind="unit.taken_up_again",
        actor=actor.uuid,
        row=unit,
        payload={"code": unit.revision.unit.code},
    )
    return unit


@transaction.atomic
def allocate(
    *,
    unit: CandidateUnit,
    actor: User,
    user: User,
    capacity: Capacity,
    leads: bool = True,
    until: datetime.datetime | None = None,
    reason: str = "",
) -> Allocation:
    """Let a person assess or verify a unit. Returns the allocation.

    A person who leads replaces the one who led until now; others work beside them. Raises PermissionDenied unless
    `actor` coordinates the centre, ValidationError for what `why_not` says: a person without the role, the candidate
    themselves, one who has acted in the unit in another capacity, or one who has declared a family or business
    interest, who assesses only for a `reason`.
    """
    _portfolio_lock(unit)
    if not may_coordinate(actor, unit.registration.centre):
        raise PermissionDenied
    telling = Telling(actor)
    allocation = _allocation_make(unit=unit, work=Work(user, capacity, leads, until), telling=telling, reason=reason)
    telling.tell()
    return allocation


def _portfolio_lock(unit: CandidateUnit) -> None:
    """Lock the portfolio and then its units, ended or not, since allocating one unit may also allocate the others.

    Otherwise two people who each held one unit and wanted the other's would wait for each other for ever.
    """
    Registration.objects.select_for_update(no_key=True).get(pk=unit.registration_id)
    units_hold(unit.registration)
    version_hold(unit)
    allocation_chains_lock(unit.registration)


def allocation_chains_lock(registration: Registration) -> None:
    """Lock the chains that tell of an allocation, before the first event: first the centre's, then the portfolio's."""
    chains_lock(registration.centre.chain, registration.chain)


def _allocation_make(*, unit: CandidateUnit, work: Work, telling: Telling, reason: str = "") -> Allocation:
    """Allocate the person; one who leads replaces the one before. A refusal names the unit: it may be one of many."""
    standing = list(Allocation.objects.current().filter(candidate_unit=unit))
    known = known_of(work.user, work.capacity, [unit])[unit.pk]
    if why := why_not(unit, work, known, standing, reason):
        raise ValidationError(why)
    for allocation in given_up(work, standing):
        _allocation_end(allocation=allocation, telling=telling)
    if own := next((allocation for allocation in standing if work.is_done_by(allocation)), None):
        return own
    allocation = Allocation(candidate_unit=unit, began_at=telling.at, **work._asdict())
    allocation.full_clean()
    allocation.save()
    reasons = reasons_for(allocation, known, reason)
    for given in reasons:
        given.full_clean()
        given.save()
    telling.add("made", allocation, *reasons)
    return allocation


@transaction.atomic
def allocations_set(
    *,
    unit: CandidateUnit,
    actor: User,
    assessor: User | None,
    internal_verifier: User | None,
    others: Collection[Work] | None = None,
    seen: Collection[str] | None = None,
    everywhere: bool = False,
    reason: str = "",
) -> None:
    """Let these two lead in assessing and verifying the unit (None: nobody), and `others` work beside them.

    Without `others`, those who work beside them now go on. `everywhere` lets the two also lead in the other units of
    the portfolio in which nobody does yet; a refusal there refuses everything and names the unit.

    `seen` are the uuids of the allocations that the page showed. Raises ChangedMeanwhile if there are others now,
    unless they are exactly those wanted; otherwise what `allocate` raises.
    """
    _portfolio_lock(unit)
    if not may_coordinate(actor, unit.registration.centre):
        raise PermissionDenied
    standing = list(Allocation.objects.current().filter(candidate_unit=unit).select_related("user").order_by("pk"))
    stands = {allocation: _work_of(allocation) for allocation in standing}
    leading = {Capacity.ASSESSOR: assessor, Capacity.INTERNAL_VERIFIER: internal_verifier}
    chosen = {capacity: person for capacity, person in leading.items() if person}
    if others is None:
        others = [work for work in stands.values() if not work.leads]
    wanted = [Work(person, capacity) for capacity, person in chosen.items()]
    wanted += [work for work in others if chosen.get(work.capacity) != work.user]  # who leads does all of it
    telling = Telling(actor)
    if everywhere:
        for other in CandidateUnit.objects.taken().filter(registration=unit.registration).exclude(pk=unit.pk):
            _allocate_where_nobody(unit=other, people=chosen, telling=telling, reason=reason)
    if set(stands.values()) != set(wanted):
        if seen is not None and set(seen) != {str(allocation.uuid) for allocation in standing}:
            raise ChangedMeanwhile(
                "The allocation of this unit was", _in_words(stands.values(), unit.registration.centre.words)
            )
        for allocation, work in stands.items():
            if work not in wanted:  # first end the old ones: the two may change places
                _allocation_end(allocation=allocation, telling=telling)
        for work in wanted:
            _allocation_make(unit=unit, work=work, telling=telling, reason=reason)
    telling.tell()


def _work_of(allocation: Allocation) -> Work:
    return Work(allocation.user, Capacity(allocation.capacity), allocation.leads, allocation.until)


def allocate_where_nobody(*, unit: CandidateUnit, actor: User, people: Mapping[Capacity, User]) -> list[Allocation]:
    """Let these people lead in the unit in capacities in which nobody does; return the allocations that were made.

    For services that hold the locks of the portfolio and of its chains, and have checked the permission. Raises
    ValidationError, with the unit's code, for a person without the role, and for one who works or has acted
    there in another capacity.
    """
    telling = Telling(actor)
    made = _allocate_where_nobody(unit=unit, people=people, telling=telling)
    telling.tell()
    return made


def _allocate_where_nobody(
    *, unit: CandidateUnit, people: Mapping[Capacity, User], telling: Telling, reason: str = ""
) -> list[Allocation]:
    working = Allocation.objects.in_force(unit.registration.centre_id).filter(candidate_unit=unit, leads=True)
    held = set(working.values_list("capacity", flat=True))
    return [
        _allocation_make(unit=unit, work=Work(person, capacity), telling=telling, reason=reason)
        for capacity, person in people.items()
        if capacity not in held
    ]


def _in_words(stands: Collection[Work], called: Words) -> str:
    who = " and ".join(
        f"{work.user} {'is its' if work.leads else 'a further'} {called.of_role(work.capacity)}" for work in stands
    )
    return f"{who or 'nobody is allocated to it'} now"


@transaction.atomic
def allocation_end(*, allocation: Allocation, actor: User) -> None:
    """End an allocation and the access it gave. Ending it twice does nothing.

    Raises PermissionDenied unless `actor` coordinates.
    """
    registration = allocation.candidate_unit.registration
    _portfolio_lock(allocation.candidate_unit)
    if not may_coordinate(actor, registration.centre):
        raise PermissionDenied
    allocation.refresh_from_db(fields=["ended_at"])  # somebody may have ended it while this waited
    telling = Telling(actor)
    _allocation_end(allocation=allocation, telling=telling)
    telling.tell()


def _allocation_end(*, allocation: Allocation, telling: Telling) -> None:
    if allocation.ended_at:
        return
    allocation.ended_at = telling.at
    allocation.save(update_fields=["ended_at"])
    telling.add("ended", allocation)


def _require_the_same(
    made: Registration,
    wanted: Registration,
    revisions: Collection[UnitRevision],
    particulars: ParticularsSaid,
    actor: User,
) -> None:
    """Refuse a form that made this registration and now asks for another: somebody went back to it."""
    wanted.clean_fields(exclude=["centre", "chain", "registered_at"])  # the number as it is kept
    said = [(one.candidate_id, one.number, one.qualification_id) for one in (made, wanted)]
    taken = set(made.candidate_units.values_list("revision", flat=True))
    is_same = said[0] == said[1] and is_first_said(made, actor, particulars)
    if not is_same or not taken.issuperset(revision.pk for revision in revisions):
        raise ValidationError(
            f"This form has registered {made.candidate} already. What it says now would be another registration: "
            "send it again if that is what you want."
        )


def _require_role(centre: Centre, person: User, role: Role) -> None:
    if not Membership.objects.current().filter(centre=centre, user=person, role=role).exists():
        raise ValidationError(f"{person} is no {centre.words.of_role(role)} of {centre}.")
