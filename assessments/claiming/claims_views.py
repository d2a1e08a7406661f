"""The page that asks what a piece of evidence shows, in all units of its portfolio."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.claiming.also_answers import ClaimingUnit
from assessments.claiming.claims_page import ClaimsPage, UnitShown
from assessments.claiming.services import ClaimsSaved, claims_save
from assessments.lookup import piece_or_404, unit_or_404
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import User
from portfolio.addresses import claims_address
from portfolio.conflicts import KeptOutFor
from portfolio.evidence.selectors import period
from portfolio.evidence_age import ages_asked, last_day
from portfolio.files.selectors import files_of, previews_asked
from portfolio.models import EvidenceFile, EvidenceVersion, Registration, State
from portfolio.permissions import kept_from_verifying_each
from portfolio.remarks import Remark, remarks_on
from portfolio.written_as import written_as
from record.prepared import prepared


@require_http_methods(["GET", "HEAD", "POST"])
def claims(request: SignedInRequest, centre: UUID, unit: UUID, evidence: UUID) -> HttpResponse:
    """Lead an address that names a unit to the page of all units, with that unit first; what was sent goes along."""
    piece = piece_or_404(unit_or_404(request, centre, unit), evidence).evidence
    if piece.removed_at:
        raise Http404
    return redirect(claims_address(centre, evidence, unit), preserve_request=True)


@require_http_methods(["GET", "HEAD", "POST"])
def shows(request: SignedInRequest, centre: UUID, evidence: UUID) -> HttpResponse:
    """Show the criteria of all units and how one piece claims them; save what is ticked.

    `?unit=` is the unit that comes first, each `?unfolded=` another that is open, and with `?find=` only what has these
    words is shown.
    """
    unfolded = request.GET.getlist("unfolded")
    asked_for, find = request.GET.get("unit", ""), request.GET.get("find", "").strip()
    latest = _latest_or_404(request, centre, evidence)
    registration = latest.evidence.registration
    data = form_data(request)
    made = partial(ClaimsPage, data, piece=latest, person=request.user, first=asked_for, find=find, unfolded=unfolded)
    page = made()
    if asked_for and page.first is None:
        raise Http404
    refused: list[str] = []
    if request.method == "POST" and page.is_valid():
        saved = claims_save(registration=registration, actor=request.user, changes=page.changes(), also=page.also())
        refused = saved.refused
        if said := in_words(saved):
            messages.success(request, said)
        if not refused:
            onward = _add_address(registration, asked_for) if "then_add" in request.POST else request.get_full_path()
            return redirect(onward)
        page = made()
    piece = _counting(page.first, latest)
    files = files_of(piece)
    previews_asked(files)
    context = {
        "registration": registration,
        "unit": page.first.unit if page.first else None,
        "piece": piece,
        "setting": piece.get_setting_display().partition(",")[0],  # "Real job", without "paid or voluntary"
        "when": period(piece),
        "files": files,
        "page": page,
        "units": _notes(page.units(fresh=bool(refused)), piece, request.user),
        "asked_for": asked_for,
        "find": find,
        "errors": refused or page.errors,
        "may_claim": page.may_claim,
    }
    return render(request, "assessments/claiming/claims.html", context)


@dataclass(frozen=True, kw_only=True)
class UnitNotes:
    """A unit on the page, with what is to be said before its criteria."""

    shown: UnitShown
    remarks: Sequence[Remark] = ()
    kept_out: Mapping[User, KeptOutFor] = field(default_factory=dict)
    why_not: str = ""  # the person cannot claim in it; empty if they can
    is_other_version: bool = False  # another version of the piece counts in it than the one that the page shows


def in_words(saved: ClaimsSaved) -> str:
    """Say what became of a page of ticks: "Saved: 3 claimed, 1 taken back. Also claimed in U13002." """
    did = {unit: Counter(one.did for one in changed if one.did) for unit, changed in saved.changed.items()}
    did = {unit: counted for unit, counted in did.items() if counted}
    words = {"made": "claimed", "moved": "with another place to look", "withdrawn": "taken back"}
    parts = {
        unit: ", ".join(f"{counted[what]} {said}" for what, said in words.items() if counted[what])
        for unit, counted in did.items()
    }
    said = []
    if len(parts) == 1:
        said.append(f"Saved: {next(iter(parts.values()))}.")
    elif parts:
        said.append(f"Saved: {'; '.join(f'in {unit} {what}' for unit, what in parts.items())}.")
    if saved.also_in:
        *before, last = saved.also_in
        said.append(f"Also claimed in {', '.join(before)} and {last}." if before else f"Also claimed in {last}.")
    said += saved.as_they_are
    return " ".join(said) or ("" if saved.refused else "There was nothing new to save.")


def _latest_or_404(request: SignedInRequest, centre: UUID, evidence: UUID) -> EvidenceVersion:
    """The latest version of a piece that is kept in a portfolio open to the person."""
    versions = _visible(request.user.pk, timezone.now(), centre, evidence)
    if not versions:
        raise Http404
    return versions[0]


@prepared
def _visible(user: int, now: datetime, centre: UUID, evidence: UUID) -> QuerySet[EvidenceVersion, EvidenceVersion]:
    visible = Registration.objects.visible_to(user, now).filter(centre__uuid=centre)
    versions = EvidenceVersion.objects.filter(
        evidence__uuid=evidence, evidence__removed_at__isnull=True, evidence__registration__in=visible
    )
    related = (f"evidence__registration__{name}" for name in ("centre", "candidate", "chain"))
    return versions.select_related(*related).order_by("-number")[:1]


def _counting(unit: ClaimingUnit | None, latest: EvidenceVersion) -> EvidenceVersion:
    """The version of the piece that counts in the unit from which one came."""
    if unit is None or unit.piece.pk == latest.pk:
        return latest
    version = EvidenceVersion.objects.get(pk=unit.piece.pk)
    version.evidence = latest.evidence
    return version


def _add_address(registration: Registration, unit: str) -> str:
    of = {"centre": registration.centre.uuid, "portfolio": registration.uuid}
    return reverse("portfolio:evidence_add", kwargs=of, query={"unit": unit} if unit else None)


def _notes(units: Sequence[UnitShown], piece: EvidenceVersion, person: User) -> list[UnitNotes]:
    """What is to be said in each unit whose criteria are on the page, in three queries at most."""
    here = [one for one in units if one.is_here]
    registration = piece.evidence.registration
    author = written_as(
        registration, author=piece.evidence.author_id, kind=piece.kind, witness=piece.evidence.witness_id
    )
    rows = [one.claiming.unit for one in here]
    is_own = piece.evidence.author_id == registration.candidate_id
    kept_out = {} if is_own else kept_from_verifying_each(registration, rows)
    said = _versions({one.claiming.piece.pk for one in here})
    ages = ages_asked(registration.centre, [one.claiming.version for one in here])
    return [
        UnitNotes(
            shown=one,
            remarks=remarks_on(
                one.claiming.content.unit,
                kind=one.claiming.piece.kind,
                title=one.claiming.piece.title,
                author=author,
                is_elsewhere=said[one.claiming.piece.pk].is_elsewhere,
                happened=said[one.claiming.piece.pk].last_day,
                age=ages[one.claiming.version.pk],
            ),
            kept_out=kept_out.get(one.claiming.unit.pk, {}),
            why_not="" if one.claiming.is_open else _why_not(one.claiming, registration, person),
            is_other_version=one.claiming.piece.pk != piece.pk,
        )
        if one.is_here
        else UnitNotes(shown=one)
        for one in units
    ]


class _Remarked(NamedTuple):
    """What remarks depend on in a version of a piece."""

    is_elsewhere: bool  # it holds no file, only the place where the piece is kept
    last_day: date


def _versions(wanted: Collection[int]) -> dict[int, _Remarked]:
    """What these versions say, by primary key; one query."""
    return {one.pk: _Remarked(bool(one.location) and not one.has_files, last_day(one)) for one in _with_files(wanted)}


@prepared
def _with_files(versions: Collection[int]) -> QuerySet[Any, Any]:
    files = EvidenceFile.objects.filter(version=OuterRef("pk"))
    return EvidenceVersion.objects.filter(pk__in=versions).annotate(has_files=Exists(files))


def _why_not(unit: ClaimingUnit, registration: Registration, person: User) -> str:
    """Why the person cannot claim in the unit."""
    if unit.unit.set_aside_at:
        return "This unit is set aside, so its claims stay as they are."
    state = unit.version.get_state_display().lower()
    if registration.candidate_id == person.pk:
        return (
            f"This unit is {state}, so its claims stay as they are. You can change them again if it is returned to you."
        )
    if unit.version.state in {State.ASSESSED, State.VERIFIED}:
        return f"This unit is {state}, so its claims stay as they are."
    only = "Only the {candidate} and the assessor of this unit claim criteria. You can look at what they claimed."
    return registration.centre.words.say(only)
