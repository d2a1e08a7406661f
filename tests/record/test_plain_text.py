"""What people type or paste is read as what it means, and nothing in it that cannot be seen refuses a form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.form_fields import AddressField, DayField
from record.plain_text import plain_characters, plain_line, plain_text

ANY = st.text(st.characters())  # halves of a character too
UNSEEN = "\u200b\u2060\ufeff\u00ad\u200e\u200f\u180e\u3164"


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("One.\r\nTwo.\rThree.\u2028Four.\u2029Five.", "One.\nTwo.\nThree.\nFour.\nFive."),
        ("Out of a slide\vor a PDF.\fNext page.", "Out of a slide\nor a PDF.\nNext page."),
        ("name\x07day\x07", "name\tday"),
        ("e\x1email, exam\x1fple, exam\x02ple", "e-mail, exam\u00adple, exam\u00adple"),
        ("exam\ufffeple\uffff \ufdd0\U0001fffe", "example"),
        ("It\x92s \x93good\x94 \x96 20 \x80\x85", "It’s “good” – 20 €…"),
        ("bell\x1b\x00\x7f", "bell"),
        ("before \ufffcafter \ufeffagain", "before after again"),
        ("half \ud83d a face", "half  a face"),
        ("cafe\u0301", "café"),
        ("Signed by \u202eeggaM\u202c \u2067x\u2069", "Signed by eggaM x"),
    ],
)
def test_what_programs_put_between_words_is_read_as_what_they_meant(pasted, meant):
    assert plain_text(pasted) == meant


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        (
            "I dealt with it:\n\uf0b7\tgreeted her\n\uf0b7\tsaid sorry",
            "I dealt with it:\n•\tgreeted her\n•\tsaid sorry",
        ),
        ("\uf0a7 one\n\uf0d8 two\n\uf076 three", "• one\n• two\n• three"),
        ("I did\uf0b7greeted\uf0b7said sorry", "I did•greeted•said sorry"),
        ("\uf0fc counter\n\uf0fb telephone", "✓ counter\n✗ telephone"),
        ("counter \uf0e0 telephone \uf04a", "counter → telephone ☺"),
        ("\uf05b a bullet of no known shape", "• a bullet of no known shape"),
        ("the angle \uf061", "the angle \uf061"),  # a letter, which nobody could guess
        ("\uf8ff", "\uf8ff"),
    ],
)
def test_bullets_of_word_are_bullets(pasted, meant):
    assert plain_text(pasted) == meant


@pytest.mark.parametrize(
    "words",
    [
        "می\u200cخواهم",  # Persian: "I want"
        "ക്\u200dഷ",  # Malayalam
        "අවශ්\u200dය",  # Sinhala
        "അവന്\u200d",  # Malayalam as it was spelled before Unicode 5.1: its last letter is the joiner's doing
        "١٤٤٥ ه\u200d",  # "of the Hijra"
        "\U0001f469\u200d\U0001f373",  # a woman who cooks
        "\u2764\ufe0f\u200d\U0001f525",  # a heart on fire
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "葛\U000e0100飾",  # one of two shapes of the same character
        "A \u200fב\u200e C",
    ],
)
def test_scripts_and_emoji_that_are_spelled_with_the_unseen_keep_it(words):
    assert plain_text(words) == plain_line(words) == words


def test_words_that_are_hidden_in_tags_are_not_kept():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "met")
    assert plain_text(f"Not{hidden} yet") == "Not yet"


@given(words=ANY, before=st.text(UNSEEN + " \u200c\u200d\ufe0f"), after=st.text(UNSEEN + " "))
def test_nothing_unseen_stands_at_the_ends(words, before, after):
    assert plain_text(before + words + after) == plain_text(words)


@given(ANY)
def test_plain_text_is_plain_and_stays_so(text):
    plain = plain_text(text)
    assert plain_text(plain) == plain
    assert unicodedata.is_normalized("NFC", plain)
    assert {one for one in plain if unicodedata.category(one) in {"Cc", "Cs"}} <= {"\n", "\t"}
    plain.encode()


@given(ANY)
def test_a_line_is_one_line_with_ordinary_blanks(text):
    line = plain_line(text)
    assert plain_line(line) == line
    assert {one for one in line if one.isspace()} <= {" "}
    assert line == line.strip()


@given(st.text(st.characters(categories=["L", "Nd", "Pd", "Po"])))
def test_no_letter_is_lost(text):
    assert plain_text(text) == unicodedata.normalize("NFC", text).strip(UNSEEN + "\u115f\u1160\uffa0")


def test_an_address_and_a_day_hold_nothing_unseen():
    assert plain_characters("\u200bann\u00ad@harbour.example\u00a0") == "ann@harbour.example"
    assert AddressField().clean(" ann@\u200bharbour.example\ufeff") == "ann@harbour.example"
    day = DayField(input_formats=["%d/%m/%Y"]).clean("\u200e22\u200e/\u200e11\u200e/\u200e2026")
    assert day is not None
    assert day.isoformat() == "2026-11-22"
