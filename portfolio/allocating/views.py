"""The coordinator's pages for many units at once: allocating them, and handing over what one person works on."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.lists.page import listed
from centres.models import Centre
from centres.views.lookup import coordinated_centre_or_404
from portfolio.allocating.forms import AllocateManyForm, HandOverForm
from portfolio.allocating.preview import AT_ONCE, NAMED, RELATED, AllocationsWanted, preview
from portfolio.allocating.selectors import units_of
from portfolio.allocating.services import NOBODY_TICKED, TOO_MANY, Done, allocations_change
from portfolio.models import CandidateUnit, Registration
from portfolio.registrations.candidate_list import (
    CANDIDATES_ON_A_PAGE,
    CandidatesFilter,
    CandidatesTable,
    candidate_lines,
    unit_rows,
)
from standards.in_words import counted


@require_http_methods(["GET", "HEAD", "POST"])
def allocate_many(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Tick units of the list, or take all that it finds, choose who works on them, look at what changes, and do it."""
    at = coordinated_centre_or_404(request, centre)
    registered = Registration.objects.filter(centre=at).select_related("candidate")
    filters = CandidatesFilter(request.GET, queryset=registered, centre=at)
    there = filters.units_found() if filters.form.is_valid() else CandidateUnit.objects.none()
    data = form_data(request)
    form = AllocateManyForm(data, centre=at, found=there.count())
    if request.method == "POST" and form.is_valid():
        if "sure" in request.POST:
            return _changed(request, at, form, back="portfolio:allocate_many")
        try:
            units = _chosen(at, form, there)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return _previewed(request, at, form, units)
    found = listed(
        request,
        filters,
        CandidatesTable,
        rows=lambda some: unit_rows(candidate_lines(at, some)),
        file_name=f"{at.name} {at.words.candidates} {at.today}",
        size=CANDIDATES_ON_A_PAGE,
        shows_table=False,
    )
    if isinstance(found, HttpResponse):
        return found
    on_page = set(there.filter(registration__in=found.page.rows).values_list("uuid", flat=True))
    candidates = [
        replace(line, units=tuple(unit for unit in line.units if unit.uuid in on_page))
        for line in candidate_lines(at, found.page.rows)
    ]
    context = {
        "centre": at,
        "form": form,
        "listed": found,
        "candidates": [line for line in candidates if line.units],
        "ticked": set(data.getlist("unit")) if data else set(),
    }
    return render(request, "portfolio/allocating/allocate_many.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Choose whose units another takes over, look at what changes, and do it."""
    at = coordinated_centre_or_404(request, centre)
    form = HandOverForm(form_data(request), centre=at, whose=request.GET.get("whose", ""))
    if request.method == "POST" and form.is_valid():
        if "sure" in request.POST:
            return _changed(request, at, form, back="portfolio:hand_over")
        leaves, capacity = form.cleaned_data["whose"]
        units = units_of(at, leaves, capacity).select_related(*RELATED)
        return _previewed(request, at, form, units[:AT_ONCE], more=max(units.count() - AT_ONCE, 0))
    return render(request, "portfolio/allocating/hand_over.html", {"centre": at, "form": form})


def _chosen(centre: Centre, form: AllocateManyForm, there: QuerySet[CandidateUnit]) -> QuerySet[CandidateUnit]:
    """The units that were chosen: those of the page before, or what was ticked, or all that the list finds."""
    said = form.cleaned_data
    if not said["units"] and said["which"] == "found":
        return there.select_related(*RELATED)
    data: QueryDict = form.data  # type: ignore[assignment]
    ticked = set(said["units"]) or {UUID(unit) for unit in data.getlist("unit") if _is_uuid(unit)}
    if not ticked:
        raise ValidationError(NOBODY_TICKED)
    if len(ticked) > AT_ONCE:
        raise ValidationError(TOO_MANY)
    units = CandidateUnit.objects.taken().filter(registration__centre=centre, uuid__in=ticked)
    return units.select_related(*RELATED).order_by("registration", "pk")


def _is_uuid(said: str) -> bool:
    try:
        UUID(said)
    except ValueError:
        return False
    return True


def _previewed(
    request: SignedInRequest,
    at: Centre,
    form: AllocateManyForm | HandOverForm,
    chosen: Iterable[CandidateUnit],
    more: int = 0,
) -> HttpResponse:
    units = list(chosen)
    context = {
        "centre": at,
        "form": form,
        "wanted": form.wanted,
        "work": _work_in_words(at, form.wanted),
        "preview": preview(at, units, form.wanted),
        "units": " ".join(str(unit.uuid) for unit in units),
        "more": more,
    }
    return render(request, "portfolio/allocating/preview.html", context)


def _changed(request: SignedInRequest, at: Centre, form: AllocateManyForm | HandOverForm, *, back: str) -> HttpResponse:
    try:
        done = allocations_change(centre=at, actor=request.user, wanted=form.wanted, seen=form.cleaned_data["seen"])
    except ValidationError as refusal:
        for sentence in refusal.messages:
            messages.error(request, sentence)
    else:
        _say(request, at, form.wanted, done)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{redirect(back, centre=at.uuid).url}{query}")


def _work_in_words(at: Centre, wanted: AllocationsWanted) -> str:
    """What the person does: "Bob Baker leads as assessor"."""
    called = at.words.of_role(wanted.capacity)
    if wanted.instead_of:
        return f"{wanted.person} takes over from {wanted.instead_of} as {called}"
    return f"{wanted.person} {'leads' if wanted.leads else 'works beside who leads'} as {called}"


def _say(request: SignedInRequest, at: Centre, wanted: AllocationsWanted, done: Done) -> None:
    """Say what became of the units, and name those that were not changed."""
    so_already = f" In {counted(done.so_already, 'unit')} it was so already." if done.so_already else ""
    if done.changed or so_already:
        messages.success(request, f"{_work_in_words(at, wanted)} in {counted(done.changed, 'unit')}.{so_already}")
    if done.changed_meanwhile:
        number = len(done.changed_meanwhile)
        messages.warning(
            request,
            f"{counted(number, 'unit')} {'was' if number == 1 else 'were'} changed meanwhile, and left as "
            f"{'it is' if number == 1 else 'they are'}: {_named(done.changed_meanwhile)}. Look at them again.",
        )
    if done.refused:
        messages.warning(request, f"Not allocated: {_named(done.refused)}")
    if done.gone:
        messages.warning(request, f"{counted(done.gone, 'unit')} cannot be found here any more.")


def _named(units: Sequence[str]) -> str:
    more = f", and {len(units) - NAMED} more" if len(units) > NAMED else ""
    return f"{', '.join(units[:NAMED])}{more}"
