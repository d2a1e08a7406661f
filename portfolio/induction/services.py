"""Takes the signature of a candidate under what they read when they begin."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import User
from portfolio.induction.text import induction_words
from portfolio.models import Induction, Registration
from portfolio.permissions import signs_induction
from record.errors import ChangedMeanwhile
from record.services.events import event_add

WRONG_PASSWORD = "That is not your password. Nothing was signed."  # noqa: S105 - a sentence


@transaction.atomic
def induction_sign(*, registration: Registration, actor: User, password: str, seen: str) -> Induction:
    """Sign that its candidate has read the induction, and return the row; done twice, the first counts.

    `password` is the actor's own, `seen` the digest of what the page showed. Raises PermissionDenied for anybody but
    the candidate, ValidationError for a wrong password, ChangedMeanwhile if the centre's text is not that any more.
    """
    registration = Registration.objects.select_for_update(of=("self",)).select_related("centre").get(pk=registration.pk)
    if not signs_induction(actor, registration):
        raise PermissionDenied
    if before := Induction.objects.filter(registration=registration).first():
        return before
    if not actor.check_password(password):
        raise ValidationError({"password": WRONG_PASSWORD})
    words = induction_words(registration.centre)
    if words.digest != seen:
        raise ChangedMeanwhile("The text was")
    row = Induction(registration=registration, sections=words.sections, digest=words.digest, signed_at=timezone.now())
    row.full_clean()
    row.save()
    event_add(chain=registration.chain, kind="induction.signed", actor=actor.uuid, at=row.signed_at, row=row)
    return row
