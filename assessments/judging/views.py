"""An assessor's pages: the claims of one piece, to judge, and the musts without a letter, to state."""

import json
from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.cells.changes import CellChange, cells_change
from assessments.feedback.selectors import feedback_on_piece
from assessments.judging.forms import AnswerForm, AnswerLine, StatementsForm, answered_claims
from assessments.judging.next_evidence import next_to_judge
from assessments.judging.occasions import occasions_of
from assessments.judging.same_elsewhere import same_elsewhere
from assessments.judging.services import statements_set
from assessments.lookup import piece_or_404, unit_or_404
from assessments.models import REASON_AT_MOST, Outcome
from assessments.models.status import statuses_told
from assessments.openings.looked_at import seen_at_workplace
from assessments.permissions import may_judge
from assessments.standing.unit_record import ClaimRecord, UnitClaims, claims_in, is_open_to_judgement, unit_record
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.policy.selectors import policy_of
from portfolio.evidence.same_files import same_files
from portfolio.evidence.selectors import people_in_words, period
from portfolio.evidence_age import age_asked, last_day
from portfolio.files.selectors import files_of, previews_asked
from portfolio.models import CandidateUnit, Claim
from portfolio.remarks import remarks_on
from portfolio.written_as import written_as
from standards.naming import names_in
from standards.parts import parts_in

OUTCOMES = Outcome.choices
TAKEN_BACK = "was taken back since you opened the page, or is none of this evidence. Your answer to it was not saved."


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: SignedInRequest, centre: UUID, unit: UUID, evidence: UUID) -> HttpResponse:
    """Show the claims of a piece with their answers, and save new answers."""
    found = _judged_unit(request, centre, unit)
    piece = piece_or_404(found, evidence).evidence
    data = form_data(request)
    refused: dict[Claim, str] = {}
    if request.method == "POST" and data is not None:
        refused = _save(request, found, claims_in(found, evidence=piece).claims, data)
        if not refused:
            following = next_to_judge(found, after=piece)
            if following and "to_next" in data:
                return redirect("assessments:judge", centre=centre, unit=unit, evidence=following.uuid)
            return redirect("assessments:unit", centre=centre, unit=unit)
    claimed = claims_in(found, evidence=piece)
    if not claimed.claims:
        return render(request, "assessments/judging/judge_nothing.html", {"unit": found, "evidence": piece})
    version = claimed.claims[0].version
    shown = files_of(version)
    previews_asked(shown)
    policy = policy_of(found.registration.centre)
    context = {
        "unit": found,
        "version": version,
        "remarks": remarks_on(
            claimed.content.unit,
            kind=version.kind,
            title=version.title,
            author=written_as(
                found.registration,
                author=version.evidence.author_id,
                kind=version.kind,
                witness=version.evidence.witness_id,
            ),
            is_elsewhere=bool(version.location) and not shown,
            happened=last_day(version),
            age=age_asked(found.registration.centre, claimed.version, policy),
        ),
        "state": claimed.version,
        "files": shown,
        "same_files": same_files([one.file for one in shown], registration=found.registration, person=request.user),
        "when": period(version),
        "people": people_in_words(version, shown),
        "seen_there": seen_at_workplace(version, request.user) if version.location else None,
        "lines": _lines(claimed, data, refused),
        "outcomes": OUTCOMES,
        "statuses": json.dumps(statuses_told()),
        "reason_at_most": REASON_AT_MOST,
        "next": next_to_judge(found, after=piece),
        "open": is_open_to_judgement(claimed.version),
        "feedback": feedback_on_piece(version.evidence),
        "sentences": policy.feedback_sentences.splitlines(),
        "elsewhere": same_elsewhere(claimed, claimed.claims, person=request.user),
    }
    return render(request, "assessments/judging/judge.html", context)


