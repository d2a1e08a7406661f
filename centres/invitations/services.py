"""Invites people into a centre; sends the link again, withdraws it; takes the answer."""

import uuid
from datetime import timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from centres.candidate_numbers.models import SignInCode
from centres.corrections.services import is_only_of
from centres.invitations.mailing import mail_is_sent
from centres.invitations.models import OPEN_FOR, Invitation, InvitationState
from centres.invitations.tasks import invitation_letter_send
from centres.models import Centre, Membership, Role, User
from centres.permissions import may_coordinate
from centres.services.people import NO_ADDRESS, person_add, person_made, role_decline, role_end, role_give
from centres.staff.models import day_in_words
from record.plain_text import plain_characters, plain_line
from record.services.chains import chains_lock, site_chain

KEPT_FOR = timedelta(days=30)  # after its end, so that the coordinator sees what became of it
OLD_LINK = "This link does not work any more. Ask your centre's coordinator for a new one."
ANOTHER_S = "This invitation was sent to another address than that of the account you are signed in with."
SIGN_IN_FIRST = "You have an account already. Sign in, and answer there."
ANSWERED = "It has been answered meanwhile, or was withdrawn."


@transaction.atomic
def person_invite(*, centre: Centre, actor: User, name: str, email: str, role: Role) -> Invitation | Membership:
    """Ask a person to take a role in the centre, by a link that is sent to them.

    Who has a role here has the further one at once: the membership is returned. A new person, or one whom only this
    centre knows, has the role at once too, and still has to come in. Anybody else is only asked: what is
    said names nobody but whom the coordinator typed. Raises PermissionDenied unless `actor` coordinates the centre,
    ValidationError for a role they have already or are invited to, and without an address.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)  # a second press of the button waits
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    name, email, role = plain_line(name), plain_characters(email).lower(), Role(role)
    if not email:
        raise ValidationError(NO_ADDRESS)
    found = _waiting_for(centre, email).filter(role=role).select_related("centre").first()
    if found:
        until = day_in_words(timezone.localtime(found.until).date())
        raise ValidationError(f"{found.email} is invited as {found.role_word} already, until {until}.")
    person = User.objects.filter(email__iexact=email).first()
    held = Membership.objects.current().filter(centre=centre, user=person).values_list("role", flat=True)
    is_here = person is not None and held.exists()
    if person and role in held and not person.has_usable_password():  # their link is over: they have another
        return _invite(centre, actor, name=person.name, email=email, role=role, user=person)
    if person is None or is_here or is_only_of(person, centre):
        membership = person_add(centre=centre, actor=actor, name=name, email=email, role=role)
        person = membership.user
        if person.has_usable_password():
            return membership
        return _invite(centre, actor, name=name, email=email, role=role, user=person)
    return _invite(centre, actor, name=name, email=email, role=role)


def invited_to(centre: Centre, email: str) -> list[Role]:
    """Return the roles to which the address is invited and has not answered yet."""
    return [Role(role) for role in _waiting_for(centre, email).values_list("role", flat=True)]


def _waiting_for(centre: Centre, email: str) -> QuerySet[Invitation]:
    waiting = Invitation.objects.filter(centre=centre, email=email, state=InvitationState.WAITING)
    return waiting.filter(until__gt=timezone.now())


@transaction.atomic
def invitation_for(*, membership: Membership, actor: User) -> Invitation:
    """Return an invitation, with a new link, of who has a role here and has never come in. Raises PermissionDenied."""
    centre, person = membership.centre, membership.user
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    if person.has_usable_password() or not person.email:
        raise ValidationError(f"{person} needs no link: they have come in, or sign in with a number.")
    waiting = Invitation.objects.filter(centre=centre, user=person, role=membership.role).filter(
        state=InvitationState.WAITING
    )
    if found := waiting.first():
        return invitation_renew(invitation=found, actor=actor)
    return _invite(centre, actor, name=person.name, email=person.email, role=Role(membership.role), user=person)


@transaction.atomic
def invitation_renew(*, invitation: Invitation, actor: User) -> Invitation:
    """Send a new link, which works for its whole time; those before it are dead.

    Raises PermissionDenied unless `actor` coordinates the centre, ValidationError if it waits for no answer any more.
    """
    found = _waiting(invitation, actor)
    found.link_number += 1
    found.made_by = actor  # who answers for it from now on
    found.digest = Invitation.digest_of(found.key)
    found.until, found.sent_at = timezone.now() + OPEN_FOR, None
    if found.user:
        found.name, found.email = found.user.name, found.user.email  # they may have been corrected since
    found.save(update_fields=["link_number", "digest", "until", "sent_at", "name", "email", "made_by"])
    invitation_letter_send.enqueue(found.pk, found.link_number)
    return found


@transaction.atomic
def invitation_withdraw(*, invitation: Invitation, actor: User) -> None:
    """Withdraw an invitation. The role of who has yet to come in ends with it.

    Raises PermissionDenied unless `actor` coordinates the centre, ValidationError if it waits for no answer any more.
    """
    found = _waiting(invitation, actor)
    if not _has_come_in(found):  # by another way: then the role is theirs, and ends on its own page
        for held in _roles_with(found):
            role_end(membership=held, actor=actor)
    _answered(found, InvitationState.WITHDRAWN)


def invitations_shown(centre: Centre) -> QuerySet[Invitation]:
    """The invitations of a centre that wait or are over or declined, without those who came in another way since."""
    came_in = Q(user__isnull=False) & ~Q(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    shown = Invitation.objects.filter(centre=centre).select_related("centre").exclude(came_in)
    return shown.filter(state__in=[InvitationState.WAITING, InvitationState.DECLINED])


def invitation_of(key: str) -> Invitation | None:
    """Return the invitation whose link has this key, if it still works."""
    found = Invitation.objects.select_related("centre", "user", "made_by").filter(digest=Invitation.digest_of(key))
    invitation = found.first()
    return invitation if invitation and invitation.is_open else None


def chooses_password(invitation: Invitation) -> bool:
    """Whether who has the link comes in by choosing a password; others have an account, and sign in to answer."""
    person = _person(invitation)
    return person is None or not person.has_usable_password()


def is_for(invitation: Invitation, person: User) -> bool:
    """Whether the invitation went to the address of this person."""
    return bool(person.email) and person.email.lower() == invitation.email


@transaction.atomic
def invitation_accept(*, key: str, actor: User) -> Centre:
    """Take the role that the link offers, as the person with its address; return the centre. Raises ValidationError."""
    found = _locked(key)
    if not is_for(found, actor):
        raise ValidationError(ANOTHER_S)
    return _accept(found, actor)


@transaction.atomic
def invitation_accept_new(*, key: str, password: str) -> User:
    """Come in with a password of one's own, and take the role; return who has come in.

    Raises ValidationError with a sentence: for a password that is not good enough, a link that does not work any more,
    and for an address with which somebody signs in already.
    """
    found = _locked(key)
    chains_lock(site_chain())  # before it is asked whether there is an account: two may come in at once
    person = _person(found)
    if not chooses_password(found) or (person and found.user_id is None and not mail_is_sent(found.centre)):
        raise ValidationError(SIGN_IN_FIRST)  # a link that the coordinator was shown proves no address
    validate_password(password, person or User(name=found.name, email=found.email))
    person = person or person_made(name=found.name, email=found.email, actor=found.made_by)
    person.set_password(password)
    person.save(update_fields=["password"])
    SignInCode.objects.filter(user=person).delete()  # as with any password that is chosen
    _accept(found, person)
    return person


@transaction.atomic
def invitation_decline(*, key: str, actor: User | None) -> Centre:
    """Decline: no role begins, and one that waited for the person ends. Return the centre. Raises ValidationError.

    Who signs in with another address declines nothing of this one.
    """
    found = _locked(key)
    if actor and not is_for(found, actor):
        raise ValidationError(ANOTHER_S)
    if actor is None and _has_come_in(found):
        raise ValidationError(SIGN_IN_FIRST)
    for held in _roles_with(found):
        role_decline(membership=held)
    _answered(found, InvitationState.DECLINED)
    return found.centre


def invitations_of_role_withdraw(membership: Membership) -> None:
    """Withdraw what invites to a role that ends: its link would give it back. For `role_end`, which has the centre."""
    address = Q(user__isnull=True, email__iexact=membership.user.email) if membership.user.email else Q(pk=None)
    waiting = Invitation.objects.filter(
        Q(user=membership.user) | address,
        centre=membership.centre,
        role=membership.role,
        state=InvitationState.WAITING,
    )
    waiting.update(state=InvitationState.WITHDRAWN, answered_at=membership.ended_at)


def sweep_invitations() -> int:
    """Remove those that ended or were answered a month ago; return how many."""
    before = timezone.now() - KEPT_FOR
    return Invitation.objects.filter(Q(until__lt=before) | Q(answered_at__lt=before)).delete()[0]


def _invite(centre: Centre, actor: User, *, name: str, email: str, role: Role, user: User | None = None) -> Invitation:
    now = timezone.now()
    # One that is over makes room: the person is invited anew.
    Invitation.objects.filter(centre=centre, email=email, role=role, state=InvitationState.WAITING).delete()
    made = Invitation(
        uuid=uuid.uuid4(),
        centre=centre,
        user=user,
        role=role,
        name=name,
        email=email,
        made_by=actor,
        made_at=now,
        until=now + OPEN_FOR,
    )
    made.digest = Invitation.digest_of(made.key)
    made.full_clean()
    made.save()
    invitation_letter_send.enqueue(made.pk, made.link_number)
    return made


def _waiting(invitation: Invitation, actor: User) -> Invitation:
    found = _alone(Invitation.objects.filter(pk=invitation.pk))
    if found is None or not may_coordinate(actor, found.centre):
        raise PermissionDenied
    if found.state != InvitationState.WAITING:
        raise ValidationError(ANSWERED)
    return found


def _locked(key: str) -> Invitation:
    invitation = _alone(Invitation.objects.filter(digest=Invitation.digest_of(key)))
    if invitation is None or not invitation.is_open:
        raise ValidationError(OLD_LINK)
    return invitation


def _alone(invitations: QuerySet[Invitation]) -> Invitation | None:
    """Return the one there is, read once its centre is locked: as in `person_invite`, so nobody waits for nobody."""
    centre = Centre.objects.select_for_update(no_key=True).filter(pk__in=invitations.values("centre")).first()
    return invitations.select_related("centre", "user", "made_by").first() if centre else None


def _person(invitation: Invitation) -> User | None:
    people = User.objects.all()
    of = people.filter(pk=invitation.user_id) if invitation.user_id else people.filter(email__iexact=invitation.email)
    return of.first()


def _has_come_in(invitation: Invitation) -> bool:
    """Whether the person whom it gave a role has a password by now."""
    return invitation.user is not None and invitation.user.has_usable_password()


def _roles_with(invitation: Invitation) -> QuerySet[Membership]:
    """The role that began with the invitation, where it did."""
    held = Membership.objects.current().select_related("centre", "user")
    return held.filter(centre=invitation.centre, user=invitation.user, role=invitation.role)


def _accept(invitation: Invitation, person: User) -> Centre:
    centre, role = invitation.centre, Role(invitation.role)
    if not Membership.objects.current().filter(centre=centre, user=person, role=role).exists():
        if not may_coordinate(invitation.made_by, centre):  # who invited them may give no role any more
            raise ValidationError(OLD_LINK)
        role_give(centre=centre, person=person, role=role, actor=person, asked_by=invitation.made_by)
    _answered(invitation, InvitationState.ACCEPTED)
    return centre


def _answered(invitation: Invitation, state: InvitationState) -> None:
    invitation.state, invitation.answered_at = state, timezone.now()
    invitation.save(update_fields=["state", "answered_at"])
