"""What is wrong with a print is found by looking at it: each of these prints was spoilt on purpose."""

import pytest
from weasyprint import HTML

from printing.looking import Tables, found_in
from printing.pdf import _Press

GRID = Tables(marks="✓✕", head="No", foot=42.5)
ROWS = "<tr><th>1<td>✓" * 60
SHEET = "<!doctype html><html lang=en><title>A table</title><style>td { font-family: 'DejaVu Sans' }</style>"


def found(body: str) -> list[str]:
    return found_in(HTML(string=f"{SHEET}{body}").write_pdf(), GRID)


def test_a_whole_print_has_nothing_to_find():
    assert found(f"<table><thead><tr><th>No<th>1.1<tbody>{ROWS}</table>") == []


def test_rows_without_the_heads_of_their_columns_are_found():
    """The head stands over the first rows, and not again on the next page."""
    [said] = found(f"<table><tr><th>No<th>1.1{ROWS}</table>")

    assert said == "On page 2, rows stand without the heads of their columns."


def test_a_mark_at_the_foot_of_the_page_needs_no_head():
    assert found("<p style='position: fixed; bottom: -15mm'>✓ Met") == []


@pytest.mark.parametrize("edge", ["left", "right", "top", "bottom"])
def test_words_that_leave_the_page_are_found(edge):
    assert found(f"<p style='position: fixed; {edge}: -24mm'>Words") == [
        "On page 1, words stand outside what a printer prints."
    ]


def test_a_character_without_a_glyph_is_found():
    [said] = found("<p>Smile \U00050000 now")

    assert said == "On page 1, a character is printed as an empty box."


def test_the_press_looks_when_it_is_told_of_tables():
    press = _Press()
    try:
        html = f"{SHEET}<p>No</p><p style='page-break-before: always'>✓"
        assert press.printed(html, "unit.css").found == []
        assert press.printed(html, "unit.css", GRID).found == [
            "On page 2, rows stand without the heads of their columns."
        ]
    finally:
        press.stop()
