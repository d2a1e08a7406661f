"""The head of the grid: no cell of it is empty, and none says again what stands over it."""

import re
from types import SimpleNamespace
from typing import cast

from assessments.grid.grid import CriterionColumn, Grid, Heading
from assessments.grid.html import grid_head
from assessments.models.status import Status
from standards.content import CriterionContent
from standards.parts import Part


def head_of(*parts):
    """The rows of the head of a grid with these parts: each cell as (width, rows, title, words)."""
    headings = tuple(
        Heading(
            part=part,
            columns=tuple(
                CriterionColumn(criterion=criterion, code=str(place), status=Status.EMPTY, serves=())
                for place, criterion in enumerate(part.criteria)
            ),
        )
        for part in parts
    )
    columns = [column for heading in headings for column in heading.columns]
    grid = SimpleNamespace(headings=headings, columns=columns, said_not_shown={}, is_agreed=lambda _: False)
    html = grid_head(cast(Grid, grid))
    cell = re.compile(r'<th colspan=(\d+)(?: rowspan=(\d))? scope=colgroup title="([^"]*)">([^<]*)')
    return [
        [(int(w), int(r or 1), title, words) for w, r, title, words in cell.findall(row)]
        for row in html.split("<tr>")[1:3]
    ]


def criteria(count):
    return tuple(
        CriterionContent(kind="performance", position=place + 1, code="1", full_code="B10.1.1", text="Does it.")
        for place in range(count)
    )


def test_what_a_part_is_called_stands_under_its_kind():
    kinds, parts = head_of(
        Part(over="Performance", label="Element", number="B10.1", heading="Organise", criteria=criteria(3)),
        Part(over="Performance", label="Element", number="B10.2", heading="Improve", criteria=criteria(2)),
    )
    assert kinds == [(5, 1, "Performance", "Performance")]
    assert parts == [(3, 1, "Element B10.1 Organise", "B10.1"), (2, 1, "Element B10.2 Improve", "B10.2")]


def test_a_kind_without_parts_spans_both_rows():
    kinds, parts = head_of(
        Part(over="Performance", number="B10.1", heading="Organise", criteria=criteria(3)),
        Part(over="Knowledge", heading="Knowledge", criteria=criteria(4)),
    )
    assert kinds[1] == (4, 2, "Knowledge", "Knowledge")
    assert parts == [(3, 1, "Performance: B10.1 Organise", "B10.1")]


def test_paragraphs_beside_parts_of_their_kind_stand_together_under_its_words():
    kinds, parts = head_of(
        Part(over="Evidence", heading="Prove that you", number="4", criteria=criteria(2)),
        *[Part(over="Evidence", heading="Evidence", criteria=criteria(1)) for _ in range(3)],
    )
    assert kinds == [(5, 1, "Evidence", "Evidence")]
    assert parts == [(2, 1, "Evidence: 4 Prove that you", "4"), (3, 1, "Evidence", "Evidence")]
