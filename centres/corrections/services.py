"""Corrects the name and the e-mail address of a person, at once or once they have confirmed it.

Who has the address has the account: a link for a new password goes there. So the address of somebody who has come in
changes only once they confirm it, signed in, by a link that is sent to the new one.
"""

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.corrections.models import CONFIRMED_WITHIN, Correction
from centres.corrections.tasks import confirming_link_send, told_of_correction
from centres.models import Centre, Membership, Role, User
from centres.permissions import may_coordinate
from centres.services.people import NO_ADDRESS
from record.plain_text import plain_characters, plain_line
from record.services.chains import chains_lock, site_chain
from record.services.events import event_add

NOTHING_NEW = "This is their name and address already."
TAKEN = "Another account has this e-mail address."
NO_REASON = "Say why it is corrected."
YOUR_OWN = "Your own name and address you change on the page of your account."
SIGN_IN_FIRST = "Only the person themselves confirms this. Sign in as them, then open the link again."
OLD_LINK = "This link does not work any more. Ask for the change once more."


def is_only_of(person: User, centre: Centre) -> bool:
    """Whether the person never had a role in another centre."""
    held = Membership.objects.filter(user=person)
    return held.filter(centre=centre).exists() and not held.exclude(centre=centre).exists()


def is_let_in_by(centre: Centre, person: User) -> bool:
    """Whether coordinators of the centre let the person in anyhow, so that their address is corrected at once.

    That is who has never come in, and a candidate with a number, to whom codes are handed; not who was ever more than
    that, for whom a coordinator could then sign.
    """
    if not is_only_of(person, centre):
        return False
    was_staff = Membership.objects.filter(user=person).exclude(role=Role.CANDIDATE).exists()
    return not person.has_usable_password() or (person.number_centre_id == centre.pk and not was_staff)


@transaction.atomic
def person_correct(*, centre: Centre, actor: User, person: User, name: str, email: str, reason: str) -> bool:
    """Correct a person of the centre, in the record with the reason; return whether it is done.

    Of somebody who also belongs elsewhere, and of an address with which somebody has come in, it is only asked: they
    are sent a link with which they confirm it. Raises PermissionDenied for who does not coordinate the centre,
    ValidationError with a sentence.
    """
    if not may_coordinate(actor, centre) or not Membership.objects.filter(centre=centre, user=person).exists():
        raise PermissionDenied
    if actor == person:
        raise ValidationError(YOUR_OWN)
    if not plain_line(reason):
        raise ValidationError(NO_REASON)
    wanted = _wanted(person, name, email, actor, centre=centre, reason=reason)
    if is_let_in_by(centre, person) or (wanted.email == person.email and is_only_of(person, centre)):
        _done(wanted, actor)
        return True
    _ask(wanted)
    return False


@transaction.atomic
def address_correct_by_operator(*, person: User, email: str, reason: str) -> None:
    """Give anybody another address at once, on the command line: who has lost password and address confirms nothing.

    Raises ValidationError with a sentence.
    """
    if not plain_line(reason):
        raise ValidationError(NO_REASON)
    _done(_wanted(person, person.name, email, None, reason=reason), None)


@transaction.atomic
def own_correction_ask(*, person: User, name: str, email: str) -> Correction:
    """Ask for one's own new name or address, and send the link that confirms it; one sent before works no more.

    Who has no address, and so can be sent nothing, has their new name at once. Raises ValidationError.
    """
    wanted = _wanted(person, name, email, person)
    if wanted.email:
        _ask(wanted)
    else:
        _done(wanted, person)
    return wanted


def corrections_open(person: User) -> list[Correction]:
    """What was asked for of them, by themselves or a coordinator, and waits to be confirmed."""
    asked = Correction.objects.filter(user=person, done_at=None).select_related("user", "centre").order_by("pk")
    return [one for one in asked if is_open(one)]


def correction_withdraw(*, correction: Correction, actor: User) -> bool:
    """Take back what was asked for of oneself, so that its link works no more; return whether it still waited."""
    return bool(Correction.objects.filter(pk=correction.pk, user=actor, done_at=None).delete()[0])


