"""Which range items of a unit are said not to be shown: what readiness, the grid and the document start from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assessments.models import NotShown
from portfolio.models import CandidateUnit
from standards.content import RevisionContent
from standards.naming import names_in


def not_shown_in(unit: CandidateUnit, content: RevisionContent) -> tuple[NotShown, ...]:
    """Return what stands, each with its answer, in the order in which it was said; a query if the unit has a range."""
    return not_shown_in_each({unit: content})[unit.pk]


def not_shown_in_each(contents: Mapping[CandidateUnit, RevisionContent]) -> dict[int, tuple[NotShown, ...]]:
    """The same of several units with their wordings, by the unit's primary key; a query if any has a range."""
    found: dict[int, list[NotShown]] = {unit.pk: [] for unit in contents}
    if with_range := [unit for unit, content in contents.items() if content.unit.range]:
        standing = NotShown.objects.filter(candidate_unit__in=with_range, ended_at__isnull=True)
        for one in standing.select_related("author__user", "answer__author__user").order_by("pk"):
            found[one.candidate_unit_id].append(one)
    return {unit: tuple(of_it) for unit, of_it in found.items()}


def agreed_by_position(standing: Iterable[NotShown], content: RevisionContent) -> Mapping[int, bool]:
    """Say of each, by the position of its range item, whether the verifier has agreed."""
    items = content.criterion_by_pk
    return {items[one.criterion_id].position: one.answered is not None for one in standing}


@dataclass(frozen=True, kw_only=True)
class NotShownLine:
    """What pages say of one: the row, and its range item by name and in words."""

    said: NotShown
    name: str
    text: str


def not_shown_lines(rows: Iterable[NotShown], content: RevisionContent) -> list[NotShownLine]:
    """Return the lines of these rows, whose items are in the wording."""
    names, items = names_in(content), content.criterion_by_pk
    lines = []
    for said in rows:
        item = items[said.criterion_id]
        name = str(names[item.kind, item.position])
        lines.append(NotShownLine(said=said, name=name[:1].upper() + name[1:], text=item.text))
    return lines
