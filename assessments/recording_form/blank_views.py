"""The empty Candidate Recording Form of a unit, to fill in by hand; open to everyone who is signed in."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from assessments.recording_form.services import blank_form_print
from printing.taking_turns import print_in_turn
from standards.models import UnitRevision
from standards.published import published_content_named


@require_safe
def blank_form(request: HttpRequest, framework: str, code: str, number: int) -> HttpResponse:
    """Hand out the blank form of one wording of a unit."""
    named = UnitRevision.objects.filter(unit__framework__code=framework, unit__code=code, number=number)
    revision = named.select_related("unit__framework").first()
    if revision is None:
        raise Http404("There is no such unit.")
    return print_in_turn(request, partial(_printed, revision, f"{framework} {code} recording form, blank.pdf"))


def _printed(revision: UnitRevision, name: str) -> HttpResponse:
    response = HttpResponse(blank_form_print(published_content_named(revision).unit), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    return response
