"""Corrects the name and the e-mail address of a person, at once or once they have confirmed it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.corrections.models import CONFIRMED_WITHIN, Correction
from centres.corrections.tasks import confirming_link_send, told_of_correction
from centres.models import Centre, Membership, User
from centres.permissions import may_coordinate
from centres.services.people import NO_ADDRESS
from record.plain_text import plain_characters, plain_line
from record.services.chains import chains_lock, site_chain
from record.services.events import event_add

NOTHING_NEW = "This is their name and address already."
TAKEN = "Another account has this e-mail address."
NO_REASON = "Say why it is corrected."
SIGN_IN_FIRST = "Only the person themselves confirms this. Sign in as them, then open the link again."
OLD_LINK = "This link does not work any more. Ask for the change once more."


def is_only_of(person: User, centre: Centre) -> bool:
    """Whether the person never had a role in another centre."""
    held = Membership.objects.filter(user=person)
    return held.filter(centre=centre).exists() and not held.exclude(centre=centre).exists()


@transaction.atomic
def person_correct(*, centre: Centre, actor: User, person: User, name: str, email: str, reason: str) -> bool:
    """Correct a person of the centre, in the record with the reason; return whether it is done.

    Of somebody who also belongs elsewhere it is only asked: they are sent a link with which they confirm it.
    Raises PermissionDenied for who does not coordinate the centre, ValidationError with a sentence.
    """
    if not may_coordinate(actor, centre) or not Membership.objects.filter(centre=centre, user=person).exists():
        raise PermissionDenied
    if not plain_line(reason):
        raise ValidationError(NO_REASON)
    wanted = _wanted(person, name, email, actor, centre=centre, reason=reason)
    if is_only_of(person, centre):
        _done(wanted, actor)
        return True
    wanted.save()
    confirming_link_send.enqueue(wanted.pk)
    return False


@transaction.atomic
def own_correction_ask(*, person: User, name: str, email: str) -> Correction:
    """Ask for one's own new name or address, and send the link that confirms it. Raises ValidationError."""
    wanted = _wanted(person, name, email, person)
    wanted.save()
    confirming_link_send.enqueue(wanted.pk)
    return wanted


class SignInFirst(ValidationError):
    """What somebody else asked for is confirmed by its person alone."""


@transaction.atomic
def correction_confirm(key: str, *, actor: User | None) -> User:
    """Do what the link with this key confirms, once; return whose it was.

    `actor` is who is signed in. What a coordinator asked for is confirmed by its person, since the link goes to an
    address that the coordinator has typed: who holds it would hold the account. Raises ValidationError, SignInFirst.
    """
    found = Correction.objects.select_for_update().filter(digest=Correction.digest_of(key), done_at=None).first()
    if found is None or not is_open(found):
        raise ValidationError(OLD_LINK)
    if found.asked_by_id != found.user_id and actor != found.user:
        raise SignInFirst(SIGN_IN_FIRST)
    _done(found, found.user)
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


def _wanted(
    person: User, name: str, email: str, actor: User, *, centre: Centre | None = None, reason: str = ""
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
    wanted.full_clean()
    return wanted


def _refuse_taken(email: str, person: User) -> None:
    if email and User.objects.filter(email__iexact=email).exclude(pk=person.pk).exists():
        raise ValidationError(TAKEN)


def _done(correction: Correction, actor: User) -> None:
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
        actor=actor.uuid,
        at=correction.done_at,
        row=person,
        payload={
            "reason": correction.reason,
            "centre": str(correction.centre.uuid) if correction.centre else None,
            "asked_by": str(correction.asked_by.uuid),
        },
    )
    if correction.was_email and correction.was_email != correction.email:
        told_of_correction.enqueue(correction.was_email, person.name)
