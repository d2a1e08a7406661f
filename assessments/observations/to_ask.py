"""What is offered to be asked of a candidate: what their units want to be known, and the questions of the centre."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assessments.observations.units import TickLine, UnitTicks
from assessments.questions.selectors import AskedOfUnit
from record.plain_text import plain_line
from standards.content import RevisionContent

OFFERED_AT_MOST = 60  # of the centre's own questions at once: beyond that there is a field to find some
FIND_FROM = 12


@dataclass(kw_only=True)
class AskGroup:
    """A knowledge item of a unit, with its own words unless they were asked, and questions about it.

    Without a `code`: questions about the unit as a whole.
    """

    code: str = ""
    text: str = ""  # of the item
    own: str = ""  # its words, as a question; empty once that was asked
    questions: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class AsksOfUnit:
    """What can be asked in one unit."""

    content: RevisionContent
    groups: list[AskGroup]


@dataclass(frozen=True, kw_only=True)
class AsksOfPart:
    """What can be asked of one candidate. `more` questions are not among them, because they are too many."""

    units: list[AsksOfUnit]
    find: str
    more: int
    can_find: bool

    @property
    def has_any(self) -> bool:
        """Whether anything is offered, or could be with other words."""
        return bool(self.units) or bool(self.find)


def asks_of(
    units: Collection[UnitTicks],
    questions: Mapping[int, Sequence[AskedOfUnit]],
    *,
    asked: Collection[str],
    find: str,
) -> AsksOfPart:
    """Group what was not `asked` yet under the knowledge items of each unit; with `find` only what has it in its words.

    A question about several items stands under each.
    """
    left = {pk: [one for one in of_unit if one.question.words not in asked] for pk, of_unit in questions.items()}
    there = sum(len(left.get(one.content.pk, ())) for one in units)
    room, offered, found = OFFERED_AT_MOST, [], 0
    for one in units:
        wanted = [each for each in left.get(one.content.pk, ()) if find.casefold() in each.question.words.casefold()]
        found += len(wanted)
        shown = wanted[:room]
        room -= len(shown)
        groups = [group for group in _groups(one.knowledge, shown, asked, find) if group.own or group.questions]
        if groups:
            offered.append(AsksOfUnit(content=one.content, groups=groups))
    return AsksOfPart(
        units=offered, find=find, more=found - (OFFERED_AT_MOST - room), can_find=bool(find) or there > FIND_FROM
    )


def _groups(
    lines: Sequence[TickLine], shown: Sequence[AskedOfUnit], asked: Collection[str], find: str
) -> Iterator[AskGroup]:
    for line in lines:
        text = plain_line(line.criterion.text)
        is_left = text not in asked and find.casefold() in text.casefold()
        about = [one.question.words for one in shown if line.criterion in one.items]
        yield AskGroup(code=line.code, text=text, own=text if is_left else "", questions=about)
    yield AskGroup(questions=[one.question.words for one in shown if not one.items])
