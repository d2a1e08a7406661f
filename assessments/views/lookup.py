"""Finds the unit that an address names, for those to whom it is open."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from assessments.remembered import Remembered
from centres.http import SignedInRequest
from portfolio.models import CandidateUnit, EvidenceVersion
from standards.published import revision_row

OF_A_PAGE = ("registration__centre", "registration__candidate", "registration__chain")


def unit_or_404(
    request: SignedInRequest, centre: UUID, unit: UUID, *, related: Sequence[str] = OF_A_PAGE
) -> CandidateUnit:
    """Return the unit, with all that a page says of it. Raises Http404 for whom it is closed to.

    The chain of its portfolio comes with it: its head says whether what a process has found still holds. Who
    shows no page names what is `related` to the unit and needed.
    """
    visible: QuerySet[CandidateUnit] = CandidateUnit.objects.visible_to(request.user).select_related(*related)
    found = get_object_or_404(visible, uuid=unit, registration__centre__uuid=centre)
    found.revision = revision_row(found.revision_id)
    return found


def head_shown(unit: CandidateUnit, request: SignedInRequest) -> str:
    """Return the head of the portfolio's chain for a page that is only shown; none where something is changed."""
    return "" if request.method == "POST" else unit.registration.chain.head


_pieces: Remembered[EvidenceVersion] = Remembered(at_most=1000)


def piece_or_404(request: SignedInRequest, unit: CandidateUnit, evidence: UUID) -> EvidenceVersion:
    """Return the latest version of a piece of the unit's portfolio. Raises Http404.

    Who may open the unit may open the whole portfolio, so nothing more is asked.
    """
    versions = EvidenceVersion.objects.filter(evidence__uuid=evidence, evidence__registration=unit.registration_id)
    latest = versions.select_related("evidence").order_by("-number")[:1]
    return _pieces.at((unit.registration_id, evidence), head_shown(unit, request), lambda: get_object_or_404(latest))
