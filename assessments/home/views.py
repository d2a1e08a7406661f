"""The page that answers "what next?", for each role that a person holds."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.home.asked import asked_lists
from assessments.home.candidate import CandidateHome
from assessments.home.person import homes_of
from assessments.plans.at_home import sheets_at_home
from centres.context import shell_of
from centres.http import SignedInRequest
from centres.services.looks import home_looked


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Show what waits for the person, by centre and role."""
    held = shell_of(request).memberships
    sections = homes_of(request.user, held, request.GET.get)
    lists = asked_lists(request.user, held, request.GET.get) if held else []
    sheets = sheets_at_home(request.user, held) if held else {}
    context = {
        "sections": [(section, sheets.get(section.centre.pk)) for section in sections],
        "several_centres": len({section.centre.pk for section in sections}) > 1,
        "asked_lists": lists,
        "reasons_above": [reason for one in lists for reason in one.reasons],  # said once on the page
    }
    response = render(request, "assessments/home/home.html", context)
    if any(isinstance(section, CandidateHome) and section.new for section in sections):
        home_looked(actor=request.user)  # once it is drawn: from the next time on it is not new any more
    return response
