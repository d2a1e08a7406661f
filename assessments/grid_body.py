"""Writes the head and the body of a grid as HTML.

Not a template: a grid of 40 by 100 has 4,000 cells, and a loop with an include for each takes twenty times
as long. Each text is escaped once, and cells that are empty cost four characters.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments.cells import WORDS
from assessments.grid import Grid, Heading, Mark, Row
from standards.content import CriterionContent

Claims = Mapping[int, Sequence[tuple[Row, Mark]]]  # by criterion

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


def grid_key(grid: Grid, *, unit: str = "../", with_claims: bool = False) -> SafeString:
    """Return the criteria in words, a line each, with how they stand: the key of the grid, and its fold on a phone.

    `unit` is the way from the page to the unit's address. `with_claims` says under each what claims it, where
    to look, and what was answered.
    """
    claimed_by = grid.claimed_by if with_claims else {}
    parts = [_key_of(heading, unit, claimed_by) for heading in grid.headings]
    if with_claims:
        parts += [f"<p class=quiet>{escape(item.full_code)} {escape(item.text)}</p>" for item in _explaining(grid)]
    return mark_safe("".join(parts))  # noqa: S308


def _explaining(grid: Grid) -> Iterable[CriterionContent]:
    """What the unit says of the evidence as a whole, with nothing to tick."""
    criteria = grid.content.unit.criteria
    over = {(item.kind, item.parent) for item in criteria}
    return (item for item in criteria if not item.is_tickable and (item.kind, item.position) not in over)


def _over(heading: Heading) -> str:
    span = len(heading.columns)
    return f'<th colspan={span} scope=colgroup title="{escape(heading.title)}">{escape(heading.words)}'


def _key_of(heading: Heading, unit: str, claimed_by: Claims) -> str:
    return f"<h3>{escape(heading.title)}</h3><ul>{''.join(_lines(heading, unit, claimed_by))}</ul>"


def _lines(heading: Heading, unit: str, claimed_by: Claims) -> Iterable[str]:
    for column in heading.columns:
        criterion = column.criterion
        claims = claimed_by.get(criterion.pk, ())
        yield (
            f'<li id={criterion.anchor}{_class(column.status)}><a href="{unit}criteria/{criterion.anchor}/"><b>'
            f"{escape(criterion.full_code) or criterion.position}</b> {escape(criterion.text)}</a> "
            f"<i>{WORDS.get(column.status, 'Nothing yet')}</i>"
            + (f"<ol>{''.join(_claim(row, mark) for row, mark in claims)}</ol>" if claims else "")
        )


def _claim(row: Row, mark: Mark) -> str:
    """What one piece shows of a criterion: "Evidence 3, page 2 Not yet: which day was it?"."""
    where = f", <bdi>{escape(mark.where)}</bdi>" if mark.where else ""
    said = f" <q class=written dir=auto>{escape(mark.said)}</q>" if mark.said else ""
    return f"<li{_class(mark.status)}>Evidence {row.number}{where} <i>{WORDS[mark.status]}</i>{said}"


def _class(status: str) -> str:
    return f" class={LETTERS[status]}" if status in LETTERS else ""
