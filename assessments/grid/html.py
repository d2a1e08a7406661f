"""Writes the head and the body of a grid as HTML.

Not a template, because a grid of 40 by 100 has 4,000 cells, and a template loop with an include for each takes twenty
times as long. Each text is escaped once, by Python itself (Django's `escape` first asks each time whether a text is
lazy, which none here is), and an empty cell costs four characters.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from assessments.grid.grid import CriterionColumn, EvidenceRow, FilledCell, Grid, Heading
from assessments.models.status import Status
from portfolio.models.evidence_number import evidence_number
from standards.content import CriterionContent
from standards.models import Criterion
from standards.naming import CriterionKey, Name, names_in
from standards.parts import Part, parts_in

Claims = Mapping[int, Sequence[tuple[EvidenceRow, FilledCell]]]  # by criterion

# What stands in a cell, since it is looked up thousands of times; static/css/grid.css draws the letters.
LETTERS = {status: status.letter for status in Status}
WORDS = {status: status.words for status in Status}
BESIDE = (Status.CLAIMED, Status.PARTLY, Status.NOT_YET)  # said of a folded part besides what is met
NEED_NOT = "Need not be shown"
CLASSES = {status: f" class={letter}" if letter else "" for status, letter in LETTERS.items()}


def grid_head(grid: Grid) -> SafeString:
    """Return the rows of the head: kinds of criteria, what the criteria belong to, and their codes as links."""
    kinds, over = _kinds_and_headings(grid.headings)
    codes = "".join(_code(grid, column) for column in grid.columns)
    # Everything that a person wrote was escaped just here.
    return mark_safe(f"<tr><th rowspan=3 scope=col>Evidence{kinds}<tr>{over}<tr>{codes}")  # noqa: S308


def _code(grid: Grid, column: CriterionColumn) -> str:
    """The head of a column. Of a range item that need not be shown, that is said as well."""
    said = grid.said_not_shown.get(column.criterion.pk, "")
    hint = f' title="{escape(said)}" aria-label="{escape(f"{column.code}. {said}")}"' if said else ""
    return (
        f'<th scope=col{_class(grid, column)}><a href="../criteria/{column.criterion.anchor}/"{hint}>'
        f"{escape(column.code)}</a>"
    )


def _class(grid: Grid, column: CriterionColumn) -> str:
    """The class of a criterion: the letter of how it stands, and whether it need not be shown."""
    if not grid.is_agreed(column):
        return CLASSES[column.status]
    return f' class="{LETTERS[column.status]} agreed"'


def grid_rows(grid: Grid, leads_to: str) -> SafeString:
    """Return a row for each piece. Its head links to the piece's page `leads_to` ("claims" or "judge")."""
    columns = [column.criterion.pk for column in grid.columns]
    filled = {
        key: f"<td class={LETTERS[mark.status]} data-s={mark.stamp}>{WORDS[mark.status]}"
        for key, mark in grid.marks.items()
    }
    rows = "".join(
        f'<tr><th scope=row><a href="{leads_to.format(row.uuid)}"><b>{evidence_number(row.number)}</b> '
        f"<bdi>{escape(row.title)}</bdi></a>{''.join([filled.get((row.pk, column), '<td>') for column in columns])}"
        for row in grid.rows
    )
    return mark_safe(rows)  # noqa: S308 - as above: titles are escaped, all else is ours


def grid_key(grid: Grid, *, unit: str = "../", with_claims: bool = False, is_folded: bool = False) -> SafeString:
    """Return the criteria in words, one a line, with how they stand: the key of the grid, and the grid on a phone.

    `unit` is the path from the page to the unit's address. `with_claims` adds under each criterion what claims it,
    where to look, and what was answered. `is_folded` leaves only the parts open in which something came back.
    """
    if not with_claims:
        return mark_safe("".join(_title(one.part) + _key_of(grid, one, unit, {}) for one in grid.headings))  # noqa: S308
    names, claimed_by = names_in(grid.content), grid.claimed_by
    headings = {id(heading.part): heading for heading in grid.headings}
    parts = []
    for part in parts_in(grid.content):
        heading = headings.get(id(part))
        inside = [_key_of(grid, heading, unit, claimed_by)] if heading else []
        inside += [_ticked_with(item, names) for item in part.criteria if not item.is_claimable]
        inside.append(_guidance(part))
        parts.append(_folded(grid, part, heading, "".join(inside)) if is_folded else _title(part) + "".join(inside))
    return mark_safe("".join(parts))  # noqa: S308


def _title(part: Part) -> str:
    return f"<h3>{escape(part.title)}</h3>"


