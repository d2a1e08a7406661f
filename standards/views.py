"""The pages of the standards, open to everyone who is signed in."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from printing.sending import send_pdf
from standards import catalogue as units_of_all
from standards.content import RevisionContent
from standards.forms import CatalogueForm
from standards.in_words import combination_in_words, group_in_words, other_rulings, part_names, rules_in_words, sections
from standards.models import UnitRevision
from standards.prose import prose_named
from standards.published import published_content_named
from standards.selectors import latest_qualifications, latest_revisions, qualification_contents, related_units
from standards.unit_on_paper import unit_pdf as print_unit

UNITS_ON_A_PAGE = 100
FOUND_ON_A_PAGE = 10  # each with what was found in it


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """List the units of every framework, or those that fit the search."""
    entries = units_of_all.catalogue()
    form = CatalogueForm(request.GET, entries=entries)
    found = form.chosen(entries) if form.is_valid() else []
    if typed := form.cleaned_data.get("q", ""):
        found = units_of_all.search(found, typed)
    page = Paginator(found, FOUND_ON_A_PAGE if typed else UNITS_ON_A_PAGE).get_page(request.GET.get("page"))
    narrowed = any(request.GET.get(name) for name in form.fields)
    return render(
        request,
        "standards/catalogue.html",
        {
            "form": form,
            "page": page,
            "typed": typed,
            "findings": [units_of_all.unit_found(entry, typed) for entry in page] if typed else [],
            "narrowed": narrowed,
            "qualifications": [] if narrowed else latest_qualifications().select_related("framework").order_by("code"),
        },
    )


@require_safe
def qualification(request: HttpRequest, framework: str, code: str) -> HttpResponse:
    """Show which units make a qualification, by the latest wording of its rule."""
    chosen = latest_qualifications().filter(framework__code=framework, code=code)
    found = list(qualification_contents(chosen).values())
    if not found:
        raise Http404("There is no such qualification.")
    [content] = found
    units = {
        revision.unit.code: revision
        for revision in latest_revisions()
        .filter(unit__framework__code=framework, unit__in_groups__group__qualification__in=chosen)
        .select_related("unit")
        .distinct()
    }
    return render(
        request,
        "standards/qualification.html",
        {
            "qualification": content,
            "rule": combination_in_words(content),
            "groups": [
                (group, group_in_words(group), [units[code] for code in group.units if code in units])
                for group in content.groups
            ],
        },
    )


@require_safe
def unit(request: HttpRequest, framework: str, code: str, number: int | None = None) -> HttpResponse:
    """Show a whole unit: in its latest wording, or in the revision `number`, which a registration may be on."""
    revision = _revision_or_404(framework, code, number)
    prose = prose_named(revision.unit)
    return render(
        request,
        "standards/unit.html",
        {
            "heading": f"{revision.unit.code} {revision.unit.title}",
            "revision": revision,
            "unit": revision.unit,
            "names": part_names(revision.unit.framework.code),
            "sections": sections(revision.unit),
            "rules": rules_in_words(revision.unit),
            "rulings": [*other_rulings(revision.unit), *(prose.rulings if prose else ())],
            "prose": prose,
            "related": related_units(revision.unit),
        },
    )


@require_safe
def unit_pdf(request: HttpRequest, framework: str, code: str, number: int) -> HttpResponse:
    """Send one wording of a unit as a PDF."""
    revision = _revision_or_404(framework, code, number)
    prose = prose_named(revision.unit)
    return send_pdf(request, lambda: print_unit(revision, prose), name=f"{framework} {code} revision {number}")


def _revision_or_404(framework: str, code: str, number: int | None) -> RevisionContent:
    chosen = latest_revisions() if number is None else UnitRevision.objects.filter(number=number)
    named = chosen.filter(unit__framework__code=framework, unit__code=code)
    return published_content_named(get_object_or_404(named.select_related("unit__framework").only("unit__framework")))
