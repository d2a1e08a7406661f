"""The page of all that can be printed in a centre, and its blank forms."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.actions.selectors import WHICH
from assessments.printing_many.selectors import PRINTS_MANY
from centres.context import shell_of
from centres.http import SignedInRequest
from centres.permissions import coordinates
from centres.views.lookup import own_centre_or_404
from printing.papers import paper_pdf
from printing.sending import send_pdf
from verification.paper.blanks import BLANKS
from verification.sampling.permissions import OVERSEES


@require_safe
def paper(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the blank forms and the lists, to everybody who has a role in the centre."""
    at = own_centre_or_404(request, centre)
    held = shell_of(request).held_roles
    context = {
        "centre": at,
        "blanks": [(name, one.called, at.words.say(one.by)) for name, one in BLANKS.items()],
        "which": WHICH.items(),
        "coordinates": coordinates(held),
        "prints_many": not PRINTS_MANY.isdisjoint(held),
        "sees_plan": not OVERSEES.isdisjoint(held),
    }
    return render(request, "verification/paper/paper.html", context)


@require_safe
def blank(request: SignedInRequest, centre: UUID, blank: str) -> HttpResponse:
    """Send a blank form with the name of the centre."""
    at = own_centre_or_404(request, centre)
    wanted = BLANKS.get(blank)
    if wanted is None:
        raise Http404
    return send_pdf(request, lambda: paper_pdf(wanted.paper(at)), name=f"{wanted.called}, blank")
