"""The pages of the question bank: the units, the questions of one, and one question."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Question
from assessments.permissions import may_keep_questions
from assessments.questions.forms import QuestionForm
from assessments.questions.selectors import AskedOfUnit, bank_unit, bank_units, questions_of
from assessments.questions.services import question_add, question_retire, question_reword, stamp
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.models import Centre
from record.errors import ChangedMeanwhile
from record.plain_text import plain_line
from standards.content import RevisionContent
from standards.models import UnitRevision
from standards.naming import names_in
from standards.published import published_content

ON_A_PAGE = 40
RETIRED_AT_MOST = 50


@require_safe
def bank(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List the units of the centre with how many questions it has for each."""
    at = _centre(request, centre)
    find = plain_line(request.GET.get("find", "")[:200])
    page = Paginator(bank_units(at, find), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/questions/bank.html", {"centre": at, "page": page, "find": find})


@require_http_methods(["GET", "HEAD", "POST"])
def of_unit(request: SignedInRequest, centre: UUID, revision: UUID) -> HttpResponse:
    """Show what the centre asks of a unit, and take a further question."""
    at = _centre(request, centre)
    wording = get_object_or_404(UnitRevision.objects.select_related("unit__framework"), uuid=revision)
    if not bank_unit(at, wording):
        raise Http404
    content = published_content(wording)
    form = QuestionForm(form_data(request), content=content)
    if request.method == "POST" and form.is_valid():
        try:
            question_add(centre=at, actor=request.user, revision=wording, **form.said)  # type: ignore[arg-type]
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, "Added. It is offered in questionings and discussions of the unit.")
            return redirect("assessments:questions_of_unit", centre=centre, revision=revision)
    find = plain_line(request.GET.get("find", "")[:200])
    asked = questions_of(at, [content])[content.pk]
    found = [one for one in asked if find.casefold() in one.question.words.casefold()]
    retired = Question.objects.filter(centre=at, revision=wording, retired_at__isnull=False).order_by("-retired_at")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "centre": at,
        "revision": wording,
        "form": form,
        "find": find,
        "has_many": len(asked) > ON_A_PAGE // 4,
        "asked": bool(asked),
        "page": page,
        "lines": [(one.question, _codes(one, content)) for one in page],
        "retired": retired.select_related("author")[:RETIRED_AT_MOST],
    }
    return render(request, "assessments/questions/unit.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: SignedInRequest, centre: UUID, question: UUID) -> HttpResponse:
    """Reword a question, or retire it."""
    at = _centre(request, centre)
    rows = Question.objects.select_related("revision__unit__framework", "author")
    found = get_object_or_404(rows, centre=at, uuid=question)
    found.centre = at
    data = form_data(request)
    form = QuestionForm(data, content=published_content(found.revision), question=found, seen=stamp(found))
    unit_page = redirect("assessments:questions_of_unit", centre=centre, revision=found.revision.uuid)
    if request.method == "POST" and data is not None and "retire" in data:
        question_retire(question=found, actor=request.user)
        messages.success(request, "Retired: it is offered no more. Records that asked it keep it.")
        return unit_page
    if request.method == "POST" and form.is_valid():
        try:
            question_reword(question=found, actor=request.user, seen=form.cleaned_data["seen"], **form.said)  # type: ignore[arg-type]
        except ChangedMeanwhile as refusal:
            form = _shown_again(request.POST, found)
            form.add_error(None, refusal.messages)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, "Saved. Records that asked it before keep the words in which they did.")
            return unit_page
    return render(request, "assessments/questions/question.html", {"centre": at, "question": found, "form": form})


def _shown_again(sent: QueryDict, question: Question) -> QuestionForm:
    """The form with what was typed, which now knows how the question stands: pressed again, it is saved."""
    now = Question.objects.get(pk=question.pk)
    data = sent.copy()
    data["seen"] = stamp(now)
    again = QuestionForm(data, content=published_content(question.revision))
    again.is_valid()
    return again


def _codes(one: AskedOfUnit, content: RevisionContent) -> list[str]:
    names = names_in(content)
    return [names[item.kind, item.position].code for item in one.items]


def _centre(request: SignedInRequest, centre: UUID) -> Centre:
    """The centre, for who keeps its questions. Raises Http404 for outsiders, and PermissionDenied for others."""
    found: Centre = get_object_or_404(Centre.objects.visible_to(request.user), uuid=centre)
    if not may_keep_questions(request.user, found):
        raise PermissionDenied
    return found
