"""The page of a portfolio: its units and how they stand, and its evidence."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assessments.unit_record import UnitClaims, unit_claims
from centres.http import SignedInRequest
from portfolio.choosing import unit_choice
from portfolio.models import Evidence, Registration
from portfolio.permissions import may_add_evidence, may_choose_units
from portfolio.selectors import latest_versions


@require_safe
def portfolio(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Show a portfolio: to its candidate, who adds to it, and to those who look after it."""
    visible = Registration.objects.visible_to(request.user).select_related(
        "centre", "candidate", "qualification__framework"
    )
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    choice = unit_choice(registration)
    units = unit_claims(choice.taken)
    names = _names(units)
    claimed: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for unit in units:
        for record in unit.claims:
            claimed[record.claim.evidence_id][names[unit.unit.pk]] += 1
    pieces = latest_versions(Evidence.objects.kept().filter(registration=registration))
    context = {
        "registration": registration,
        "is_own": registration.candidate_id == request.user.pk,
        "units": [(unit, names[unit.unit.pk], choice.group_of.get(unit.unit.pk, "")) for unit in units],
        "choice": choice,
        "may_choose": may_choose_units(request.user, registration),
        "pieces": [(piece, dict(claimed[piece.evidence_id])) for piece in pieces],
        "may_add": may_add_evidence(request.user, registration),
    }
    return render(request, "assessments/portfolio.html", context)


def _names(units: Sequence[UnitClaims]) -> dict[int, str]:
    """Return what each unit is called for short, by primary key: its code, or "B10 (NVQ)" where two share one."""
    shared = Counter(unit.content.unit.code for unit in units)
    return {
        unit.unit.pk: f"{code} ({unit.content.unit.framework.code.upper()})" if shared[code] > 1 else code
        for unit in units
        if (code := unit.content.unit.code)
    }
