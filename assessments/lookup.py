"""Finds the unit that an address names, for those to whom it is open."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from centres.http import SignedInRequest
from portfolio.models import CandidateUnit, EvidenceVersion, RegistrationStanding
from portfolio.open_registrations import ended_sentence
from record.prepared import prepared
from standards.published import revision_row


def unit_or_404(request: SignedInRequest, centre: UUID, unit: UUID) -> CandidateUnit:
    """Return the unit, with everything that a page says of it. Raises Http404 for a person to whom it is closed.

    Raises PermissionDenied, with the sentence, for a form that was sent once the registration had ended.
    """
    visible = _visible(request.user.pk, timezone.now(), centre, unit)
    if not visible:
        raise Http404
    [found] = visible
    if request.method == "POST" and found.ended_as:
        raise PermissionDenied(ended_sentence(found.ended_as, found.registration.candidate.name))
    found.revision = revision_row(found.revision_id)
    return found


@prepared
def _visible(user: int, now: datetime, centre: UUID, unit: UUID) -> QuerySet[Any, Any]:
    visible = CandidateUnit.objects.visible_to(user, now).filter(uuid=unit, registration__centre__uuid=centre)
    ended = RegistrationStanding.objects.ended().filter(registration=OuterRef("registration"))
    visible = visible.annotate(ended_as=Subquery(ended.values("state")[:1]))
    return visible.select_related("registration__centre", "registration__candidate", "registration__chain")


def piece_or_404(unit: CandidateUnit, evidence: UUID) -> EvidenceVersion:
    """Return the latest version of a piece of the unit's portfolio. Raises Http404.

    Who may open the unit may open the whole portfolio, so nothing more is asked.
    """
    versions = _latest(unit.registration_id, evidence)
    if not versions:
        raise Http404
    return versions[0]


@prepared
def _latest(registration: int, evidence: UUID) -> QuerySet[EvidenceVersion, EvidenceVersion]:
    versions = EvidenceVersion.objects.filter(evidence__uuid=evidence, evidence__registration=registration)
    return versions.select_related("evidence").order_by("-number")[:1]
