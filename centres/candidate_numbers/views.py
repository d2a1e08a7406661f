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

ON_A_SHEET = 50  # slips, which are printed within a second while the page is asked for


@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the candidates who have a number; make a code for each that is ticked (`person`), and print them."""
    at = coordinated_centre_or_404(request, centre)
    people = list(numbered_people(at))
    form_data(request)  # says that nothing was done, when their session had ended
    now = timezone.now()
    wanted = _without_code(people, now)[:ON_A_SHEET]
    if request.method == "POST":
        sent = set(request.POST.getlist("person"))
        wanted = [person for person in people if str(person.uuid) in sent]
        if 0 < len(wanted) <= ON_A_SHEET:
            return send_pdf(request, lambda: _printed(at, request.user, wanted), name=f"{at.name} codes {at.today}")
        messages.error(
            request, f"Tick at least one candidate, and {ON_A_SHEET} at most." if people else "Nobody is here."
        )
    rows = [(person, _code_until(person, now), person.has_usable_password(), person in wanted) for person in people]
    context = {"centre": at, "rows": rows, "on_a_sheet": ON_A_SHEET}
    return render(request, "centres/candidate_numbers/codes.html", context)


def _without_code(people: list[User], now: datetime) -> list[User]:
    return [person for person in people if not person.has_usable_password() and not _code_until(person, now)]


def _printed(centre: Centre, actor: User, people: list[User]) -> bytes:
    """The codes work once the sheet is there, so that a print that fails ends none that was handed out before."""
    drawn = codes_drawn(people)
    pdf = paper_pdf(codes_paper(centre, drawn))
    codes_save(centre=centre, actor=actor, codes=drawn)
    return pdf


def _code_until(person: User, now: datetime) -> datetime | None:
    code = getattr(person, "sign_in_code", None)
    return code.until if code and code.until > now else None
