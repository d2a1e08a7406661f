"""The pages of a piece of evidence: adding it, looking at it, correcting and removing it."""

from uuid import UUID

from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.context import shell_of
from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.addresses import claims_address
from portfolio.evidence.additions import additions_on
from portfolio.evidence.forms import CorrectionForm, EvidenceForm
from portfolio.evidence.same_files import same_files
from portfolio.evidence.selectors import (
    changes_between,
    held_elsewhere,
    people_in_words,
    period,
    piece_in_units,
    portfolios_beside,
    saved_forms,
    taken_from,
    taken_over,
    units_of,
    version_history,
)
from portfolio.evidence.services import evidence_add, evidence_correct, evidence_remove
from portfolio.evidence.splitting import may_have_pages
from portfolio.files.arriving import unfinished_for
from portfolio.files.selectors import previews_asked
from portfolio.models import Evidence, EvidenceVersion, Registration, State
from portfolio.models.evidence_number import evidence_number
from portfolio.open_registrations import why_refused
from portfolio.permissions import (
    authors_for,
    capacities_in,
    changes_evidence,
    may_add_like,
    may_change_evidence,
    removes_files,
)
from portfolio.services.claims import may_claim_as
from record.errors import ChangedMeanwhile


@require_http_methods(["GET", "HEAD", "POST"])
@csp_update({"media-src": "blob:"})  # type: ignore[arg-type]  # what is recorded in the page is listened to there
def add(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Add a piece to a portfolio, and go on to what it shows."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    authors = authors_for(request.user, registration)
    if not authors:
        raise PermissionDenied(why_refused(registration))
    form = EvidenceForm(
        form_data(request), request.FILES or None, registration=registration, user=request.user, authors=authors
    )
    if request.method == "POST":
        before = _sent_before(request, registration)
        if before and not form.repeats(before):
            form = form.for_another(before)
        elif piece := before or _add(form):
            return _what_does_it_show(request, piece)
    context = {
        "registration": registration,
        "form": form,
        "held_elsewhere": held_elsewhere(registration),
        "unfinished": unfinished_for(registration=registration, user=request.user),
        "saved_forms": saved_forms(registration, request.user),
        "may_ask_witness": request.user in authors,
    }
    return render(request, "portfolio/evidence/evidence_add.html", context)


@require_safe
def detail(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Show a piece: what it says, its files, its versions, and where it is claimed."""
    piece = _piece(request, centre, evidence)
    history = version_history(piece)
    previews_asked(history[0].files)
    units = piece_in_units(piece, history[0].version) if piece.removed_at is None else []
    capacities = capacities_in(request.user, piece.registration, [one.unit for one in units])
    may_add = piece.removed_at is None and may_add_like(request.user, piece)
    context = {
        "evidence": piece,
        "latest": history[0].version,
        "splits": [
            shown.file for shown in history[0].files if may_add and shown.is_here and may_have_pages(shown.file)
        ],
        "additions": additions_on(piece, request.user),
        "period": period(history[0].version),
        "people": people_in_words(history[0].version, history[0].files),
        "history": history,
        "same_files": same_files(
            [shown.file for shown in history[0].files], registration=piece.registration, person=request.user
        ),
        "may_take": may_add and bool(portfolios_beside(piece.registration, request.user)),
        "taken_from": taken_from(piece, request.user),
        "taken_over": taken_over(piece, request.user),
        "units": [(one, may_claim_as(capacities.get(one.unit.pk), State(one.state))) for one in units],
        "may_change": changes_evidence(request.user, piece, adds=may_add),
        "may_remove_files": removes_files(shell_of(request).held_roles),
    }
    return render(request, "portfolio/evidence/evidence.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Correct a piece: make its next version."""
    piece = _changeable(request, centre, evidence)
    if piece.removed_at and request.method != "POST":
        return redirect("portfolio:evidence", centre=centre, evidence=evidence)
    latest = _latest(piece)
    form = CorrectionForm(form_data(request), request.FILES or None, latest=latest, user=request.user)
    context: dict[str, object] = {"evidence": piece, "latest": latest}
    if request.method == "POST":
        try:
            version = _correct(form)
        except ChangedMeanwhile as refusal:
            context |= {"meanwhile": refusal.messages, "changes": changes_between(form.shown, latest)}
            form = form.over_the_latest()
        else:
            if version:
                _say_what_became_of_it(request, piece, version, latest)
                return redirect("portfolio:evidence", centre=centre, evidence=evidence)
    return render(request, "portfolio/evidence/evidence_correct.html", context | {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Ask whether to remove a piece, and remove it."""
    piece = _changeable(request, centre, evidence)
    form_data(request)  # says that nothing was done, when their session had ended
    refused: list[str] = []
    if request.method == "POST":
        try:
            evidence_remove(evidence=piece, actor=request.user)
        except ValidationError as refusal:
            refused = refusal.messages
        else:
            messages.success(
                request, f"Evidence {evidence_number(piece.number)} was removed. Its number is not given again."
            )
            return redirect("assessments:portfolio", centre=centre, portfolio=piece.registration.uuid)
    latest = _latest(piece)
    context = {
        "evidence": piece,
        "latest": latest,
        "refused": refused,
        "claimed": [unit for unit in piece_in_units(piece, latest) if unit.codes],
    }
    return render(request, "portfolio/evidence/evidence_remove.html", context)


def _piece(request: SignedInRequest, centre: UUID, evidence: UUID) -> Evidence:
    visible = Evidence.objects.visible_to(request.user).select_related(
        "registration__centre",
        "registration__candidate",
        "author",
        "put_in_by",
        "witness",
        "taken_from__evidence__registration__centre",
        "taken_from__evidence__registration__qualification",
    )
    return get_object_or_404(visible, registration__centre__uuid=centre, uuid=evidence)


def _changeable(request: SignedInRequest, centre: UUID, evidence: UUID) -> Evidence:
    piece = _piece(request, centre, evidence)
    if not may_change_evidence(request.user, piece):
        raise PermissionDenied
    return piece


def _latest(piece: Evidence) -> EvidenceVersion:
    version = piece.versions.select_related("author", "put_in_by").latest("number")
    version.evidence = piece
    return version


def _sent_before(request: SignedInRequest, registration: Registration) -> Evidence | None:
    """The piece that this form made when it was sent before, if it was."""
    try:
        form_key = UUID(request.POST.get("form_key", ""))
    except ValueError:
        return None
    sent = registration.evidence.filter(form_key=form_key).select_related("author").first()
    return sent if sent and sent.is_from(request.user) else None


def _add(form: EvidenceForm) -> Evidence | None:
    """Save the piece, or note on the form why not; good files are kept in either case."""
    form.stage_good_files()
    if not form.is_valid():
        return None
    try:
        return evidence_add(
            registration=form.registration,
            actor=form.user,
            author=form.author(),
            form_key=form.cleaned_data["form_key"],
            details=form.details(),
            staged=form.staged_files(),
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


def _correct(form: CorrectionForm) -> EvidenceVersion | None:
    """Save the correction, or note on the form why not. Raises ChangedMeanwhile."""
    form.stage_good_files()
    if not form.is_valid():
        return None
    try:
        return evidence_correct(
            evidence=form.latest.evidence,
            actor=form.user,
            seen=form.cleaned_data["seen"],
            details=form.details(),
            keep=form.kept_files(),
            staged=form.staged_files(),
        )
    except ChangedMeanwhile:
        raise
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


def _what_does_it_show(request: SignedInRequest, piece: Evidence) -> HttpResponse:
    """Say that it is saved, and redirect to what it shows, first in the unit that it was added for.

    To the piece itself where nothing can be claimed.
    """
    whose = f" as {piece.author}'s" if piece.put_in_by_id else ""
    messages.success(request, f"Evidence {evidence_number(piece.number)} is saved{whose}. What does it show?")
    centre, units = piece.registration.centre.uuid, units_of(piece.registration)
    capacities = capacities_in(request.user, piece.registration, units)
    asked_for = request.GET.get("unit")
    opened = [
        unit
        for unit in units
        if may_claim_as(capacities.get(unit.pk), unit.open_versions[0].state)  # type: ignore[attr-defined]
    ]
    if not opened:
        return redirect("portfolio:evidence", centre=centre, evidence=piece.uuid)
    first = next((unit.uuid for unit in opened if str(unit.uuid) == asked_for), "")
    return redirect(claims_address(centre, piece.uuid, first))


def _say_what_became_of_it(
    request: SignedInRequest, piece: Evidence, version: EvidenceVersion, before: EvidenceVersion
) -> None:
    if version.pk == before.pk:
        messages.info(request, "Nothing differs from what was saved before.")
        return
    messages.success(request, f"Saved as version {version.number}. The earlier version stays in the record.")
    for unit in piece_in_units(piece, version):
        for sentence in unit.no_longer_counts:
            messages.warning(request, sentence)
