"""Begins centres, and gives and ends roles of people in them."""

from collections.abc import Callable

from allauth.account import app_settings as account_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre, Membership, Role, User
from centres.permissions import may_coordinate
from centres.selectors import is_last_coordinator
from centres.words import CandidateWord, ExternalVerifierWord, InternalVerifierWord
from record.models import ChainKind
from record.plain_text import plain_characters
from record.services.chains import chains_lock, site_chain
from record.services.events import chain_start, event_add

NO_ADDRESS = "Type an e-mail address."


@transaction.atomic
def centre_create(
    *,
    name: str,
    number: str,
    time_zone: str,
    coordinator_name: str,
    coordinator_email: str,
    is_demo: bool = False,
    candidate_word: str = CandidateWord.CANDIDATE,
    internal_verifier_word: str = InternalVerifierWord.IV,
    external_verifier_word: str = ExternalVerifierWord.EV,
) -> Membership:
    """Begin a centre with its first coordinator, and return that coordinator's membership.

    The operator does this on the command line, so the event names no actor. Raises ValidationError.
    """
    (site,) = chains_lock(site_chain())
    chain = chain_start(ChainKind.CENTRE)
    centre = Centre(
        name=name,
        number=number,
        time_zone=time_zone,
        is_demo=is_demo,
        candidate_word=candidate_word,
        internal_verifier_word=internal_verifier_word,
        external_verifier_word=external_verifier_word,
        chain=chain,
    )
    centre.full_clean()
    centre.save()
    person = person_made(name=coordinator_name, email=coordinator_email, actor=None)
    event_add(
        chain=site,
        kind="centre.opened",
        actor=None,
        row=centre,
    )
    event_add(
        chain=centre.chain,
        kind="centre.created",
        actor=None,
        row=centre,
    )
    return role_give(centre=centre, person=person, role=Role.COORDINATOR, actor=None)


@transaction.atomic
def person_add(*, centre: Centre, actor: User, name: str, email: str, role: Role) -> Membership:
    """Give a person a role in the centre, and an account if they have none. Returns the membership.

    Raises PermissionDenied unless `actor` coordinates the centre, ValidationError for a role the person
    has already. Send the invitation afterwards, with `invitation_send`.
    """
    centre = Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)  # a second press of the button waits
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    person = person_made(name=name, email=email, actor=actor)
    return role_give(centre=centre, person=person, role=Role(role), actor=actor)


@transaction.atomic
def role_end(*, membership: Membership, actor: User) -> None:
    """End a role, and with it all access that it gave. Ending it twice does nothing.

    Raises PermissionDenied unless `actor` coordinates the centre, ValidationError for the last coordinator.
    """
    centre = Centre.objects.select_for_update().get(pk=membership.centre_id)
    if not may_coordinate(actor, centre):
        raise PermissionDenied
    _end(membership, centre, actor)


@transaction.atomic
def role_decline(*, membership: Membership) -> None:
    """End a role that its own person does not take: they were invited. Raises ValidationError as `role_end` does."""
    centre = Centre.objects.select_for_update().get(pk=membership.centre_id)
    _end(membership, centre, membership.user)


# What ends with a role, such as an invitation to it. Rooms above add theirs when Django starts.
_with_the_role: list[Callable[[Membership], None]] = []


def end_with_the_role(withdrawn: Callable[[Membership], None]) -> None:
    """Have this called, in the same transaction, for each role that ends."""
    _with_the_role.append(withdrawn)


def _end(membership: Membership, centre: Centre, actor: User) -> None:
    """The row of the centre is locked, so that of two coordinators who leave at once one stays."""
    membership.refresh_from_db()
    if membership.ended_at:
        return
    if is_last_coordinator(membership):
        raise ValidationError("A centre needs a coordinator. Give somebody else the role, and let them come in first.")
    membership.ended_at = timezone.now()
    membership.save(update_fields=["ended_at"])
    for withdrawn in _with_the_role:
        withdrawn(membership)
    event_add(chain=centre.chain, kind="role.ended", actor=actor.uuid, at=membership.ended_at, row=membership)


def invitation_send(*, membership: Membership) -> None:
    """Send the person the link with which they set their own password and come in.

    Raises OSError (as smtplib's errors are) if the mail server does not take it; the membership
    stands all the same, and the link can be sent again.
    """
    person = membership.user
    context = {
        "name": person.name,
        "centre": membership.centre.name,
        "called": membership.centre.words,
        "role": membership.role_word,
        "link": invitation_link(person),
        "has_password": person.has_usable_password(),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
    }
    send_mail(
        subject=render_to_string("centres/email/invitation_subject.txt", context).strip(),
        message=render_to_string("centres/email/invitation.txt", context),
        from_email=None,
        recipient_list=[person.email],
    )


def invitation_link(person: User) -> str:
    """The address with which a person comes in: to set their password, or home if they have one."""
    return settings.SITE_URL + (reverse("home") if person.has_usable_password() else password_page(person))


def password_page(person: User) -> str:
    """The path of the page on which the person chooses a new password, with a secret that works once."""
    key = account_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    named = {"uidb36": user_pk_to_url_str(person), "key": key}
    return reverse("account_reset_password_from_key", kwargs=named)


def person_made(*, name: str, email: str, actor: User | None) -> User:
    """Return the person with this e-mail address, made if there is none; the site's chain tells of them.

    The chain is locked first, because another centre may be adding the same person at this moment. Raises
    ValidationError without an address: whoever has none would be found.
    """
    email = plain_characters(email)
    if not email:
        raise ValidationError(NO_ADDRESS)
    known = User.objects.filter(email__iexact=email)
    if found := known.first():
        return found
    (site,) = chains_lock(site_chain())
    if found := known.first():
        return found
    person = User.objects.create_user(email=email, name=name)
    event_add(
        chain=site,
        kind="person.created",
        actor=actor.uuid if actor else None,
        row=person,
    )
    return person


def role_give(
    *, centre: Centre, person: User, role: Role, actor: User | None, asked_by: User | None = None
) -> Membership:
    """Give a person a role from now on, and return it. `asked_by`: who invited them, where they accepted it themselves.

    For services that have asked who may. Raises ValidationError for a role the person has already.
    """
    membership = Membership(centre=centre, user=person, role=role, began_at=timezone.now())
    membership.full_clean()
    membership.save()
    event_add(
        chain=centre.chain,
        kind="role.given",
        actor=actor.uuid if actor else None,
        at=membership.began_at,
        row=membership,
        payload={"asked_by": str(asked_by.uuid)} if asked_by else {},
    )
    return membership
