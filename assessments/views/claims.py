"""The page that asks what a piece of evidence shows."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.claims_form import ClaimsForm
from assessments.standing import version_held
from assessments.unit_record import UnitClaims, claims_in
from assessments.views.lookup import head_shown, piece_or_404, unit_or_404
from centres.http import SignedInRequest
from config.interrupted import form_data
from portfolio.models import CandidateUnit, EvidenceVersion, State, UnitVersion
from portfolio.permissions import capacity_in
from portfolio.selectors import files_of
from portfolio.services.claims import ClaimsOutcome, claims_set, may_claim_as


@require_http_methods(["GET", "HEAD", "POST"])
def claims(request: SignedInRequest, centre: UUID, unit: UUID, evidence: UUID) -> HttpResponse:
    """Show the criteria of a unit and how one piece claims them; save what is ticked."""
    found = unit_or_404(request, centre, unit)
    latest = piece_or_404(request, found, evidence)
    if latest.evidence.removed_at:
        raise Http404
    claimed = _claimed(request, found, latest)
    held_to = None if claimed.version.state == State.COLLECTING else version_held(found, latest.evidence)
    piece = held_to or latest
    form = _form(request, claimed, piece)
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            outcome = claims_set(
                unit=found, evidence=piece.evidence, actor=request.user, held_to=held_to, **form.cleaned_data
            )
        except ValidationError as refusal:
            refused = refusal.messages
        else:
            refused = outcome.refused
            if not refused or outcome.saved:
                messages.success(request, in_words(outcome))
            if not refused:
                if "then_add" in request.POST:
                    return redirect("portfolio:evidence_add", centre=centre, portfolio=found.registration.uuid)
                return redirect("assessments:claims", centre=centre, unit=unit, evidence=evidence)
        form = _form(request, _claimed(request, found, latest), piece)
    version = form.claims.version
    errors = refused or [str(error) for error in form.non_field_errors()]
    context = {
        "unit": found,
        "version": version,
        "piece": piece,
        "files": files_of(piece),
        "form": form,
        "errors": errors,
        "held_elsewhere": form.claims.content.unit.rules.held_elsewhere,
        "may_claim": may_claim_as(form.capacity, State(version.state)),
        "groups": form.groups(fresh=bool(refused)),
        "why_not": _why_not(request, found, version),
    }
    return render(request, "assessments/claims.html", context)


def in_words(outcome: ClaimsOutcome) -> str:
    """Say what became of a page of ticks: "Saved: 3 claimed, 1 taken back." """
    parts = [
        f"{count} {words}"
        for count, words in (
            (outcome.made, "claimed"),
            (outcome.changed, "with another place to look"),
            (outcome.withdrawn, "taken back"),
        )
        if count
    ]
    return f"Saved: {', '.join(parts)}." if parts else "There was nothing new to save."


def _claimed(request: SignedInRequest, unit: CandidateUnit, piece: EvidenceVersion) -> UnitClaims:
    return claims_in(unit, evidence=piece.evidence, head=head_shown(unit, request))


def _form(request: SignedInRequest, claimed: UnitClaims, piece: EvidenceVersion) -> ClaimsForm:
    capacity = capacity_in(request.user, claimed.unit)
    return ClaimsForm(form_data(request), claims=claimed, piece=piece, capacity=capacity)


def _why_not(request: SignedInRequest, unit: CandidateUnit, version: UnitVersion) -> str:
    """Why the person cannot claim here, where they cannot."""
    state = version.get_state_display().lower()
    if unit.registration.candidate_id == request.user.pk:
        return (
            f"This unit is {state}, so its claims stay as they are. You can change them again if it is returned to you."
        )
    if version.state in {State.ASSESSED, State.VERIFIED}:
        return f"This unit is {state}, so its claims stay as they are."
    return "Only the candidate and the assessor of this unit claim criteria. You can look at what they claimed."
