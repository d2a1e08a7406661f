import pytest

from assessments.recording_form import words as wording


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-14", None, "14 Nov 2026"),
        ("2026-01-02", "2026-11-14", "2 Jan 2026 to 14 Nov 2026"),
        ("2026-01-02", "2026-01-02", "2 Jan 2026"),
        (None, None, ""),
    ],
)
def test_a_period_reads_as_people_write_it(first, last, words):
    assert wording.period(first, last) == words


def test_a_signature_late_in_the_evening_has_the_centres_day():
    assert wording.day_of("2026-07-01T23:30:00Z", "Europe/London") == "2 Jul 2026"
    assert wording.day_of("2026-07-01T03:30:00Z", "America/Barbados") == "30 Jun 2026"


@pytest.mark.parametrize(
    ("parent", "code", "printed"),
    [
        ("4", "a", "4a"),
        ("4", "4a", "4a"),
        ("B10a", "i", "B10a.i"),
        ("", "B10.1.1", "B10.1.1"),
    ],
)
def test_a_lettered_item_is_printed_with_its_parents_code(parent, code, printed):
    assert wording.lettered(parent, code) == printed


def test_only_names_with_right_to_left_letters_are_fenced_off():
    assert wording.isolated("Zoë") == "Zoë"
    assert wording.isolated("محمد") == "\u2068محمد\u2069"


def test_characters_without_a_font_become_their_numbers_everywhere_in_the_document():
    document = {"title": "so 😀", "files": [{"name": "😀.pdf"}], "number": 1}

    assert wording.printable(document, ["😀"]) == {
        "title": "so [U+1F600]",
        "files": [{"name": "[U+1F600].pdf"}],
        "number": 1,
    }


def test_a_title_cannot_turn_its_letters_round():
    assert wording.printable("invoice\u202efdp.exe", []) == "invoicefdp.exe"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("David Brennan", "DB"),
        ("Mary-Ann  O’Neill (Box 7)", "MAOB"),
        ("Ọkọ́rọ̀ ẹ̀kọ́", "ỌẸ"),
        ("王小明", "王"),
        ("محمد عبدالله", "\u2068م ع\u2069"),
        ("42", "42"),
    ],
)
def test_initials_of_a_name_in_any_script(name, short):
    assert wording.initials(name) == short
