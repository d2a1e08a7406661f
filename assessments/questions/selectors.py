"""What a centre asks, for its bank and for the records of questionings and discussions."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from assessments.models import Question
from centres.models import Centre
from portfolio.models import CandidateUnit
from standards.content import CriterionContent, RevisionContent
from standards.models import Criterion, UnitRevision
from standards.published import published_contents_of


@dataclass(frozen=True, kw_only=True)
class AskedOfUnit:
    """A question, and the knowledge items of a wording of its unit that an answer shows."""

    question: Question
    items: tuple[CriterionContent, ...]


@dataclass(frozen=True, kw_only=True)
class UnitOfBank:
    """A unit that the centre works with or asks about, in its latest wording there."""

    revision: UnitRevision
    questions: int


def knowledge_items(content: RevisionContent) -> list[CriterionContent]:
    """What a wording wants to be known, in its order."""
    return [item for item in content.unit.claimable if item.kind == Criterion.Kind.KNOWLEDGE]


def questions_of(centre: Centre, contents: Collection[RevisionContent]) -> Mapping[int, Sequence[AskedOfUnit]]:
    """What the centre asks of the units of these wordings, by the wording's primary key, in the order of its items.

    A question of another wording of the unit counts too: for the items that have the same words there. One query.
    """
    revisions = UnitRevision.objects.filter(pk__in=[content.pk for content in contents])
    rows = Question.objects.asked_at(centre).filter(revision__unit__in=revisions.values("unit"))
    by_unit: dict[str, list[Question]] = defaultdict(list)
    for question in rows.select_related("revision__unit__framework"):
        by_unit[question.revision.unit.address].append(question)
    written_for = published_contents_of({one.revision_id for questions in by_unit.values() for one in questions})
    return {content.pk: _of_wording(content, by_unit.get(_address(content), []), written_for) for content in contents}


def _address(content: RevisionContent) -> str:
    return f"{content.unit.framework.code}:{content.unit.code}"


def _of_wording(
    content: RevisionContent, questions: Collection[Question], written_for: Mapping[int, RevisionContent]
) -> list[AskedOfUnit]:
    items = knowledge_items(content)
    found = []
    for question in questions:
        own = knowledge_items(written_for[question.revision_id])
        words = {item.text for item in own if item.position in question.knowledge}
        found.append(AskedOfUnit(question=question, items=tuple(item for item in items if item.text in words)))
    last = len(items)
    return sorted(found, key=lambda one: (items.index(one.items[0]) if one.items else last, one.question.pk))


def bank_units(centre: Centre, find: str) -> list[UnitOfBank]:
    """The units of the centre, by framework and code; with `find` those in whose code, title or questions it is.

    Three queries.
    """
    worked_on = CandidateUnit.objects.taken().filter(registration__centre=centre, revision=OuterRef("pk"))
    asked = Question.objects.asked_at(centre)
    rows = UnitRevision.objects.filter(Exists(worked_on) | Q(pk__in=asked.values("revision")))
    latest: dict[int, UnitRevision] = {}
    for revision in rows.select_related("unit__framework").order_by("unit__framework__code", "unit__code", "number"):
        latest[revision.unit_id] = revision
    number = Counter(asked.values_list("revision__unit", flat=True))
    wanted = set(latest)
    if find:
        said = set(asked.filter(words__icontains=find).values_list("revision__unit", flat=True))
        wanted = {pk for pk, one in latest.items() if pk in said or find.casefold() in str(one).casefold()}
    return [UnitOfBank(revision=one, questions=number[pk]) for pk, one in latest.items() if pk in wanted]


def bank_unit(centre: Centre, revision: UnitRevision) -> bool:
    """Whether the centre works with a unit in this wording, or has asked of it."""
    worked_on = CandidateUnit.objects.filter(registration__centre=centre, revision=revision)
    return worked_on.exists() or Question.objects.filter(centre=centre, revision=revision).exists()
