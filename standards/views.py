"""The pages of the standards, open to everyone who is signed in."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from standards.models import UnitRevision
from standards.selectors import latest_revisions, revision_contents
from standards.wording import other_rulings, rules_in_words


@require_safe
def unit(request: HttpRequest, framework: str, code: str, number: int | None = None) -> HttpResponse:
    """Show a unit whole: in its latest wording, or in the revision `number` that a registration is on."""
    chosen = latest_revisions() if number is None else UnitRevision.objects.filter(number=number)
    found = revision_contents(chosen.filter(unit__framework__code=framework, unit__code=code))
    if not found:
        raise Http404("There is no such unit.")
    [revision] = found
    return render(
        request,
        "standards/unit.html",
        {
            "heading": f"{revision.unit.code} {revision.unit.title}",
            "revision": revision,
            "unit": revision.unit,
            "rules": rules_in_words(revision.unit),
            "rulings": other_rulings(revision.unit),
        },
    )
