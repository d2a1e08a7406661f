"""Takes a testimony that was written and signed by hand: an assessor puts the paper in, and names the witness."""

import uuid
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from centres.models import User
from portfolio.evidence.services import evidence_add
from portfolio.models import GivenOn, Registration, StagedFile, Testimony, Witness
from portfolio.permissions import may_note_testimony
from portfolio.services.units import units_lock
from portfolio.testimony.giving import Given, details_of, introduced, require_witness, testimony_keep
from portfolio.testimony.services import can_all_be_asked

SIGNED = "Signed by hand, as on the paper."


@transaction.atomic
def testimony_from_paper(
    *,
    registration: Registration,
    actor: User,
    form_key: uuid.UUID,
    given: Given,
    setting: str,
    staged: Sequence[StagedFile],
    witness: Witness | None = None,
    email: str = "",
) -> Testimony:
    """Keep the paper of a `witness` of the portfolio, or of somebody new, as evidence in their name.

    Sent twice, the form puts it in once. Raises PermissionDenied for who is no assessor of a unit, and ValidationError
    for what cannot be.
    """
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    units_lock(registration)
    if not may_note_testimony(actor, registration) or (witness and witness.registration_id != registration.pk):
        raise PermissionDenied
    if before := Testimony.objects.filter(evidence__registration=registration, evidence__form_key=form_key).first():
        return before
    criteria = can_all_be_asked(registration, given.criteria)
    witness = witness or Witness(
        registration=registration, name=given.name, email=email, added_by=actor, added_at=timezone.now()
    )
    require_witness(registration, witness, given)
    witness = introduced(witness, given)
    evidence = evidence_add(
        registration=registration,
        actor=actor,
        author=registration.candidate,
        form_key=form_key,
        details=details_of(witness, given, setting=setting, how=", on paper"),
        staged=staged,
        witness=witness,
    )
    return testimony_keep(
        evidence=evidence,
        witness=witness,
        given=given,
        request=None,
        criteria=criteria,
        declaration=SIGNED,
        given_on=GivenOn.PAPER,
        actor=actor,
    )
