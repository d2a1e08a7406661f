"""Does what a row says, by the services of the pages. What is there already stays as it is: twice changes nothing."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from centres.candidate_numbers.services import numbered_add, numbered_person
from centres.corrections.services import person_correct
from centres.guardians.models import ComingOfAge
from centres.guardians.services import coming_of_age_set
from centres.invitations.services import invited_to, person_invite
from centres.models import Centre, Membership, Role, User
from centres.permissions import may_coordinate
from centres.staff.models import day_in_words
from centres.words import Words
from portfolio.importing.columns import registers
from portfolio.models import CandidateUnit, Capacity, ImportRow, Registration
from portfolio.models.particulars import DAYS
from portfolio.open_registrations import ended_state, left_alone_sentence
from portfolio.registrations.particulars import ParticularsSaid
from portfolio.registrations.particulars_forms import WHEN_REGISTERED
from portfolio.registrations.services import (
    allocate_where_nobody,
    allocation_chains_lock,
    registration_create,
    units_add,
)
from portfolio.services.units import units_lock
from standards.models import Qualification, UnitRevision
from standards.selectors import latest_in_short, latest_qualifications

ONCE_ACCEPTED = "Once they have accepted, choose this file again: then the rest of the row is done."
WITH_IMPORT = "The address came with the import that added them."  # why it is corrected


@dataclass
class Made:
    """What a row has made: sentences for the page, the registration, and the role of which the person is told."""

    sentences: list[str] = field(default_factory=list)
    registration: Registration | None = None
    membership: Membership | None = None
    left_alone: str = ""  # what it passes over, in a sentence


def row_do(row: ImportRow, *, centre: Centre, actor: User) -> Made:
    """Add the person, register them and allocate who leads, as far as that is missing. In one transaction.

    Raises ValidationError, and PermissionDenied, as the services of the pages do.
    """
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    made, said = Made(), row.said
    person = _person(row, centre, actor, made)
    if person is None:
        has_more = registers(said) or said.get("eighteen_on")
        made.sentences += [ONCE_ACCEPTED] if made.sentences and has_more else []
        return made
    _note_when_adult(said, centre, person, actor, made)
    if not registers(said):
        return made
    revisions = [_revision(address) for address in said["units"]]
    qualification = _qualification(said["qualification"]) if said["qualification"] else None
    registration, ended = _registered(centre, person, qualification)
    if registration is None:
        registration = registration_create(
            centre=centre,
            actor=actor,
            candidate=person,
            number=said["number"],
            revisions=revisions,
            qualification=qualification,
            particulars=_particulars(said),
        )
        made.sentences.append("Registered.")
    elif ended:
        made.left_alone = left_alone_sentence(ended)
        return made
    else:
        _add_missing_units(registration, revisions, actor, made)
    made.registration = registration
    _allocate_missing(registration, said, actor, made)
    return made


def _particulars(said: dict[str, Any]) -> ParticularsSaid:
    """What the row says of what an awarding body asks. Of who is registered already it changes nothing."""
    given = {name: said.get(name, "") for name in WHEN_REGISTERED}
    days = {name: datetime.date.fromisoformat(given[name]) if given[name] else None for name in DAYS if name in given}
    return ParticularsSaid(**given | days)


def look_again() -> None:
    """Forget what was read for earlier rows; at the beginning of each slice, since any of it may have changed."""
    _revision.cache_clear()
    _qualification.cache_clear()


def _person(row: ImportRow, centre: Centre, actor: User, made: Made) -> User | None:
    """Bring the person in, in the roles that they do not hold; return them if they hold any by now.

    They are found by their number, then by their address. Who is only asked, as somebody of another centre is, has no
    role until they accept.
    """
    said = row.said
    email, number = said["email"], said.get("sign_in_number", "")
    if number and (found := numbered_person(centre, number)):
        return found
    if number and not _held(centre, email).exists():
        return _numbered(said, centre, actor, made)
    there = set(_held(centre, email).values_list("role", flat=True)) | set(invited_to(centre, email))
    for role in said["roles"]:
        if role in there:
            continue
        given = person_invite(centre=centre, actor=actor, name=said["name"], email=email, role=Role(role))
        if isinstance(given, Membership):
            made.membership = given
        made.sentences.append(f"Is asked to be {centre.words.of_role(role)}.")
    held = _held(centre, email).select_related("user").first()
    return held.user if held else None


def _numbered(said: dict[str, Any], centre: Centre, actor: User, made: Made) -> User:
    """Add a candidate who signs in with a number, and with an address too where the row has one."""
    number, name, email = said["sign_in_number"], said["name"], said["email"]
    person = numbered_add(centre=centre, actor=actor, name=name, number=number).user
    if email and person.email != email:
        person_correct(centre=centre, actor=actor, person=person, name=person.name, email=email, reason=WITH_IMPORT)
    role = centre.words.of_role(Role.CANDIDATE)
    made.sentences.append(f"Is {role} now, with the number {number}: print a one-time code for them.")
    return person


def _note_when_adult(said: dict[str, Any], centre: Centre, person: User, actor: User, made: Made) -> None:
    """Record when they turn 18, where nothing is on record of that."""
    day = said.get("eighteen_on")
    if day and not ComingOfAge.objects.filter(centre=centre, user=person).exists():
        coming_of_age_set(centre=centre, actor=actor, person=person, day=datetime.date.fromisoformat(day))
        made.sentences.append(f"Turns 18 on {day_in_words(datetime.date.fromisoformat(day))}.")


def _held(centre: Centre, email: str) -> QuerySet[Membership]:
    return Membership.objects.current().filter(centre=centre, user=_by_address(email))


def _registered(centre: Centre, person: User, qualification: Qualification | None) -> tuple[Registration | None, str]:
    """The latest registration of the person on this qualification, in whichever wording; or on single units.

    Beside it the state by which it has ended, or "". One that goes on is found before those that have ended.
    """
    theirs = Registration.objects.filter(centre=centre, candidate=person).select_related("centre__chain", "chain")
    if qualification is None:
        theirs = theirs.filter(qualification__isnull=True)
    else:
        named = {"qualification__framework": qualification.framework_id, "qualification__code": qualification.code}
        theirs = theirs.filter(**named)
    found = max(theirs.annotate(ended=ended_state()), key=lambda one: (one.ended is None, one.pk), default=None)
    return (found, found.ended or "") if found else (None, "")


def _add_missing_units(
    registration: Registration, revisions: Collection[UnitRevision], actor: User, made: Made
) -> None:
    """Add the units that were never in the portfolio. What somebody has set aside since stays so."""
    there = set(registration.candidate_units.values_list("revision__unit", flat=True))
    missing = [revision for revision in revisions if revision.unit_id not in there]
    if missing:
        units_add(registration=registration, actor=actor, revisions=missing)
        made.sentences.append(f"{', '.join(revision.unit.code for revision in missing)} added.")


def _allocate_missing(registration: Registration, said: dict, actor: User, made: Made) -> None:
    """Let the two lead in each unit in which nobody does in their capacity."""
    wanted = {Capacity.ASSESSOR: said["lead_assessor"], Capacity.INTERNAL_VERIFIER: said["lead_verifier"]}
    people = {capacity: _lead(email, registration.centre, capacity) for capacity, email in wanted.items() if email}
    if not people:
        return
    units_lock(registration)
    allocation_chains_lock(registration)
    taken = CandidateUnit.objects.taken().filter(registration=registration)
    units = taken.select_related("registration__centre", "registration__candidate", "revision__unit").order_by("pk")
    given = [one for unit in units for one in allocate_where_nobody(unit=unit, actor=actor, people=people)]
    made.sentences += _who_leads({Capacity(one.capacity): one.user for one in given}, registration.centre.words)


def _who_leads(people: dict[Capacity, User], called: Words) -> list[str]:
    return [f"{person} is {called.of_role(capacity)}." for capacity, person in people.items()]


def _by_address(email: str) -> User | None:
    if not email:
        return None  # as those have who sign in with a number
    return User.objects.filter(Exact(Lower("email"), email)).first()  # by its index, which iexact cannot use


def _lead(email: str, centre: Centre, capacity: Capacity) -> User:
    """Who has the role here with this address. Of anybody else, as of who is only asked yet, nothing is said."""
    held = _held(centre, email).filter(role=capacity).select_related("user").first()
    if held is None:
        role = centre.words.of_role(capacity)
        raise ValidationError(f"{email} is no {role} here. Once they are one, choose this file again.")
    return held.user


@cache
def _revision(address: str) -> UnitRevision:
    framework, _, code = address.partition(":")
    found = latest_in_short().filter(unit__framework__code=framework, unit__code=code).first()
    if found is None:
        raise ValidationError(f"{code} is not there any more.")
    return found


@cache
def _qualification(address: str) -> Qualification:
    framework, _, code = address.partition(":")
    found = latest_qualifications().filter(framework__code=framework, code=code).select_related("framework").first()
    if found is None:
        raise ValidationError(f"{code} is not there any more.")
    return found
