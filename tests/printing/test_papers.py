"""A paper holds whatever people write: nothing is cut, heads come again, and signatures are never alone on a page."""

import re

import pytest

from printing.papers import Column, Paper, Passage, SignatureLine, Table, WritingRoom, paper_pdf
from printing.sending import file_name
from tests.printing.printed import pages_of, words_of_pdf

WITHOUT_BLANKS = "Ab3" * 1_633  # nearly as much as a field takes
MIXED = "Ünïcode, Ελληνικά, русский, עברית, العربية, 汉字, ไทย, \U0001f600 and \U00050000"
COLUMNS = (Column("Number", "tiny"), Column("What"), Column("Who", "middle"))


def paper(*parts, **said):
    return Paper(title="A paper", heading="A paper", facts=[("Candidate", "N" * 200)], parts=parts, **said)


def squeezed(words):
    return re.sub(r"\s", "", words)


@pytest.mark.long
def test_a_long_field_without_blanks_and_forty_rows_are_printed_whole():
    rows = [["0", WITHOUT_BLANKS, "N" * 200], *([str(number), f"row {number} ends", MIXED] for number in range(1, 41))]
    pages = pages_of(paper_pdf(paper(Table(columns=COLUMNS, rows=rows), is_wide=True)))
    text = squeezed("".join(re.sub(r"Number What Who|A paper|Page \d+ of \d+", "", page) for page in pages))
    assert text.count("b") == 1_633
    assert text.count("N") == 400
    for number in range(1, 41):
        assert f"row{number}ends" in text
    assert all("Number What Who" in page for page in pages)
    assert "[U+50000]" in text  # no font has it


@pytest.mark.long
def test_signatures_take_something_along_to_the_next_page():
    for lines in range(30, 60, 2):
        words = "\n".join(f"line {number}" for number in range(lines))
        table = Table(columns=COLUMNS, rows=[[str(number), "What", "Who"] for number in range(lines)])
        for part in (Passage(words=words), table):
            *_, last = pages_of(paper_pdf(paper(part, signatures=[SignatureLine("Assessor, date")])))
            assert re.search(r"line \d+|\d+ What Who", last), (lines, last)


def test_nothing_at_all_is_a_paper_too():
    words = words_of_pdf(
        paper_pdf(paper(Table(columns=COLUMNS, nothing="Nothing is there."), WritingRoom(heading="Room")))
    )
    assert words.endswith("Nothing is there. Room Page 1 of 1")


@pytest.mark.long
def test_a_file_is_named_so_that_every_disk_takes_it():
    assert file_name("A/B\\C  D. ") == "A-B-C D.pdf"
    assert len(file_name("ж" * 200).encode()) < 255
