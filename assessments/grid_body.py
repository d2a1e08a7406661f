"""Writes the head and the body of a grid as HTML.

Not a template: a grid of 40 by 100 has 4,000 cells, and a loop with an include for each takes twenty times
as long. Each text is escaped once, and cells that are empty cost four characters.
"""

from collections.abc import Iterable
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments.cells import WORDS
from assessments.grid import Grid, Heading

# One letter for each status, since it stands in every cell that is not empty; static/css/grid.css draws them.
LETTERS = {"claimed": "c", "met": "m", "partly": "p", "not_yet": "n", "barred": "b"}


def grid_head(grid: Grid) -> SafeString:
    """Return the rows of the head: kinds of criteria, what the criteria belong to, and their codes as links."""
    kinds = "".join(
        f'<th colspan={sum(len(heading.columns) for heading in found)} scope=colgroup title="{escape(over)}">'
        f"{escape(over)}"
        for over, headings in groupby(grid.headings, key=lambda heading: heading.part.over)
        if (found := list(headings))
    )
    over = "".join(_over(heading) for heading in grid.headings)
    codes = "".join(
        f'<th scope=col{_class(column.status)}><a href="../criteria/{column.criterion.anchor}/">'
        f"{escape(column.code)}</a>"
        for column in grid.columns
    )
    # Everything that a person wrote was escaped just here.
    return mark_safe(f"<tr><th rowspan=3 scope=col>Evidence{kinds}<tr>{over}<tr>{codes}")  # noqa: S308


def grid_rows(grid: Grid, leads_to: str) -> SafeString:
    """Return a row for each piece; its head leads to the page `leads_to` of the piece ("claims", "judge")."""
    columns = [column.criterion.pk for column in grid.columns]
    filled = {
        key: f"<td class={LETTERS[mark.status]} data-s={mark.stamp}>{WORDS[mark.status]}"
        for key, mark in grid.marks.items()
    }
    rows = "".join(
        f'<tr data-v={row.version_number}><th scope=row><a href="{leads_to.format(row.uuid)}"><b>{row.number}</b> '
        f"<bdi>{escape(row.title)}</bdi></a>{''.join([filled.get((row.pk, column), '<td>') for column in columns])}"
        for row in grid.rows
    )
    return mark_safe(rows)  # noqa: S308 - as above: titles are escaped, all else is ours


def grid_key(grid: Grid) -> SafeString:
    """Return the criteria in words, a line each, with how they stand: the key of the grid, and its fold on a phone."""
    return mark_safe("".join(_key_of(heading) for heading in grid.headings))  # noqa: S308


def _over(heading: Heading) -> str:
    part = heading.part
    words = part.number or (part.heading if part.heading != part.over else "")
    return f'<th colspan={len(heading.columns)} scope=colgroup title="{escape(part.title)}">{escape(words)}'


def _key_of(heading: Heading) -> str:
    note = f"<p>{escape(heading.part.note)}</p>" if heading.part.note else ""
    return f"<h3>{escape(heading.part.title)}</h3>{note}<ul>{''.join(_lines(heading))}</ul>"


def _lines(heading: Heading) -> Iterable[str]:
    for column in heading.columns:
        criterion = column.criterion
        serves = f"<small>Ticked with it: {escape(', '.join(column.serves))}</small>" if column.serves else ""
        yield (
            f'<li{_class(column.status)}><a href="../criteria/{criterion.anchor}/"><b>'
            f"{escape(column.code)}</b> {escape(criterion.text)}{serves}</a>"
            f"<i>{WORDS.get(column.status, 'Nothing yet')}</i>"
        )


def _class(status: str) -> str:
    return f" class={LETTERS[status]}" if status in LETTERS else ""
