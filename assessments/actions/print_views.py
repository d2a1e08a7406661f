"""Sends actions to print: those of a portfolio, and those of a centre that are looked for."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from assessments.actions.on_paper import centre_actions, portfolio_actions
from assessments.actions.selectors import WHICH, actions_of_centre
from assessments.models import Action
from centres.http import SignedInRequest
from centres.views.lookup import own_centre_or_404
from portfolio.models import Registration
from printing.papers import ROWS_AT_MOST, paper_pdf
from printing.sending import send_pdf
from record.plain_text import plain_line

LONGEST_SEARCH = 200  # characters


@require_safe
def of_portfolio(request: SignedInRequest, centre: UUID, portfolio: UUID) -> HttpResponse:
    """Send the actions of a portfolio that the person may read, as a PDF."""
    visible = Registration.objects.visible_to(request.user).select_related("centre", "candidate")
    registration = get_object_or_404(visible, centre__uuid=centre, uuid=portfolio)
    actions = Action.objects.visible_to(request.user).filter(registration=registration)
    paper = portfolio_actions(registration, actions)
    return send_pdf(request, lambda: paper_pdf(paper), name=f"Actions {registration.candidate.name}")


@require_safe
def of_centre(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Send the actions in a centre that the person may read and looked for, as a PDF."""
    at = own_centre_or_404(request, centre)
    which = request.GET.get("show", "")
    which = which if which in WHICH else "open"
    owner = plain_line(request.GET.get("owner", "")[:LONGEST_SEARCH])
    actions = actions_of_centre(at, request.user, which=which, owner=owner)
    if actions.count() > ROWS_AT_MOST:
        messages.warning(
            request, f"More than {ROWS_AT_MOST} actions are too many for one print. Name who is to do them."
        )
        return redirect("verification:paper", centre=centre)
    words = f"{WHICH[which]}, of {owner}" if owner else WHICH[which]
    paper = centre_actions(at, actions, which=words)
    return send_pdf(request, lambda: paper_pdf(paper), name=f"Actions {at.name}")