def _folded(grid: Grid, part: Part, heading: Heading | None, inside: str) -> str:
    """A part that unfolds, with how many of its criteria stand how beside its title."""
    columns = heading.columns if heading else ()
    stand = Counter(column.status for column in columns if not grid.is_settled(column))
    settled = len(columns) - stand.total()
    said = [f"{stand[Status.MET]} of {stand.total()} met"] if stand else []
    said += [f"{stand[status]} {WORDS[status].lower()}" for status in BESIDE if stand[status]]
    said += [f"{settled} need{'' if settled > 1 else 's'} not be shown"] if settled else []
    is_open = " open" if stand[Status.PARTLY] or stand[Status.NOT_YET] else ""
    beside = f" <small>{', '.join(said)}</small>" if said else ""
    return f"<details class=key-part{is_open}><summary>{_title(part)}{beside}</summary>{inside}</details>"


def _ticked_with(item: CriterionContent, names: Mapping[CriterionKey, Name]) -> str:
    """Say which requirements are ticked with a range item: one tick serves both."""
    other = names[Criterion.Kind.RANGE.value, item.same_as] if item.same_as is not None else ""
    return (
        f"<p class=repeats id={item.anchor}><b>{escape(names[item.kind, item.position].code)}</b> {escape(item.text)} "
        f"<small>Ticked with {escape(str(other))}</small></p>"
    )


def _guidance(part: Part) -> str:
    """What the unit says beside a part without a code."""
    if not part.guidance:
        return ""
    lines = "".join(f"<li>{escape(line)}" for line in part.guidance)
    summary = part.guidance_heading or "What the unit says of it"
    return f"<details class=guidance><summary>{escape(summary)}</summary><ul>{lines}</ul></details>"


def _kinds_and_headings(headings: Iterable[Heading]) -> tuple[str, str]:
    """Write the first and the second row of the head.

    A heading that only repeats its kind gets no cell of its own, which would be empty or say the same twice: the cell
    of the kind spans both rows. If other headings of the kind say more, such columns get the words of the kind again.
    """
    kinds, over = [], []
    for kind, found in groupby(headings, key=lambda heading: heading.part.over):
        of_kind = list(found)
        says_more = any(_own_words(heading.part) for heading in of_kind)
        kinds.append(_over(of_kind, kind, kind, spans="" if says_more else " rowspan=2"))
        if says_more:
            for title, alike in groupby(of_kind, key=lambda heading: heading.part.title):
                under = list(alike)
                over.append(_over(under, _own_words(under[0].part) or kind, title))
    return "".join(kinds), "".join(over)


def _own_words(part: Part) -> str:
    """What a part is called under its kind: its number, or its heading if that says more than the kind."""
    return part.number or (part.heading if part.heading != part.over else "")


def _over(headings: Sequence[Heading], words: str, title: str, *, spans: str = "") -> str:
    """A cell over all columns of these headings. If it is narrow, only its title attribute has all the words."""
    width = sum(len(heading.columns) for heading in headings)
    return f'<th colspan={width}{spans} scope=colgroup title="{escape(title)}">{escape(words)}'


def _key_of(grid: Grid, heading: Heading, unit: str, claimed_by: Claims) -> str:
    part = heading.part
    note = f"<p>{escape(part.note)}</p>" if part.note else ""
    lines = "".join(_lines(grid, heading, unit, claimed_by))
    return f"{note}<ul>{lines}</ul>"


def _lines(grid: Grid, heading: Heading, unit: str, claimed_by: Claims) -> Iterable[str]:
    for column in heading.columns:
        criterion = column.criterion
        serves = f"<small>Ticked with it: {escape(', '.join(column.serves))}</small>" if column.serves else ""
        if said := grid.said_not_shown.get(criterion.pk):
            serves += f"<small>{escape(said)}</small>"
        stands = NEED_NOT if grid.is_settled(column) else WORDS[column.status]
        claims = "".join(
            _claim(row, mark, grid.said(criterion, row, mark)) for row, mark in claimed_by.get(criterion.pk, ())
        )
        yield (
            f'<li id={criterion.anchor}{_class(grid, column)}><a href="{unit}criteria/{criterion.anchor}/"><b>'
            f"{escape(column.code)}</b> {escape(criterion.text)}{serves}</a> "
            f"<i>{stands}</i>" + (f"<ol>{claims}</ol>" if claims else "")
        )


def _claim(row: EvidenceRow, mark: FilledCell, why: str) -> str:
    """What one piece shows of a criterion: "Evidence 3, page 2 Not yet: which day was it?"."""
    where = f", <bdi>{escape(mark.where)}</bdi>" if mark.where else ""
    said = f" <q class=written dir=auto>{escape(why)}</q>" if why else ""
    return f"<li{CLASSES[mark.status]}>Evidence {evidence_number(row.number)}{where} <i>{WORDS[mark.status]}</i>{said}"
