"""The page that asks what a piece of evidence shows."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.claiming.also_answers import ClaimingUnit, also_answers, claiming_units
from assessments.claiming.claims_form import ClaimsForm
from assessments.claiming.services import ClaimsSaved, claims_save
from assessments.lookup import piece_or_404, unit_or_404
from assessments.standing.unit_record import claims_in
from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.addresses import evidence_add_address
from portfolio.evidence_age import age_asked, last_day
from portfolio.files.selectors import files_of
from portfolio.models import CandidateUnit, EvidenceVersion, State, UnitVersion
from portfolio.permissions import kept_from_verifying
from portfolio.remarks import remarks_on
from portfolio.services.claims import may_claim_as


@require_http_methods(["GET", "HEAD", "POST"])
def claims(request: SignedInRequest, centre: UUID, unit: UUID, evidence: UUID) -> HttpResponse:
    """Show the criteria of a unit and how one piece claims them; save what is ticked."""
    found = unit_or_404(request, centre, unit)
    latest = piece_or_404(found, evidence)
    if latest.evidence.removed_at:
        raise Http404
    units = claiming_units(found, evidence=latest.evidence, person=request.user)
    piece = _counting(units[0], latest)
    form = _form(request, units, piece)
    refused: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            saved = claims_save(unit=found, actor=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            refused = refusal.messages
        else:
            refused = saved.refused
            if said := in_words(saved):
                messages.success(request, said)
            if not refused:
                if "then_add" in request.POST:
                    return redirect(evidence_add_address(found))
                return redirect("assessments:claims", centre=centre, unit=unit, evidence=evidence)
        form = _form(request, units, piece)
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
            happened=last_day(piece),
            age=age_asked(found.registration.centre, version),
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


def in_words(saved: ClaimsSaved) -> str:
    """Say what became of a page of ticks: "Saved: 3 claimed, 1 taken back. Also claimed in U13002." """
    did = Counter(one.did for one in saved.changed)
    words = {"made": "claimed", "moved": "with another place to look", "withdrawn": "taken back"}
    parts = [f"{did[what]} {said}" for what, said in words.items() if did[what]]
    said = [f"Saved: {', '.join(parts)}."] if parts else []
    if saved.also_in:
        *before, last = saved.also_in
        said.append(f"Also claimed in {', '.join(before)} and {last}." if before else f"Also claimed in {last}.")
    said += saved.as_they_are
    return " ".join(said) or ("" if saved.refused else "There was nothing new to save.")


def _counting(unit: ClaimingUnit, latest: EvidenceVersion) -> EvidenceVersion:
    """The version of a piece that counts in the unit."""
    if unit.piece.pk == latest.pk:
        return latest
    return EvidenceVersion.objects.select_related("evidence").get(pk=unit.piece.pk)


def _form(request: SignedInRequest, units: Sequence[ClaimingUnit], piece: EvidenceVersion) -> ClaimsForm:
    """The form of the first unit, with what the others say too."""
    here, *others = units
    return ClaimsForm(
        form_data(request),
        claims=claims_in(here.unit, evidence=piece.evidence),
        piece=piece,
        capacity=here.capacity,
        also=also_answers(here, others, evidence=piece.evidence) if here.is_open else {},
    )


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
