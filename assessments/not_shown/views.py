"""Range items that the workplace cannot show: the assessor's page, and the page of one of them, to answer or end it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from assessments.lookup import unit_or_404
from assessments.models import NotShown, NotShownAnswer
from assessments.not_shown.forms import AnswerNotShownForm, NotShownForm
from assessments.not_shown.services import not_shown_answer, not_shown_end, not_shown_state
from assessments.permissions import may_answer_not_shown, may_end_not_shown, may_judge
from assessments.standing.not_shown import not_shown_in, not_shown_lines
from assessments.standing.unit_record import is_open_to_judgement
from centres.http import SignedInRequest
from centres.interrupted import form_data
from portfolio.models import UnitVersion
from standards.models import Criterion
from standards.naming import names_in
from standards.published import published_content


@require_http_methods(["GET", "HEAD", "POST"])
def not_shown(request: SignedInRequest, centre: UUID, unit: UUID) -> HttpResponse:
    """Let the assessor say that an item of the range cannot be shown, and read what was not agreed to."""
    found = unit_or_404(request, centre, unit)
    if not may_judge(request.user, found):
        raise PermissionDenied
    content = published_content(found.revision)
    standing = not_shown_in(found, content)
    said = {one.criterion_id for one in standing}
    of_range = [item for item in content.unit.claimable if item.kind == Criterion.Kind.RANGE]
    items = [item for item in of_range if item.pk not in said]
    form = NotShownForm(form_data(request), items=items, names=names_in(content))
    if request.method == "POST" and form.is_valid():
        try:
            not_shown_state(unit=found, actor=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, found.registration.centre.words.say("Saved. The {internal_verifier} answers it."))
            return redirect("assessments:unit", centre=centre, unit=unit)
    refused = NotShownAnswer.objects.filter(not_shown__candidate_unit=found, agrees=False)
    ended = [one.not_shown for one in refused.select_related("author__user", "not_shown__author__user").order_by("-pk")]
    context = {
        "unit": found,
        "form": form,
        "items": items,
        "of_range": of_range,
        "standing": not_shown_lines(standing, content),
        "refused": not_shown_lines(ended, content),
        "open": is_open_to_judgement(_version(found.pk)),
    }
    return render(request, "assessments/not_shown/not_shown.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: SignedInRequest, centre: UUID, unit: UUID, said: UUID) -> HttpResponse:
    """Show one of them to assessor and verifier: the verifier answers it, either ends it."""
    found = unit_or_404(request, centre, unit)
    may_end = may_end_not_shown(request.user, found)
    if not may_end:
        raise PermissionDenied
    rows = NotShown.objects.filter(candidate_unit=found).select_related("author__user", "answer__author__user")
    row = get_object_or_404(rows, uuid=said)
    row.candidate_unit = found
    is_open = is_open_to_judgement(_version(found.pk)) and row.ended_at is None
    answers = may_answer_not_shown(request.user, found)
    data = form_data(request)
    form = AnswerNotShownForm(data)
    if request.method == "POST" and data is not None:
        is_end = "end" in data
        if not is_end and not answers:
            raise PermissionDenied
        try:
            if is_end:
                not_shown_end(said=row, actor=request.user)
            elif form.is_valid():
                not_shown_answer(said=row, actor=request.user, **form.said)
            if is_end or form.is_valid():
                messages.success(
                    request, "Taken back: the item is asked for again." if is_end else "Saved your answer."
                )
                return redirect("assessments:unit", centre=centre, unit=unit)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    [line] = not_shown_lines([row], published_content(found.revision))
    context = {
        "unit": found,
        "line": line,
        "form": form,
        "answers": answers and is_open and row.answered is None,
        "ends": is_open,
    }
    return render(request, "assessments/not_shown/answer.html", context)


def _version(unit: int) -> UnitVersion:
    return UnitVersion.objects.get(candidate_unit=unit, closed_at__isnull=True)
