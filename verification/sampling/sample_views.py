"""The page on which an internal verifier samples one unit, beside its evidence."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments.lookup import unit_or_404
from assessments.signing.forms import add_refusal
from assessments.signing.shown_digest import digest_shown
from assessments.standing.unit_record import UnitRecord, unit_record
from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.evidence.selectors import people_in_words, period
from portfolio.files.selectors import files_of, previews_asked
from portfolio.models import CandidateUnit
from portfolio.people_on_unit import people_on
from printing.papers import paper_pdf
from printing.sending import send_pdf
from standards.naming import names_in
from verification.models import Method, SamplingRecord
from verification.sampling.after import act_on, begun_by_sampling, next_after
from verification.sampling.forms import SamplingForm
from verification.sampling.on_paper import sampling_of_unit
from verification.sampling.permissions import may_read, samples_among
from verification.sampling.planned import planned_of
from verification.sampling.sample_page import PieceToSample, Ticks, looked_at_claims, pieces_to_sample, records_of
from verification.sampling.services import SamplingFinding, stage_of, unit_sample


@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Show a unit to sample, and record what was found. Another piece is shown by a button of the same form."""
    found = unit_or_404(request, centre, unit)
    people = people_on(found)
    samples = samples_among(request.user, found, people)
    # Who was kept out meanwhile is told why when they send it: what they typed is theirs.
    sends = request.method == "POST" and request.user not in people.kept_out
    if not samples and (sends or not may_read(request.user, found)):
        raise PermissionDenied
    record = unit_record(found)
    data = form_data(request)
    ticks = Ticks.sent(data)
    wanted = _wanted(record, str((data or request.GET).get("show") or request.GET.get("evidence", "")))
    pieces = pieces_to_sample(record, verifier=request.user, ticks=ticks, wanted=wanted)
    seen = digest_shown(record, [claim.stamp for claim in record.claims])
    is_sent = request.method == "POST" and "show" not in request.POST
    form = SamplingForm(data if is_sent else None, initial=_initial(data, seen))
    if is_sent and form.is_valid():
        try:
            saved = _save(request, found, form, pieces)
        except ValidationError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, _said(saved))
            return redirect(next_after(saved, found, request.user))
    shown = next((piece for piece in pieces if str(piece.evidence.uuid) == wanted), None)
    files = files_of(shown.record.version) if shown else ()
    previews_asked(files)
    context = {
        "unit": found,
        "record": record,
        "people": people,
        "may_sample": samples and bool(pieces),
        "pieces": pieces,
        "shown": shown,
        "version": shown.record.version if shown else None,
        "files": files,
        "when": period(shown.record.version) if shown else "",
        "people_seen": people_in_words(shown.record.version, files) if shown else "",
        "form": form,
        "seen": seen,
        "stage": stage_of(record.version),
        "planned": planned_of(record.version),
        "records": records_of(found, names_in(record.content)),
        "act_on": act_on(found, request.user) if samples and begun_by_sampling(found, request.user) else "",
    }
    return render(request, "verification/sampling/sample.html", context)


@require_safe
def sample_print(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Send what was sampled of a unit, and what verifiers asked for in it, as a PDF."""
    found = unit_or_404(request, centre, unit)
    if not may_read(request.user, found):
        raise PermissionDenied
    paper = sampling_of_unit(found)
    return send_pdf(request, lambda: paper_pdf(paper), name=paper.title)


def _wanted(record: UnitRecord, said: str) -> str:
    """The uuid of the piece to show: the one that was asked for, else the first."""
    there = [str(piece.version.evidence.uuid) for piece in record.evidence]
    return said if said in there else (there[0] if there else "")


def _initial(data: QueryDict | None, seen: str) -> dict[str, Any]:
    """What the form begins with, or goes on with where another piece was asked for."""
    said: dict[str, Any] = {"form_key": uuid4(), "method": Method.EVIDENCE}
    if data is not None:
        said |= {name: data[name] for name in ("form_key", "method", "decision", "words") if name in data}
        said["tests"] = data.getlist("tests")
    return said | {"seen": seen}


def _save(
    request: SignedInRequest, unit: CandidateUnit, form: SamplingForm, pieces: list[PieceToSample]
) -> SamplingRecord:
    said = form.cleaned_data
    finding = SamplingFinding(
        looked_at=looked_at_claims(pieces),
        tests=form.tests_held,
        agrees=form.agrees,
        words=said["words"],
        method=Method(said["method"]),
    )
    return unit_sample(unit=unit, actor=request.user, seen=said["seen"], form_key=said["form_key"], finding=finding)


def _said(record: SamplingRecord) -> str:
    number = record.claims.count()
    outcome = "you agree" if record.agrees else "you disagree"
    then = "" if record.agrees else " Say now what the assessor is to do: what you wrote stands below."
    return f"Recorded: {outcome}, having looked at {number} claim{'s' if number > 1 else ''}.{then}"
