"""Takes evidence over into another portfolio of the same person."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q

from centres.models import User
from centres.policy.selectors import policy_of
from portfolio.evidence.services import EvidenceDetails, piece_make
from portfolio.files.limits import refuse_overfull, refuse_without_consent
from portfolio.models import Evidence, Registration
from portfolio.permissions import authors_for, may_add_like
from portfolio.services.units import units_lock


class TakenAlready(ValidationError):
    """The evidence is in that portfolio already; `piece` is what it is there."""

    def __init__(self, piece: Evidence) -> None:
        super().__init__("This evidence is in that portfolio already, so nothing was taken over.")
        self.piece = piece


def may_take_into(user: User, evidence: Evidence, registration: Registration) -> bool:
    """Whether the person may take the piece over: they may add evidence of its author's here and there.

    There means another portfolio of the same candidate, in the same centre.
    """
    from_here = evidence.registration
    return (
        registration.pk != from_here.pk
        and (registration.candidate_id, registration.centre_id) == (from_here.candidate_id, from_here.centre_id)
        and may_add_like(user, evidence)
        and evidence.author_id in {author.pk for author in authors_for(user, registration)}
    )


@transaction.atomic
def evidence_take(*, evidence: Evidence, into: Registration, actor: User) -> Evidence:
    """Make a piece in another portfolio of what this one says and holds now, under the next number there.

    Claims and judgements stay behind. Raises PermissionDenied, TakenAlready, and ValidationError.
    """
    into = Registration.objects.select_for_update().get(pk=into.pk)
    units_lock(into)
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if not may_take_into(actor, evidence, into):
        raise PermissionDenied
    if evidence.removed_at:
        raise ValidationError("This evidence was removed, so it cannot be taken over.")
    there = Q(taken_from__evidence=evidence)
    if evidence.taken_from:
        there |= Q(pk=evidence.taken_from.evidence_id)
    if piece := into.evidence.kept().filter(there).first():
        raise TakenAlready(piece)
    version = evidence.versions.latest("number")
    held = list(version.files.not_removed().select_related("stored_file__centre"))
    refuse_without_consent(into, held)
    stored = {file.stored_file for file in held}
    refuse_overfull(
        policy_of(into.centre),
        registration=into,
        user=actor,
        name=str(evidence),
        size=sum(file.size for file in stored),
        digests=[file.sha256 for file in stored],
    )
    return piece_make(
        registration=into,
        actor=actor,
        author=evidence.author,
        form_key=uuid.uuid4(),
        details=EvidenceDetails.of(version),
        held=held,
        taken_from=version,
        witness=evidence.witness,
    )
