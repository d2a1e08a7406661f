"""Adds candidates who have a number instead of an address, and makes the codes with which they come in."""

import re
import secrets
from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from centres.candidate_numbers.models import WORKS_FOR, SignInCode
from centres.corrections.services import is_only_of
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
    alike = User.objects.filter(candidate_number__iexact=number, number_centre__number__iexact=centre.number)
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


def numbered_people(centre: Centre) -> QuerySet[User]:
    """The candidates of the centre who have a number of it, by name, each with their code if there is one."""
    held = Membership.objects.current().filter(centre=centre, role=Role.CANDIDATE)
    people = User.objects.filter(number_centre=centre, is_active=True, pk__in=held.values("user"))
    elsewhere = Membership.objects.filter(user=OuterRef("pk")).exclude(centre=centre)
    people = people.filter(~Exists(elsewhere))  # who came to another centre since has an address, and chooses by that
    return people.select_related("number_centre", "sign_in_code").order_by("name", "pk")


def codes_drawn(people: Collection[User]) -> dict[User, str]:
    """Draw a code for each. They work once they are saved; print them before, as nobody can read them afterwards."""
    return {person: "".join(secrets.choice(LETTERS) for _ in range(LENGTH)) for person in people}


@transaction.atomic
def codes_save(*, centre: Centre, actor: User, codes: Mapping[User, str]) -> None:
    """Let these codes work from now on, instead of any that the same people had.

    Raises PermissionDenied unless `actor` coordinates the centre and all of them have a number of it and belong to no
    other: a code opens the account.
    """
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    people = list(User.objects.select_for_update(no_key=True).filter(pk__in=[person.pk for person in codes]))
    if any(person.number_centre_id != centre.pk or not is_only_of(person, centre) for person in people):
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
