"""An assessor's pages: judging the claims of one piece, and confirming what the unit asks for without a letter."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from assessments.forms import REASON_AT_MOST, AnswerForm, ConfirmForm, answered_claims
from assessments.models import Outcome
from assessments.permissions import may_judge
from assessments.selectors import next_to_judge
from assessments.services.judgements import Answer, confirmations_set
from assessments.services.judgements import judge as judge_claims
from assessments.unit_parts import part_of_each
from assessments.unit_record import ClaimRecord, claims_in, is_open_to_judgement, unit_record
from assessments.views.lookup import head_shown, piece_or_404, unit_or_404
from centres.http import SignedInRequest
from config.interrupted import form_data
from portfolio.models import CandidateUnit, Claim
from portfolio.selectors import files_of
from portfolio.tasks import previews_ask
from standards.naming import unit_names

OUTCOMES = Outcome.choices
TAKEN_BACK = "was taken back since you opened the page, or is none of this piece. Your answer to it was not saved."


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: SignedInRequest, centre: UUID, unit: UUID, evidence: UUID) -> HttpResponse:
    """Show the claims of a piece with what stands, and save the answers to them."""
    found = _judged_unit(request, centre, unit)
    piece = piece_or_404(request, found, evidence).evidence
    data = form_data(request)
    refused: dict[Claim, str] = {}
    if request.method == "POST" and data is not None:
        refused = _save(request, found, claims_in(found, evidence=piece).claims, data)
        if not refused:
            following = next_to_judge(found, after=piece)
            if following and "to_next" in data:
                return redirect("assessments:judge", centre=centre, unit=unit, evidence=following.uuid)
            return redirect("assessments:unit", centre=centre, unit=unit)
    head = head_shown(found, request)
    claimed = claims_in(found, evidence=piece, head=head)
    if not claimed.claims:
        return render(request, "assessments/judge_nothing.html", {"unit": found, "evidence": piece})
    forms = [AnswerForm(None, record=record, typed=_typed(data, record.claim, refused)) for record in claimed.claims]
    names, parts = unit_names(claimed.content.unit), part_of_each(claimed.content.unit)
    for form in forms:
        key = (form.record.criterion.kind, form.record.criterion.position)
        form.name, form.part = names[key], parts[key]
        form.refused = refused.get(form.record.claim, "")
    for form in [form for form in forms if form.refused][:1]:
        form.is_first_refused = True
    shown = files_of(claimed.claims[0].version)
    previews_ask(file.file.stored_file for file in shown)
    context = {
        "unit": found,
        "version": claimed.claims[0].version,
        "state": claimed.version,
        "files": shown,
        "forms": forms,
        "outcomes": OUTCOMES,
        "reason_at_most": REASON_AT_MOST,
        "next": next_to_judge(found, after=piece, head=head),
        "open": is_open_to_judgement(claimed.version),
    }
    return render(request, "assessments/judge.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Let the assessor confirm, one by one, what the unit asks for without a letter."""
    found = _judged_unit(request, centre, unit)
    record = unit_record(found)
    asked_for = record.content.unit.rules.confirm
    confirmed = [confirmation.statement for confirmation in record.confirmations]
    form = ConfirmForm(form_data(request), statements=asked_for, confirmed=confirmed)
    if request.method == "POST" and form.is_valid():
        try:
            confirmations_set(unit=found, actor=request.user, statements=form.cleaned_data["statements"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Saved what you confirm.")
            return redirect("assessments:unit", centre=centre, unit=unit)
    context = {"unit": found, "record": record, "form": form, "open": is_open_to_judgement(record.version)}
    return render(request, "assessments/confirm.html", context)


def _save(
    request: SignedInRequest, unit: CandidateUnit, records: Sequence[ClaimRecord], data: QueryDict
) -> dict[Claim, str]:
    """Give the answers of the page, say what was saved, and return why others were not."""
    claims = {str(record.claim.uuid): record for record in records}
    all_met = "all_met" in data
    answers, refused = [], {}
    sent = answered_claims(data)
    for record in [claims[name] for name in claims if name in sent]:  # others were made since the page was shown
        form = AnswerForm(data, record=record)
        if not form.is_valid():
            refused[record.claim] = form.sentences
        elif all_met:
            answers.append(_answer(form, record.claim, Outcome.MET))
        elif form.cleaned_data["outcome"]:
            answers.append(_answer(form, record.claim, Outcome(form.cleaned_data["outcome"])))
    try:
        outcome = judge_claims(unit=unit, actor=request.user, answers=answers)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return {answer.claim: "Not saved." for answer in answers} | refused
    refused |= outcome.refused
    gone = len(sent - set(claims))
    _report(request, saved=len(outcome.given), refused=len(refused), gone=gone)
    return refused


def _answer(form: AnswerForm, claim: Claim, outcome: Outcome) -> Answer:
    said = form.cleaned_data
    reason = "" if outcome == Outcome.MET and "all_met" in form.data else said["reason"]
    return Answer(claim=claim, outcome=outcome, reason=reason, looked_at=said["looked_at"], seen=said["seen"])


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


def _typed(data: QueryDict | None, claim: Claim, refused: dict[Claim, str]) -> QueryDict | None:
    """What was typed of an answer, where it is not saved."""
    return data if claim in refused or not refused else None
