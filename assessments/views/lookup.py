"""Finds the unit that an address names, for those to whom it is open."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from centres.http import SignedInRequest
from portfolio.models import CandidateUnit, Evidence


def unit_or_404(request: SignedInRequest, centre: UUID, unit: UUID) -> CandidateUnit:
    """Return the unit, with all that a page says of it. Raises Http404 for whom it is closed to.

    The chain of its portfolio comes with it: its head says whether what a process has found still holds. The
    unit's rules, which may be long, come only where something is changed.
    """
    visible: QuerySet[CandidateUnit] = CandidateUnit.objects.visible_to(request.user).select_related(
        "registration__centre", "registration__candidate", "registration__chain", "revision__unit__framework"
    )
    visible = visible.defer("revision__rulings", *(() if request.method == "POST" else ("revision__rules",)))
    return get_object_or_404(visible, uuid=unit, registration__centre__uuid=centre)


def head_shown(request: SignedInRequest, unit: CandidateUnit) -> str:
    """Return the head of the portfolio's chain for a page that is only shown; none where something is changed."""
    return "" if request.method == "POST" else unit.registration.chain.head


def evidence_or_404(request: SignedInRequest, unit: CandidateUnit, evidence: UUID) -> Evidence:
    """Return a piece of the unit's portfolio. Raises Http404."""
    visible = Evidence.objects.visible_to(request.user)
    return get_object_or_404(visible, uuid=evidence, registration=unit.registration_id)