class SignInFirst(ValidationError):
    """A correction is confirmed by its person alone."""


@transaction.atomic
def correction_confirm(key: str, *, actor: User | None, session_key: str | None = None) -> User:
    """Do what the link with this key confirms, once; return whose it was.

    `actor` is who is signed in, in the session with this key, which alone goes on when the address changes. It must
    be the person: the link goes to an address that somebody typed, and who holds it would hold the account. Raises
    ValidationError, SignInFirst.
    """
    chains_lock(site_chain())  # before the row, as who asks does
    found = Correction.objects.select_for_update().filter(digest=Correction.digest_of(key), done_at=None).first()
    if found is None or not is_open(found):
        raise ValidationError(OLD_LINK)
    if actor != found.user:
        raise SignInFirst(SIGN_IN_FIRST)
    _done(found, found.user, session_key=session_key)
    found.save()
    return found.user


def is_open(correction: Correction) -> bool:
    """Whether its link still works: for a week, and as long as nothing else was corrected meanwhile."""
    was = (correction.was_name, correction.was_email)
    return (
        correction.done_at is None
        and correction.asked_at > timezone.now() - CONFIRMED_WITHIN
        and was == (correction.user.name, correction.user.email)
    )


def sweep_corrections() -> int:
    """Remove those whose link works no more; return how many."""
    return Correction.objects.filter(asked_at__lt=timezone.now() - CONFIRMED_WITHIN).delete()[0]


def _ask(wanted: Correction) -> None:
    """Send its link, and end that of whatever the same side asked for before."""
    chains_lock(site_chain())  # of two at once, one comes after the other
    Correction.objects.filter(user=wanted.user, centre=wanted.centre, done_at=None).delete()
    wanted.save()
    confirming_link_send.enqueue(wanted.pk)


def _wanted(
    person: User, name: str, email: str, actor: User | None, *, centre: Centre | None = None, reason: str = ""
) -> Correction:
    name, email = plain_line(name), plain_characters(email).lower()
    if (name, email) == (person.name, person.email):
        raise ValidationError(NOTHING_NEW)
    if not email and (person.email or not person.candidate_number):
        raise ValidationError(NO_ADDRESS)
    _refuse_taken(email, person)
    wanted = Correction(
        user=person,
        name=name,
        email=email,
        was_name=person.name,
        was_email=person.email,
        reason=plain_line(reason),
        centre=centre,
        asked_by=actor,
        asked_at=timezone.now(),
    )
    wanted.full_clean(exclude=["asked_by"])
    return wanted


def _refuse_taken(email: str, person: User) -> None:
    if email and User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise ValidationError(TAKEN)


def _done(correction: Correction, actor: User | None, *, session_key: str | None = None) -> None:
    asker = correction.asked_by if correction.asked_by_id else None
    (site,) = chains_lock(site_chain())
    person = User.objects.select_for_update().get(pk=correction.user_id)
    _refuse_taken(correction.email, person)
    person.name, person.email = correction.name, correction.email
    person.full_clean()
    person.save(update_fields=["name", "email"])
    correction.user, correction.done_at = person, timezone.now()
    event_add(
        chain=site,
        kind="person.corrected",
        actor=actor.uuid if actor else None,
        at=correction.done_at,
        row=person,
        payload={
            "reason": correction.reason,
            "centre": str(correction.centre.uuid) if correction.centre else None,
            "asked_by": str(asker.uuid) if asker else None,
        },
    )
    if correction.was_email != correction.email:
        _end_what_went_to_the_old(correction, session_key)


def _end_what_went_to_the_old(correction: Correction, session_key: str | None) -> None:
    """Sign them out, but in this session, and tell the old address. Links that were sent there end by themselves."""
    person = correction.user
    for session in UserSession.objects.filter(user=person).exclude(session_key=session_key or ""):
        session.end()
    EmailAddress.objects.filter(user_id=person.pk).exclude(email=person.email).delete()  # django-allauth's own list
    if correction.was_email:
        told_of_correction.enqueue(correction.was_email, person.name)
