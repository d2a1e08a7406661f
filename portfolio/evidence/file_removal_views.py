"""The page on which a coordinator removes a file from a piece of evidence."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.sign_in.password_again import password_again
from portfolio.evidence.file_removal import file_remove, removal_of
from portfolio.evidence.selectors import piece_in_units
from portfolio.models import EvidenceFile, RemovedFile
from portfolio.models.evidence_number import evidence_number
from portfolio.permissions import may_remove_files
from record.form_fields import WordsField


class FileRemovalForm(forms.Form):
    """Why a file is removed, and the password that proves who removes it."""

    reason = WordsField(
        label="Why is it removed?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Stays on record, for everybody who sees this evidence. Do not repeat what must not be seen.",
        error_messages={"required": "Say why: the reason stays on record in place of the file."},
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="The one you sign in with. A file that was removed cannot be brought back.",
        error_messages={"required": "Type your password to remove the file."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedInRequest, centre: UUID, file: UUID) -> HttpResponse:
    """Say what removing a file does, and remove it."""
    visible = (
        EvidenceFile.objects.visible_to(request.user)
        .with_removal()
        .select_related(
            "stored_file__centre",
            "version__evidence__registration__centre",
            "version__evidence__registration__candidate",
        )
    )
    found = get_object_or_404(visible, uuid=file, version__evidence__registration__centre__uuid=centre)
    piece = found.version.evidence
    if not may_remove_files(request.user, piece.registration):
        raise PermissionDenied
    here = redirect("portfolio:evidence", centre=centre, evidence=piece.uuid)
    form = FileRemovalForm(form_data(request))
    if found.removal_pk is not None:
        messages.info(request, f"“{found.name}” was removed already.")
        return here
    if request.method == "POST" and form.is_valid():
        try:
            _remove(request, found, form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(
                request, f"“{found.name}” was removed from evidence {evidence_number(piece.number)}. It is on record."
            )
            return here
    latest = piece.versions.latest("number")
    context = {
        "file": found,
        "evidence": piece,
        "latest": latest,
        "removal": removal_of(found),
        "units": [unit for unit in piece_in_units(piece, latest) if unit.codes],
        "form": form,
    }
    return render(request, "portfolio/evidence/file_remove.html", context)


def _remove(request: SignedInRequest, file: EvidenceFile, form: FileRemovalForm) -> RemovedFile:
    """Remove the file, unless the password was wrong too often. Raises ValidationError."""
    with password_again(request):
        return file_remove(file=file, actor=request.user, **form.cleaned_data)
