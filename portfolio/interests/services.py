"""Declares interests, and withdraws them."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import ROLES_WITH_AWARD, User
from centres.permissions import may_coordinate, roles_in
from portfolio.interests.rules import assesses_unexplained
from portfolio.models import Allocation, AllocationReason, Interest, InterestKind, Participation, Registration
from portfolio.services.units import units_hold
from record.services.events import Happening, event_add, events_add


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
    units_hold(registration)  # whose turn it is in them may change
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
    units_hold(held.registration)  # nobody acts meanwhile, and whose turn it is may change
    if not may_withdraw(actor, held):
        raise PermissionDenied
    if held.withdrawn_at:
        return
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_why = timezone.now(), actor, why
    held.full_clean()
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    _tell("withdrawn", held, actor)


@transaction.atomic
def assessing_explain(*, interest: Interest, actor: User, reason: str) -> list[AllocationReason]:
    """Say why the person goes on assessing although they declared it; return what is on record now, if anything.

    For each of their allocations in the portfolio that has no reason yet. Raises PermissionDenied unless `actor`
    coordinates the centre, ValidationError without a reason, and where the interest was withdrawn.
    """
    registration = interest.registration
    Registration.objects.select_for_update(no_key=True).get(pk=registration.pk)  # a second press waits
    units_hold(registration)
    if not may_coordinate(actor, registration.centre):
        raise PermissionDenied
    if not Interest.objects.conflicting().filter(pk=interest.pk).exists():
        raise ValidationError("It was withdrawn meanwhile, or asks for no reason. Nothing was saved.")
    given = []
    for allocation in assesses_unexplained(registration, interest.person).select_related("candidate_unit", "user"):
        row = AllocationReason(allocation=allocation, interest=interest, reason=reason)
        row.full_clean()
        row.save()
        given.append(row)
    told = [Happening(kind="allocation.reason_given", row=row) for row in given]
    events_add(chain=registration.chain, actor=actor.uuid, happenings=told)
    return given


def may_withdraw(user: User, interest: Interest) -> bool:
    """Whether `user` withdraws it: the coordinator, or who has declared it of themselves; never the candidate.

    So nobody lifts what somebody else declared of them, and what follows from it. Nor does anybody lift their own, as
    coordinator either, once they are allocated in the portfolio or have acted in it.
    """
    registration = interest.registration
    if user.pk == registration.candidate_id:
        return False
    if user.pk != interest.person_id:
        return may_coordinate(user, registration.centre)
    if _works_in(user, registration):
        return False
    own = interest.declared_by_id == user.pk and may_declare_for(user, registration, user)
    return own or may_coordinate(user, registration.centre)


def _works_in(person: User, registration: Registration) -> bool:
    """Whether the person is allocated to a unit of the portfolio, or has acted in one."""
    of_theirs = {"candidate_unit__registration": registration, "user": person}
    allocated = Allocation.objects.current().filter(**of_theirs)
    return allocated.exists() or Participation.objects.filter(**of_theirs).exists()


def _tell(what: str, interest: Interest, actor: User) -> None:
    event_add(
        chain=interest.registration.chain,
        kind=f"interest.{what}",
        actor=actor.uuid,
        at=interest.withdrawn_at or interest.declared_at,
        row=interest,
    )