def _lines(claimed: UnitClaims, data: QueryDict | None, refused: dict[Claim, str]) -> list[AnswerLine]:
    """The claims with their answers, or with what was typed if some of it was refused or nothing was sent yet."""
    names = names_in(claimed.content)
    parts = {item.pk: part for part in parts_in(claimed.content) for item in part.criteria}
    lines = []
    for record in claimed.claims:
        stands = record.judgement
        line = AnswerLine(
            record=record,
            name=names[record.criterion.kind, record.criterion.position],
            part=parts[record.criterion.pk],
            outcome=stands.outcome if stands else "",
            reason=stands.reason if stands else "",
            refused=refused.get(record.claim, ""),
        )
        if data is not None and (line.refused or not refused):
            line.outcome = str(data.get(f"{record.claim.uuid}-outcome", line.outcome))
            line.reason = str(data.get(f"{record.claim.uuid}-reason", line.reason))
        lines.append(line)
    for line in [line for line in lines if line.refused][:1]:
        line.is_first_refused = True
    return lines


@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Let the assessor state, one by one, the musts that have no letter."""
    found = _judged_unit(request, centre, unit)
    record = unit_record(found)
    asked_for = record.content.unit.rules.statements
    form = StatementsForm(form_data(request), statements=asked_for, stated=list(record.stated))
    if request.method == "POST" and form.is_valid():
        try:
            statements_set(unit=found, actor=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Saved your statements.")
            return redirect("assessments:unit", centre=centre, unit=unit)
    context = {
        "unit": found,
        "record": record,
        "form": form,
        "open": is_open_to_judgement(record.version),
        "occasions": occasions_of(record),
    }
    return render(request, "assessments/judging/statements.html", context)


def _save(
    request: SignedInRequest, unit: CandidateUnit, records: Sequence[ClaimRecord], data: QueryDict
) -> dict[Claim, str]:
    """Save the answers of the page, say what was saved, and return why others were not."""
    claims = {str(record.claim.uuid): record for record in records}
    all_met = "all_met" in data
    changes, refused = {}, {}
    sent = answered_claims(data)
    for record in [claims[name] for name in claims if name in sent]:  # others were made since the page was shown
        form = AnswerForm(data, record=record)
        if not form.is_valid():
            refused[record.claim] = form.sentences
        elif outcome := Outcome.MET if all_met else form.cleaned_data["outcome"]:
            changes[record.claim] = _change(form, record, Outcome(outcome))
    try:
        changed = cells_change(unit=unit, actor=request.user, changes=[*changes.values()])
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return dict.fromkeys(changes, "Not saved.") | refused
    refused |= {claim: one.refused for claim, one in zip(changes, changed, strict=True) if one.refused}
    gone = len(sent - set(claims))
    _report(request, saved=sum(bool(one.did) for one in changed), refused=len(refused), gone=gone)
    return refused


def _change(form: AnswerForm, record: ClaimRecord, outcome: Outcome) -> CellChange:
    said = form.cleaned_data
    # The reason for "not yet" does not explain "met", so it goes; what was said with "met" stays.
    is_turned = "all_met" in form.data and record.outcome != Outcome.MET
    return CellChange(
        evidence=record.claim.evidence.uuid,
        criterion=record.criterion,
        to=outcome.value,
        reason="" if is_turned else said["reason"],
        seen=said["seen"],
    )


def _report(request: SignedInRequest, *, saved: int, refused: int, gone: int) -> None:
    """Say in words what was saved and what was not."""
    if saved:
        messages.success(request, f"Saved {saved} judgement{'s' if saved > 1 else ''}.")
    elif not refused and not gone:
        messages.info(request, "Nothing was new, so nothing had to be saved.")
    if refused:
        what = "One answer was" if refused == 1 else f"{refused} answers were"
        messages.error(request, f"{what} not saved. It says why below; what you typed is still there.")
    if gone:
        messages.error(request, f"{'One claim' if gone == 1 else f'{gone} claims: each'} {TAKEN_BACK}")


def _judged_unit(request: SignedInRequest, centre: UUID, unit: UUID) -> CandidateUnit:
    found = unit_or_404(request, centre, unit)
    if not may_judge(request.user, found):
        raise PermissionDenied
    return found
