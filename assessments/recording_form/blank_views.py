"""The empty Candidate Recording Form of a unit, to fill in by hand; open to everyone who is signed in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from assessments.recording_form.services import blank_form_print
from printing.sending import send_pdf
from standards.models import UnitRevision
from standards.published import published_content_named


@require_safe
def blank_form(request: HttpRequest, framework: str, code: str, number: int) -> HttpResponse:
    """Hand out the blank form of one wording of a unit."""
    named = UnitRevision.objects.filter(unit__framework__code=framework, unit__code=code, number=number)
    revision = named.select_related("unit__framework").first()
    if revision is None:
        raise Http404("There is no such unit.")
    name = f"{framework} {code} recording form, blank"
    return send_pdf(request, lambda: blank_form_print(published_content_named(revision).unit), name=name)
