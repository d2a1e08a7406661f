"""The page on which evidence is taken over into another portfolio of the same person."""

from uuid import UUID

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.evidence.selectors import portfolios_beside
from portfolio.evidence.taking import TakenAlready, evidence_take, may_take_into
from portfolio.models import Evidence, Registration
from portfolio.models.evidence_number import evidence_number
from portfolio.permissions import may_add_like


class IntoForm(forms.Form):
    """Into which portfolio a piece is taken."""

    into = forms.ChoiceField(
        label="Into which portfolio?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a portfolio.", "invalid_choice": "Choose one of these portfolios."},
    )

    def __init__(self, *args: object, portfolios: list[Registration], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.portfolios = {str(one.uuid): one for one in portfolios}
        into = self.fields["into"]
        into.choices = [(uuid, one.name_beside_others) for uuid, one in self.portfolios.items()]  # type: ignore[attr-defined]
        if len(portfolios) == 1:
            into.initial = str(portfolios[0].uuid)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template has it


@require_http_methods(["GET", "HEAD", "POST"])
def take(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Ask into which portfolio, and take the piece over."""
    visible = Evidence.objects.visible_to(request.user).select_related(
        "registration__centre", "registration__candidate"
    )
    piece = get_object_or_404(visible, registration__centre__uuid=centre, uuid=evidence)
    if not may_add_like(request.user, piece):
        raise PermissionDenied
    if piece.removed_at:
        messages.info(request, "This evidence was removed, so it cannot be taken over.")
        return redirect("portfolio:evidence", centre=centre, evidence=evidence)
    beside = portfolios_beside(piece.registration, request.user)
    portfolios = [one for one in beside if may_take_into(request.user, piece, one)]
    form = IntoForm(form_data(request), portfolios=portfolios)
    there: Evidence | None = None
    if request.method == "POST" and form.is_valid():
        into = form.portfolios[form.cleaned_data["into"]]
        try:
            made = evidence_take(evidence=piece, into=into, actor=request.user)
        except TakenAlready as refusal:
            there = refusal.piece
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            number = evidence_number(made.number)
            messages.success(request, f"Taken over as evidence {number} of this portfolio. What does it show?")
            return redirect("portfolio:evidence", centre=centre, evidence=made.uuid)
    context = {"evidence": piece, "form": form, "there": there}
    return render(request, "portfolio/evidence/evidence_take.html", context)
