"""The page on which a coordinator prints one-time codes."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from centres.candidate_numbers.services import codes_drawn, codes_save, numbered_people
from centres.candidate_numbers.sheet import codes_paper
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Centre, User
from centres.views.lookup import coordinated_centre_or_404
from printing.papers import paper_pdf
from printing.sending import send_pdf

ON_A_SHEET = 200  # slips


@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the candidates who have a number; make a code for each that is ticked (`person`), and print them."""
    at = coordinated_centre_or_404(request, centre)
    people = list(numbered_people(at))
    form_data(request)  # says that nothing was done, when their session had ended
    if request.method == "POST":
        wanted = set(request.POST.getlist("person"))
        ticked = [person for person in people if str(person.uuid) in wanted]
        if 0 < len(ticked) <= ON_A_SHEET:
            return send_pdf(request, lambda: _printed(at, request.user, ticked), name=f"{at.name} codes {at.today}")
        messages.error(
            request, f"Tick at least one candidate, and {ON_A_SHEET} at most." if people else "Nobody is here."
        )
    now = timezone.now()
    rows = [(person, _code_until(person, now), person.has_usable_password()) for person in people]
    return render(request, "centres/candidate_numbers/codes.html", {"centre": at, "rows": rows})


def _printed(centre: Centre, actor: User, people: list[User]) -> bytes:
    """The codes work once the sheet is there, so that a print that fails ends none that was handed out before."""
    drawn = codes_drawn(people)
    pdf = paper_pdf(codes_paper(centre, drawn))
    codes_save(centre=centre, actor=actor, codes=drawn)
    return pdf


def _code_until(person: User, now: datetime) -> datetime | None:
    code = getattr(person, "sign_in_code", None)
    return code.until if code and code.until > now else None
