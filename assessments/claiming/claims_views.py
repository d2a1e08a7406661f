"""The page that asks what a piece of evidence shows."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.cells.changes import ChangedCell, cells_change
from assessments.claiming.claims_form import ClaimsForm
from assessments.lookup import piece_or_404, unit_or_404
from assessments.standing.unit_record import UnitClaims, claims_in
from assessments.standing.worked_out import versions_that_count
from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.addresses import evidence_add_address
from portfolio.files.selectors import files_of
from portfolio.models import CandidateUnit, EvidenceVersion, State, UnitVersion
from portfolio.permissions import capacity_in, kept_from_verifying
from portfolio.remarks import remarks_on
from portfolio.services.claims import may_claim_as


@require_http_methods(["GET", "HEAD", "POST"])
def claims(request: SignedInRequest, centre: UUID, unit: UUID, evidence: UUID) -> HttpResponse:
    """Show the criteria of a unit and how one piece claims them; save what is ticked."""
    found = unit_or_404(request, centre, unit)
    latest = piece_or_404(found, evidence)
    if latest.evidence.removed_at:
        raise Http404
    piece = _counting(found, latest)
    form = _form(request, found, piece)
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            changed = cells_change(unit=found, actor=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            refused = refusal.messages
        else:
            refused = [one.refused for one in changed if one.refused]
            if len(refused) < len(changed) or not changed:
                messages.success(request, in_words(changed))
            if not refused:
                if "then_add" in request.POST:
                    return redirect(evidence_add_address(found))
                return redirect("assessments:claims", centre=centre, unit=unit, evidence=evidence)
        form = _form(request, found, piece)
    version = form.claims.version
    content = form.claims.content.unit
    files = files_of(piece)
    errors = refused or [str(error) for error in form.non_field_errors()]
    context = {
        "unit": found,
        "version": version,
        "piece": piece,
        "files": files,
        "remarks": remarks_on(
            content,
            kind=piece.kind,
            title=piece.title,
            author=found.registration.writes_as(piece.evidence.author_id),
            is_elsewhere=bool(piece.location) and not files,
        ),
        "form": form,
        "errors": errors,
        "held_elsewhere": content.rules.held_elsewhere,
        "may_claim": may_claim_as(form.capacity, State(version.state)),
        "groups": form.groups(fresh=bool(refused)),
        "why_not": _why_not(request, found, version),
        "kept_out": [] if _is_candidates(piece, found) else kept_from_verifying(found),
    }
    return render(request, "assessments/claiming/claims.html", context)


def in_words(changed: Sequence[ChangedCell]) -> str:
    """Say what became of a page of ticks: "Saved: 3 claimed, 1 taken back." """
    did = Counter(one.did for one in changed)
    said = {"made": "claimed", "moved": "with another place to look", "withdrawn": "taken back"}
    parts = [f"{did[what]} {words}" for what, words in said.items() if did[what]]
    return f"Saved: {', '.join(parts)}." if parts else "There was nothing new to save."


def _counting(unit: CandidateUnit, latest: EvidenceVersion) -> EvidenceVersion:
    """The version of a piece that counts in the unit."""
    counts = versions_that_count([unit.pk], [latest.evidence_id])[unit.pk][latest.evidence_id]
    if counts.pk == latest.pk:
        return latest
    return EvidenceVersion.objects.select_related("evidence").get(pk=counts.pk)


def _form(request: SignedInRequest, unit: CandidateUnit, piece: EvidenceVersion) -> ClaimsForm:
    claimed: UnitClaims = claims_in(unit, evidence=piece.evidence)
    capacity = capacity_in(request.user, unit)
    return ClaimsForm(form_data(request), claims=claimed, piece=piece, capacity=capacity)


def _is_candidates(piece: EvidenceVersion, unit: CandidateUnit) -> bool:
    return piece.author_id == unit.registration.candidate_id


def _why_not(request: SignedInRequest, unit: CandidateUnit, version: UnitVersion) -> str:
    """Why the person cannot claim here; empty if they can."""
    state = version.get_state_display().lower()
    if unit.registration.candidate_id == request.user.pk:
        return (
            f"This unit is {state}, so its claims stay as they are. You can change them again if it is returned to you."
        )
    if version.state in {State.ASSESSED, State.VERIFIED}:
        return f"This unit is {state}, so its claims stay as they are."
    only = "Only the {candidate} and the assessor of this unit claim criteria. You can look at what they claimed."
    return unit.registration.centre.words.say(only)
