"""Adds candidates who have a number instead of an address, and makes the codes with which they come in."""

import re
import secrets
from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from centres.candidate_numbers.models import WORKS_FOR, SignInCode
from centres.corrections.services import NO_REASON, is_let_in_by
from centres.models import Centre, Membership, Role, User
from centres.permissions import may_coordinate
from centres.services.people import role_give
from record.plain_text import plain_line
from record.services.chains import chains_lock, site_chain
from record.services.events import event_add

LETTERS = "ACDEFHJKLMNPRTVWXY"  # none that looks like another, or like a digit, on paper
LENGTH = 10
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .-]{0,39}")  # no slash: the number of the centre stands before one
NO_NUMBER = "A candidate number has at most 40 letters, digits, dots and dashes."
TAKEN = "Another candidate of this centre has this number."
NOTHING_NEW = "This is their number already."
USED_ELSEWHERE = "Another centre on this site signs people in with this number. Put a letter of your centre before it."


def number_read(number: str) -> str:
    """Return a number as it is kept. Raises ValidationError for what cannot be one."""
    number = plain_line(number)
    if not NUMBER.fullmatch(number):
        raise ValidationError(NO_NUMBER)
    return number


def numbered_person(centre: Centre, number: str) -> User | None:
    """Return who has this number of the centre, and a role in it."""
    held = Membership.objects.current().filter(centre=centre)
    return User.objects.filter(
        number_centre=centre, candidate_number__iexact=number, pk__in=held.values("user")
    ).first()


@transaction.atomic
def numbered_add(*, centre: Centre, actor: User, name: str, number: str) -> Membership:
    """Add a candidate who signs in with a number of the centre, and return their role. A code is made apart.

    Who had the number before and whose role ended has it again. Raises PermissionDenied unless `actor` coordinates the
    centre, ValidationError for a number that cannot be or that is somebody's already.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)  # a second press of the button waits
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    number = number_read(number)
    (site,) = chains_lock(site_chain())  # others may be taking the same number at this moment
    alike = _alike(centre, number)
    person = alike.filter(number_centre=centre).first()
    if person is None and alike.exists():
        raise ValidationError(USED_ELSEWHERE)
    if person is None:
        person = User.objects.create_numbered(centre=centre, number=number, name=name)
        event_add(chain=site, kind="person.created", actor=actor.uuid, row=person)
    elif Membership.objects.current().filter(centre=centre, user=person).exists():
        raise ValidationError(f"{person} has the number {person.candidate_number} already.")
    elif person.name.casefold() != plain_line(name).casefold():
        raise ValidationError(
            f"{person.candidate_number} was the number of {person}. Type that name if it is them; "
            "else give another number."
        )
    return role_give(centre=centre, person=person, role=Role.CANDIDATE, actor=actor)


@transaction.atomic
def number_correct(*, centre: Centre, actor: User, person: User, number: str, reason: str) -> None:
    """Correct the number with which a candidate signs in, in the record with the reason. A code of theirs still works.

    Raises PermissionDenied unless `actor` coordinates the centre that gave it, ValidationError with a sentence.
    """
    if not may_coordinate(actor, centre) or person.number_centre_id != centre.pk:
        raise PermissionDenied
    number, reason = plain_line(number), plain_line(reason)
    if not reason:
        raise ValidationError(NO_REASON)
    if not NUMBER.fullmatch(number):
        raise ValidationError({"number": NO_NUMBER})
    (site,) = chains_lock(site_chain())  # others may be taking the same number at this moment
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.candidate_number == number:
        raise ValidationError({"number": NOTHING_NEW})
    if other := _alike(centre, number).exclude(pk=person.pk).first():
        raise ValidationError({"number": TAKEN if other.number_centre_id == centre.pk else USED_ELSEWHERE})
    person.candidate_number = number
    person.full_clean()
    person.save(update_fields=["candidate_number"])
    told = {"reason": reason, "centre": str(centre.uuid), "asked_by": str(actor.uuid)}
    event_add(chain=site, kind="person.corrected", actor=actor.uuid, row=person, payload=told)


def _alike(centre: Centre, number: str) -> QuerySet[User]:
    """Whoever signs in with this number of a centre that has the number of this one."""
    return User.objects.filter(candidate_number__iexact=number, number_centre__number__iexact=centre.number)


def numbered_people(centre: Centre) -> QuerySet[User]:
    """The candidates of the centre who have a number of it, by name, each with their code if there is one."""
    held = Membership.objects.current().filter(centre=centre, role=Role.CANDIDATE)
    people = User.objects.filter(number_centre=centre, is_active=True, pk__in=held.values("user"))
    more = Membership.objects.filter(user=OuterRef("pk")).exclude(centre=centre, role=Role.CANDIDATE)
    people = people.filter(~Exists(more))  # who came to another centre or is staff since has an address to choose by
    return people.select_related("number_centre", "sign_in_code").order_by("name", "pk")


def codes_drawn(people: Collection[User]) -> dict[User, str]:
    """Draw a code for each. They work once they are saved; print them before, as nobody can read them afterwards."""
    return {person: "".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for person in people}


@transaction.atomic
def codes_save(*, centre: Centre, actor: User, codes: Mapping[User, str]) -> None:
    """Let these codes work from now on, instead of any that the same people had.

    Raises PermissionDenied unless `actor` coordinates the centre and all of them have a number of it, belong to no
    other and never were staff: a code opens the account.
    """
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    people = list(User.objects.select_for_update(no_key=True).filter(pk__in=[person.pk for person in codes]))
    if any(person.number_centre_id != centre.pk or not is_let_in_by(centre, person) for person in people):
        raise PermissionDenied
    now = timezone.now()
    SignInCode.objects.filter(user__in=people).delete()
    SignInCode.objects.bulk_create(
        SignInCode(
            user=person,
            digest=SignInCode.digest_of(str(person.uuid), code),
            made_by=actor,
            made_at=now,
            until=now + WORKS_FOR,
        )
        for person, code in codes.items()
    )


def code_works(person: User, typed: str) -> bool:
    """Whether this is the one-time code of the person, which works once and for 14 days."""
    code = SignInCode.objects.select_related("user").filter(user=person, until__gt=timezone.now()).first()
    return code is not None and code.is_of(typed)


def code_used(*, user: User, **_: object) -> None:
    """End the code of who has chosen a password; called by django-allauth. Until then a page that was shut may wait."""
    SignInCode.objects.filter(user=user).delete()


def sweep_codes() -> int:
    """Remove codes that work no more; return how many."""
    return SignInCode.objects.filter(until__lt=timezone.now()).delete()[0]
