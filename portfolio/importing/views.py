"""The coordinator's pages of an import: choosing the file, what was found in it, and how far it has come."""

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.invitations.mailing import mail_is_sent
from centres.lists.spreadsheets import sheet_answer
from centres.models import Centre
from centres.views.lookup import coordinated_centre_or_404
from portfolio.importing.columns import COLUMNS
from portfolio.importing.forms import ImportForm
from portfolio.importing.letters import telling_is_given_up, to_tell
from portfolio.importing.services import import_check, import_start, import_stop
from portfolio.importing.sheets import code_rows, result_rows, template_rows
from portfolio.models import Import, ImportRow, ImportRowState, ImportState
from portfolio.qualification_rules.warnings import Act, warnings_among
from printing.taking_turns import NotYourTurn, print_in_turn, turn

SHOWN_AT_MOST = 200  # cells or rows on a page; the spreadsheet has all
LISTED_AT_MOST = 20
ANOTHER_OF_YOURS = "Another file or print of yours is being worked on. Choose this file again in a minute."
MANY_AT_ONCE = "Several people are printing or importing just now. Choose the file again in a minute."


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Choose a file, which is checked at once; below it, the imports of the last month."""
    at = coordinated_centre_or_404(request, centre)
    sent = form_data(request)
    form = ImportForm(sent, request.FILES if sent is not None else None)
    if request.method == "POST" and form.is_valid():
        try:
            with turn(str(request.user.pk)):
                found = import_check(centre=at, actor=request.user, incoming=form.cleaned_data["file"])
        except NotYourTurn as refusal:
            form.add_error("file", ANOTHER_OF_YOURS if refusal.is_own else MANY_AT_ONCE)
        except ValidationError as refusal:
            form.add_error("file", refusal)
        else:
            return redirect("portfolio:import", centre=centre, of=found.uuid)
    before = Import.objects.filter(centre=at).select_related("by").order_by("-checked_at")[:LISTED_AT_MOST]
    context = {"centre": at, "form": form, "imports": before, "columns": COLUMNS}
    return render(request, "portfolio/importing/imports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: SignedInRequest, centre: UUID, of: UUID) -> HttpResponse:
    """Show what was found in a file, and start it; then show how far it has come, and stop it."""
    at, found = _import_or_404(request, centre, of)
    form_data(request)  # says that nothing was done, when their session had ended
    if request.method == "POST":
        try:
            if "stop" in request.POST:
                import_stop(of=found, actor=request.user)
            elif "start" in request.POST:
                import_start(of=found, actor=request.user)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("portfolio:import", centre=centre, of=of)
    rows = found.rows.order_by("number")
    counts = Counter(dict(rows.values_list("state").annotate(Count("pk")).order_by()))
    total = counts.total()
    wanted = rows.exclude(faults=[]) if found.faults else rows
    if found.started_at:
        wanted = rows.filter(state=ImportRowState.FAILED)
    context = {
        "centre": at,
        "import": found,
        "counts": counts,
        "total": total,
        "ended": total - counts[ImportRowState.WAITING],
        "warnings": _warnings(at, found),
        "rows": wanted[:SHOWN_AT_MOST],
        "shown_at_most": SHOWN_AT_MOST,
        "has_more": wanted.count() > SHOWN_AT_MOST,
        "untold": to_tell(found)[:LISTED_AT_MOST],
        "untold_in_all": to_tell(found).count(),
        "is_given_up": telling_is_given_up(found),
        "mails": mail_is_sent(at),
        "prints_codes": _with_number(rows.filter(state=ImportRowState.DONE)).exists(),
    }
    return render(request, "portfolio/importing/import.html", context)


@require_safe
def import_rows(request: SignedInRequest, centre: UUID, of: UUID) -> HttpResponse:
    """All rows with what is wrong with them, or what came of them, as a spreadsheet."""
    _, found = _import_or_404(request, centre, of)
    kind = request.GET.get("as", "csv")
    return print_in_turn(request, lambda: sheet_answer(result_rows(found), name=f"Import of {found.name}", kind=kind))


@require_safe
def import_template(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """The file to fill in: CSV, or XLSX with a second sheet that has the codes."""
    at = coordinated_centre_or_404(request, centre)
    kind = request.GET.get("as", "csv")
    return sheet_answer(template_rows(), name="Import", kind=kind, more={"Codes": code_rows(at)})


def _with_number(rows: QuerySet[ImportRow]) -> QuerySet[ImportRow]:
    """Those whose people come in by a code on paper."""
    return rows.filter(said__has_key="sign_in_number").exclude(said__sign_in_number="")


def _warnings(centre: Centre, found: Import) -> list[str]:
    """What the registrations of an import that was not started go against."""
    if found.state != ImportState.CHECKED or found.faults:
        return []
    on = found.rows.order_by().values_list("said__qualification", flat=True).distinct()
    return warnings_among(centre, set(on), Act.REGISTRATION)


def _import_or_404(request: SignedInRequest, centre: UUID, of: UUID) -> tuple[Centre, Import]:
    at = coordinated_centre_or_404(request, centre)
    return at, get_object_or_404(Import.objects.select_related("by"), centre=at, uuid=of)
