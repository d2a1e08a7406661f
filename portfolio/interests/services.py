"""Declares interests, and withdraws them."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from centres.models import ROLES_WITH_AWARD, User
from centres.permissions import may_coordinate, roles_in
from portfolio.models import Interest, InterestKind, Registration
from record.services.events import event_add


def may_declare_for(user: User, registration: Registration, person: User) -> bool:
    """Whether `user` declares and withdraws interests of `person`: their own, in a portfolio that is open to them.

    The coordinator does it for all who assess and verify at the centre. Nobody has an interest in their own portfolio.
    """
    if person.pk == registration.candidate_id or not roles_in(person, registration.centre) & set(ROLES_WITH_AWARD):
        return False
    if may_coordinate(user, registration.centre):
        return True
    return user == person and Registration.objects.visible_to(user).filter(pk=registration.pk).exists()


@transaction.atomic
def interest_declare(
    *, registration: Registration, actor: User, person: User, kind: InterestKind, words: str
) -> Interest:
    """Put on record what ties a person to the candidate. What is declared already stays as it is.

    Raises PermissionDenied for who may not declare it, ValidationError without words.
    """
    Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)  # a second press waits
    if not may_declare_for(actor, registration, person):
        raise PermissionDenied
    same = Interest.objects.current().filter(registration=registration, person=person, kind=kind).first()
    if same:
        return same
    interest = Interest(
        registration=registration,
        person=person,
        kind=kind,
        words=words,
        declared_by=actor,
        declared_at=timezone.now(),
    )
    interest.full_clean()
    interest.save()
    _tell("declared", interest, actor)
    return interest


@transaction.atomic
def interest_withdraw(*, interest: Interest, actor: User, why: str) -> None:
    """Withdraw a declared interest; it stays on record, with the reason. Twice does nothing.

    Raises PermissionDenied for who may not, ValidationError without a reason.
    """
    Registration.objects.select_for_update(no_key=True).get(pk=interest.registration_id)
    held = Interest.objects.select_related(*Interest.told_with, "registration__centre", "registration__chain").get(
        pk=interest.pk
    )
    if not may_withdraw(actor, held):
        raise PermissionDenied
    if held.withdrawn_at:
        return
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_why = timezone.now(), actor, why
    held.full_clean()
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    _tell("withdrawn", held, actor)


def may_withdraw(user: User, interest: Interest) -> bool:
    """Whether `user` withdraws it: the coordinator, or who has declared it of themselves; never the candidate.

    So nobody lifts what somebody else declared of them, and what follows from it.
    """
    registration = interest.registration
    if user.pk == registration.candidate_id:
        return False
    if may_coordinate(user, registration.centre):
        return True
    return interest.declared_by_id == user.pk and may_declare_for(user, registration, interest.person)


def _tell(what: str, interest: Interest, actor: User) -> None:
    event_add(
        chain=interest.registration.chain,
        kind=f"interest.{what}",
        actor=actor.uuid,
        at=interest.withdrawn_at or interest.declared_at,
        row=interest,
    )
