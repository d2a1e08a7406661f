"""The page of a portfolio: its units and how they stand, and its evidence."""

from collections import defaultdict
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.progress import Progress
from assessments.unit_record import unit_claims
from centres.http import SignedInRequest
from portfolio.models import CandidateUnit, Evidence, Registration
from portfolio.permissions import may_add_evidence
from portfolio.selectors import latest_versions


@require_safe
def portfolio(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show a portfolio: to its candidate, who adds to it, and to those who look after it."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    in_it = CandidateUnit.objects.filter(registration=registration).select_related("revision__unit")
    units = unit_claims(list(in_it.order_by("revision__unit__code", "pk")))
    claimed: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit in units:
        for record in unit.claims:
            claimed[record.claim.evidence_id][unit.content.unit.code] += 1
    pieces = latest_versions(Evidence.objects.kept().filter(registration=registration))
    context = {
        "registration": registration,
        "is_own": registration.candidate_id == request.user.pk,
        "units": units,
        "progress": sum((unit.progress for unit in units), Progress()),
        "pieces": [(piece, dict(claimed[piece.evidence_id])) for piece in pieces],
        "may_add": may_add_evidence(request.user, registration),
    }
    return render(request, "assessments/portfolio.html", context)
