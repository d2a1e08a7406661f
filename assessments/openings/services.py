"""Notes that somebody has looked at a piece of evidence."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.models import Opening
from centres.models import User
from portfolio.models import EvidenceVersion
from portfolio.permissions import only_reads

ONE_LOOK = timedelta(minutes=10)  # whoever turns back to a file within these has opened it once


def opening_add(*, version: EvidenceVersion, actor: User, position: int | None) -> None:
    """Note that the person has opened the file at this place of the version, or with None: saw the piece itself.

    The candidate's own looking proves nothing, and who comes for a visit only reads: both are refused with
    PermissionDenied. That the person may see the piece,
    and that the file is there, the caller has asked.
    """
    registration = version.evidence.registration
    if registration.candidate_id == actor.pk or only_reads(actor, registration):
        raise PermissionDenied
    now = timezone.now()
    same = Opening.objects.filter(person=actor, version=version, position=position)
    if not same.filter(at__gt=now - ONE_LOOK).exists():
        Opening.objects.create(person=actor, version=version, position=position, at=now)
