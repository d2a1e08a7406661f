"""The page on which the author of a piece covers areas of a picture."""

import re
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.evidence.covering import Area, can_be_covered, evidence_cover
from portfolio.files.selectors import file_shown, previews_asked
from portfolio.models import EvidenceFile
from portfolio.permissions import may_change_evidence
from record.errors import ChangedMeanwhile
from record.form_fields import NOT_OURS

AREAS_AT_MOST = 40
EMPTY_AT_FIRST = 3  # areas to fill in, where there is no script to draw them
SIDES = ("left", "top", "width", "height")
NUMBER = re.compile(r"\d{1,3}([.,]\d{1,3})?")


class CoverForm(forms.Form):
    """Areas of a picture, each by four numbers in per cent of its width and height; empty ones are left out."""

    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages=NOT_OURS)

    def __init__(self, data: QueryDict | None, *, seen: int) -> None:
        super().__init__(data, initial={"seen": seen})
        given = [data.getlist(side) for side in SIDES] if data else []
        self.rows: list[tuple[str, ...]] = list(zip(*given, strict=False))[:AREAS_AT_MOST]
        self.rows = self.rows or [("", "", "", "")] * EMPTY_AT_FIRST

    def clean(self) -> None:
        """Give the `areas`."""
        areas = []
        for number, row in enumerate(self.rows, start=1):
            if not any(value.strip() for value in row):
                continue
            area = _area(row)
            if area is None:
                self.add_error(
                    None, f"Area {number}: give four numbers from 0 to 100; the width and the height more than 0."
                )
            else:
                areas.append(area)
        if not areas and not self.errors:
            self.add_error(None, "Mark at least one area to cover.")
        self.cleaned_data["areas"] = areas


def _area(row: tuple[str, ...]) -> Area | None:
    """The area of four numbers that a person typed, cut off at the edges of the picture; None if it is none."""
    if not all(NUMBER.fullmatch(value.strip()) for value in row):
        return None
    left, top, width, height = (float(value.strip().replace(",", ".")) / 100 for value in row)
    if left >= 1 or top >= 1 or not width or not height:
        return None
    return Area(left=left, top=top, right=min(left + width, 1.0), bottom=min(top + height, 1.0))


@require_http_methods(["GET", "HEAD", "POST"])
def cover(request: SignedInRequest, centre: UUID, file: UUID) -> HttpResponse:
    """Show a picture to mark areas of, and cover them in a new version of its piece."""
    visible = EvidenceFile.objects.visible_to(request.user).with_removal()
    found = get_object_or_404(
        visible.select_related("stored_file__centre", "version__evidence__registration__centre", "version__author"),
        uuid=file,
        version__evidence__registration__centre__uuid=centre,
    )
    piece = found.version.evidence
    if not may_change_evidence(request.user, piece):
        raise PermissionDenied
    if found.removal_pk is not None or not can_be_covered(found):
        raise Http404
    here = redirect("portfolio:evidence", centre=centre, evidence=piece.uuid)
    form = CoverForm(form_data(request), seen=found.version.number)
    if request.method == "POST" and form.is_valid():
        try:
            version = evidence_cover(
                file=found, actor=request.user, seen=form.cleaned_data["seen"], areas=form.cleaned_data["areas"]
            )
        except ChangedMeanwhile as refusal:
            messages.error(request, " ".join(refusal.messages))
            return here
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"The areas are covered in version {version.number}, which has the new picture.")
            return here
    if request.method != "POST" and piece.versions.filter(number__gt=found.version.number).exists():
        messages.info(request, "This evidence was corrected since. Cover the picture of its latest version.")
        return here
    shown = file_shown(found)
    previews_asked([shown])
    context = {"file": found, "evidence": piece, "shown": shown, "form": form, "most": AREAS_AT_MOST}
    return render(request, "portfolio/evidence/file_cover.html", context)
