"""All units in their latest wording, to browse and to search.

Wordings never change, so each process reads them once and keeps them; what a request asks of the database
is which ones are the latest. A few thousand short texts are searched faster here than there, and on both
databases alike.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import F

from standards.content import RevisionContent, Span, code_order
from standards.models import UnitRevision
from standards.search import Line, search_words
from standards.selectors import latest_revisions, revision_contents

HITS_SHOWN = 4  # of one unit


@dataclass(frozen=True)
class Entry:
    """A unit of the catalogue."""

    revision: RevisionContent

    @cached_property
    def head(self) -> Line:
        """What stands in the heading of its page."""
        unit = self.revision.unit
        return Line(code=f"{unit.code} {unit.reference}", text=unit.title, anchor="")

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """What it asks, line by line."""
        unit = self.revision.unit
        elements = [
            Line(code=element.number, text=element.title, anchor=f"element-{element.position}")
            for element in unit.elements
        ]
        return (
            *elements,
            *(Line(code=item.full_code, text=item.text, anchor=item.anchor) for item in unit.criteria),
        )


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A line that holds what was searched."""

    code: str
    anchor: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A unit with what was found in it; `more` lines were found besides those shown."""

    revision: RevisionContent
    title: tuple[Span, ...]
    hits: tuple[Hit, ...] = ()
    more: int = 0


_kept: dict[int, Entry] = {}


def catalogue() -> list[Entry]:
    """Return every unit, by framework and code, in one query once this process has read them."""
    latest = dict(latest_revisions().annotate(called=F("unit__framework__title")).values_list("pk", "called"))
    # Of all that a wording shows, only what the framework is called may change.
    fresh = {
        pk: entry
        for pk, entry in list(_kept.items())
        if pk in latest and entry.revision.unit.framework.title == latest[pk]
    }
    if unread := latest.keys() - fresh.keys():
        found = revision_contents(UnitRevision.objects.filter(pk__in=unread))
        fresh |= {revision.pk: Entry(revision) for revision in found}
        _kept.clear()
        _kept.update(fresh)
    return sorted(fresh.values(), key=_by_framework_and_code)


def forget_catalogue() -> None:
    """Read everything again: for tests, each of which has a database of its own."""
    _kept.clear()


def search(entries: Sequence[Entry], typed: str) -> list[Finding]:
    """Return the units that hold every word, best first: in the title, then in one line, then anywhere."""
    words = search_words(typed)
    ranked = []
    for entry in entries:
        by_word = {word: [line for line in entry.lines if line.found([word])] for word in words}
        if any(not lines and not entry.head.found([word]) for word, lines in by_word.items()):
            continue
        whole = [line for line in entry.lines if line.found(words) == len(words)]
        rank = 0 if entry.head.found(words) == len(words) else 1 if whole else 2
        ranked.append((rank, entry, whole or _rarest_first(by_word)))
    ranked.sort(key=lambda one: one[0])  # stable: within a rank they stay by framework and code
    return [_finding(entry, hits, words) for _, entry, hits in ranked]


def _rarest_first(by_word: dict[str, list[Line]]) -> list[Line]:
    """Return the lines that hold any of the words, beginning with the word that stands in the fewest."""
    lines = (line for found in sorted(by_word.values(), key=len) for line in found)
    return list({id(line): line for line in lines}.values())


def _finding(entry: Entry, hits: Sequence[Line], words: Collection[str]) -> Finding:
    return Finding(
        revision=entry.revision,
        title=entry.head.spans(words),
        hits=tuple(Hit(code=line.code, anchor=line.anchor, spans=line.spans(words)) for line in hits[:HITS_SHOWN]),
        more=max(0, len(hits) - HITS_SHOWN),
    )


def _by_framework_and_code(entry: Entry) -> tuple[object, ...]:
    unit = entry.revision.unit
    return unit.framework.title, unit.framework.code, code_order(unit.code)
