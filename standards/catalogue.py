"""All units in their latest wording, to browse and to search.

Wordings never change, so each process reads them once and keeps their searchable texts. A request only asks the
database which ones are the latest. A few thousand short texts are searched faster in memory than in the database,
and with the same results on both databases.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F

from standards.content import FrameworkContent, UnitContent, code_order
from standards.models import UnitRevision
from standards.search import Highlighted, beginnings, highlighted, search_words, searchable
from standards.selectors import latest_revisions, revision_contents

HITS_SHOWN = 3  # of one unit

# A text of a unit: its code, its id on the unit's page, its words, and its words in the form that is searched.
# Bare tuples of strings, so that Python's garbage collector need not look at them again and again.
Line = tuple[str, str, str, str]
CODE, ANCHOR, TEXT, SEARCHABLE = range(4)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A unit of the catalogue: what the list shows of it, and all its searchable texts."""

    framework: FrameworkContent  # its code and title
    code: str
    title: str
    suite: str
    theme: str
    level: int | None
    order: tuple[object, ...]
    head: Line
    lines: tuple[Line, ...]
    searchable: str


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A line in which something was found."""

    code: str
    anchor: str
    text: Highlighted


@dataclass(frozen=True, kw_only=True)
class UnitFound:
    """A unit with the lines found in it; `more` is how many further lines were found."""

    unit: Entry
    title: Highlighted
    hits: tuple[Hit, ...]
    more: int


_kept: dict[int, Entry] = {}


def catalogue() -> list[Entry]:
    """Return every unit, by framework and code, in one query once this process has read them."""
    latest = dict(latest_revisions().annotate(called=F("unit__framework__title")).values_list("pk", "called"))
    # Of all that an entry shows, only the framework's name may change.
    fresh = {pk: entry for pk, entry in list(_kept.items()) if entry.framework.title == latest.get(pk)}
    if unread := latest.keys() - fresh.keys():
        found = revision_contents(UnitRevision.objects.filter(pk__in=unread))
        fresh |= {revision.pk: _entry(revision.unit) for revision in found}
        _kept.clear()
        _kept.update(fresh)
    return sorted(fresh.values(), key=lambda entry: entry.order)


def forget_catalogue() -> None:
    """Forget everything that was read; for tests, each of which has a database of its own."""
    _kept.clear()


def search(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """Return the units that hold every word, best first: in the title, then in one line, then anywhere."""
    wanted = beginnings(search_words(typed))
    ranked = [(_rank(entry, wanted), entry) for entry in entries if _holds(entry.searchable, wanted)]
    return [entry for _, entry in sorted(ranked, key=lambda one: one[0])]  # entries of the same rank keep their order


def unit_found(entry: Entry, typed: str) -> UnitFound:
    """Return what `search` found in the unit: the lines that hold all the words, or else any of them."""
    words = search_words(typed)
    wanted = beginnings(words)
    hits = [line for line in entry.lines if _holds(line[SEARCHABLE], wanted)]
    hits = hits or _rarest_first([[line for line in entry.lines if word in line[SEARCHABLE]] for word in wanted])
    return UnitFound(
        unit=entry,
        title=highlighted(entry.title, words),
        hits=tuple(
            Hit(code=line[CODE], anchor=line[ANCHOR], text=highlighted(line[TEXT], words)) for line in hits[:HITS_SHOWN]
        ),
        more=max(0, len(hits) - HITS_SHOWN),
    )


def _entry(unit: UnitContent) -> Entry:
    head = _line(f"{unit.code} {unit.reference}".strip(), "", unit.title)
    elements = [_line(one.number, f"element-{one.position}", one.title) for one in unit.elements]
    lines = (*elements, *(_line(item.full_code, item.anchor, item.text) for item in unit.criteria))
    return Entry(
        framework=FrameworkContent(code=unit.framework.code, title=unit.framework.title),
        code=unit.code,
        title=unit.title,
        suite=unit.suite,
        theme=unit.theme,
        level=unit.level,
        order=(unit.framework.title, unit.framework.code, code_order(unit.code)),
        head=head,
        lines=lines,
        searchable="".join(line[SEARCHABLE] for line in (head, *lines)),
    )


def _line(code: str, anchor: str, text: str) -> Line:
    return code, anchor, text, searchable(f"{code} {text}")


def _holds(text: str, wanted: Sequence[str]) -> bool:
    for beginning in wanted:  # noqa: SIM110 - asked of every line, and a loop is three times faster
        if beginning not in text:
            return False
    return True


def _rank(entry: Entry, wanted: Sequence[str]) -> int:
    if _holds(entry.head[SEARCHABLE], wanted):
        return 0
    return 1 if any(_holds(line[SEARCHABLE], wanted) for line in entry.lines) else 2


def _rarest_first(by_word: Sequence[list[Line]]) -> list[Line]:
    """Return the lines that hold any of the words, beginning with the word that stands in the fewest."""
    return list(dict.fromkeys(line for found in sorted(by_word, key=len) for line in found))
