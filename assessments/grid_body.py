"""Writes the head and the body of a grid as HTML.

Not a template: a grid of 40 by 100 has 4,000 cells, and a loop with an include for each takes twenty times
as long. Each text is escaped once, and cells that are empty cost four characters.
"""

from collections.abc import Iterable

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments.cells import WORDS
from assessments.grid import Grid, Heading

# One letter for each status, since it stands in every cell that is not empty; static/css/grid.css draws them.
LETTERS = {"claimed": "c", "met": "m", "partly": "p", "not_yet": "n", "barred": "b"}


def grid_head(grid: Grid) -> SafeString:
    """Return the two rows of the head: what the criteria belong to, and their codes, each a link to its page."""
    over = "".join(_over(heading) for heading in grid.headings)
    codes = "".join(
        f'<th scope=col{_class(column.status)}><a href="../criteria/{column.criterion.anchor}/">'
        f"{escape(column.criterion.full_code) or column.criterion.position}</a>"
        for column in grid.columns
    )
    # Everything that a person wrote was escaped just here.
    return mark_safe(f"<tr><th rowspan=2 scope=col>Evidence{over}<tr>{codes}")  # noqa: S308


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
    span = len(heading.columns)
    return f'<th colspan={span} scope=colgroup title="{escape(heading.title)}">{escape(heading.words)}'


def _key_of(heading: Heading) -> str:
    return f"<h3>{escape(heading.title)}</h3><ul>{''.join(_lines(heading))}</ul>"


def _lines(heading: Heading) -> Iterable[str]:
    for column in heading.columns:
        criterion = column.criterion
        yield (
            f'<li{_class(column.status)}><a href="../criteria/{criterion.anchor}/"><b>'
            f"{escape(criterion.full_code) or criterion.position}</b> {escape(criterion.text)}</a>"
            f"<i>{WORDS.get(column.status, 'Nothing yet')}</i>"
        )


def _class(status: str) -> str:
    return f" class={LETTERS[status]}" if status in LETTERS else ""
