"""Keeps the questions of a centre: assessors and verifiers add, reword and retire them."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import Question
from assessments.permissions import may_keep_questions
from centres.models import Centre, User
from record.errors import ChangedMeanwhile, InvalidTransition
from record.plain_text import plain_line
from standards.models import Criterion, UnitRevision
from standards.published import published_content


@transaction.atomic
def question_add(
    *, centre: Centre, actor: User, revision: UnitRevision, words: str, knowledge: Collection[int] = ()
) -> Question:
    """Let the centre ask this of the unit. `knowledge` are the positions of the knowledge items that it asks for.

    The same question once more changes nothing. Raises PermissionDenied, and ValidationError for no words, too many,
    or those of a question that asks for something else.
    """
    _lock(centre, actor)
    question = Question(
        centre=centre,
        revision=revision,
        words=plain_line(words),
        knowledge=_checked(revision, knowledge),
        author=actor,
        changed_at=timezone.now(),
    )
    same = Question.objects.asked_at(centre).filter(revision=revision, words=question.words).first()
    if same and same.knowledge == question.knowledge:
        return same
    question.full_clean()
    question.save()
    return question


@transaction.atomic
def question_reword(*, question: Question, actor: User, words: str, knowledge: Collection[int], seen: str) -> Question:
    """Ask it in other words, or for other knowledge. Records that asked it keep the words in which they did.

    `seen` is the `stamp` of what the page showed. Raises what `question_add` raises, ChangedMeanwhile if somebody else
    changed it since, and InvalidTransition once it is retired.
    """
    _lock(question.centre, actor)
    held = Question.objects.get(pk=question.pk)
    if held.retired_at:
        raise InvalidTransition(
            "This question was retired meanwhile, so it was not changed. Add it anew to ask it again."
        )
    held.revision = question.revision
    before = held.words, held.knowledge
    held.words, held.knowledge = plain_line(words), _checked(held.revision, knowledge)
    if (held.words, held.knowledge) == before:
        return held
    if seen != stamp(question=held):
        raise ChangedMeanwhile("This question was", f"it says now: {before[0]}")
    held.author, held.changed_at = actor, timezone.now()
    held.full_clean()
    held.save()
    return held


@transaction.atomic
def question_retire(*, question: Question, actor: User) -> None:
    """Ask it no more. What is retired already stays as it is. Raises PermissionDenied."""
    _lock(question.centre, actor)
    now = timezone.now()
    standing = Question.objects.filter(pk=question.pk, retired_at__isnull=True)
    standing.update(retired_at=now, changed_at=now, author=actor)


def stamp(question: Question) -> str:
    """Say when a question was changed last, for a form to send back."""
    return question.changed_at.isoformat()


def _lock(centre: Centre, actor: User) -> None:
    """Let one person at a time change the questions of a centre."""
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    if not may_keep_questions(actor, centre):
        raise PermissionDenied


def _checked(revision: UnitRevision, knowledge: Collection[int]) -> list[int]:
    items = published_content(revision).unit.criteria
    known = {item.position for item in items if item.kind == Criterion.Kind.KNOWLEDGE and item.is_claimable}
    if not known.issuperset(knowledge):
        raise ValidationError({"knowledge": "The unit has no such knowledge item."})
    return sorted(set(knowledge))
