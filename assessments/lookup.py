"""Finds the unit that an address names, for those to whom it is open."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from centres.http import SignedInRequest
from portfolio.models import CandidateUnit, EvidenceVersion
from standards.published import revision_row

OF_A_PAGE = ("registration__centre", "registration__candidate", "registration__chain")


def unit_or_404(
    request: SignedInRequest, centre: UUID, unit: UUID, *, related: Sequence[str] = OF_A_PAGE
) -> CandidateUnit:
    """Return the unit, with everything that a page says of it. Raises Http404 for a person to whom it is closed.

    A caller that shows no page names the `related` rows that it needs.
    """
    visible: QuerySet[CandidateUnit] = CandidateUnit.objects.visible_to(request.user).select_related(*related)
    found = get_object_or_404(visible, uuid=unit, registration__centre__uuid=centre)
    found.revision = revision_row(found.revision_id)
    return found


def piece_or_404(unit: CandidateUnit, evidence: UUID) -> EvidenceVersion:
    """Return the latest version of a piece of the unit's portfolio. Raises Http404.

    Who may open the unit may open the whole portfolio, so nothing more is asked.
    """
    versions = EvidenceVersion.objects.filter(evidence__uuid=evidence, evidence__registration=unit.registration_id)
    return get_object_or_404(versions.select_related("evidence").order_by("-number")[:1])
