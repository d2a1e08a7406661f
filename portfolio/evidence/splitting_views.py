"""The page on which a PDF is split by its pages."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.evidence.splitting import PDF, evidence_split, pages_of, parts_saved
from portfolio.evidence.splitting_forms import PartsForm, parts_form
from portfolio.files.selectors import file_shown
from portfolio.files.tasks import previews_ask
from portfolio.models import Evidence, EvidenceFile
from portfolio.models.evidence_number import evidence_number
from portfolio.permissions import may_add_like


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: SignedInRequest, centre: UUID, file: UUID) -> HttpResponse:
    """Show the pages of a PDF, and make evidence of the ranges that are typed beside them."""
    found = _pdf(request, centre, file)
    piece = found.version.evidence
    here = redirect("portfolio:evidence", centre=centre, evidence=piece.uuid)
    if piece.removed_at or found.version_id != piece.versions.latest("number").pk:
        messages.info(request, "This evidence was corrected or removed since. Split what it holds now.")
        return here
    previews_ask([found])
    form = parts_form(form_data(request), file=found)
    if request.method == "POST":
        if "more" in request.POST:
            form = form.with_more_rows()
        elif form.is_valid() and (made := _split(request, form)):
            messages.success(request, f"Saved as evidence {numbers(made)}. This evidence stays as it is.")
            return here
    context = {"evidence": piece, "shown": file_shown(found), "form": form, "count": pages_of(found)}
    return render(request, "portfolio/evidence/evidence_split.html", context)


def numbers(pieces: list[Evidence]) -> str:
    """Say the numbers of pieces that follow each other: "4", or "4 to 7"."""
    first, last = (evidence_number(piece.number) for piece in (pieces[0], pieces[-1]))
    return first if first == last else f"{first} to {last}"


def _pdf(request: SignedInRequest, centre: UUID, file: UUID) -> EvidenceFile:
    visible = (
        EvidenceFile.objects.visible_to(request.user)
        .not_removed()
        .select_related(
            "stored_file__centre",
            "version__evidence__registration__candidate",
            "version__evidence__registration__centre",
        )
    )
    found = get_object_or_404(visible, version__evidence__registration__centre__uuid=centre, uuid=file)
    if not may_add_like(request.user, found.version.evidence):
        raise PermissionDenied
    if found.content_type != PDF:
        raise Http404
    return found


def _split(request: SignedInRequest, form: PartsForm) -> list[Evidence]:
    """Make the parts and return them, or note on the form why not."""
    file = form.file
    saved = parts_saved(file.version.evidence.registration, form.form_key)
    if saved and not form.repeats(saved):
        form.form_key = uuid4()
        form.refuse(
            f"This form has saved evidence {numbers(saved)} already. What it says now would be other evidence: "
            "save it again if that is what you want."
        )
        return []
    try:
        return saved or evidence_split(file=file, actor=request.user, form_key=form.form_key, parts=form.parts())
    except ValidationError as refusal:
        form.refuse(*refusal.messages)
        return []
