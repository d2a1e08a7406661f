"""What people type is kept as plain text: it reads on a page as it stands in the record."""

import pytest
from django.core.exceptions import ValidationError

from record.fields import PlainCharField, PlainTextField, plain_text


def test_a_line_stays_a_line():
    name = PlainCharField(max_length=200)
    assert name.clean("Nia\r\nBcc: everybody\u2028\tNew", None) == "Nia Bcc: everybody New"


def test_several_lines_stay_several():
    assert PlainTextField().clean(" One.\r\n\r\nTwo.\rThree. ", None) == "One.\n\nTwo.\nThree."
    assert PlainTextField().clean("Out of a slide\vor a PDF.\f", None) == "Out of a slide\nor a PDF."
    assert PlainCharField(max_length=200).clean("Out of\va slide", None) == "Out of a slide"


def test_no_character_turns_words_round():
    assert plain_text("Signed by \u202eeggaM\u202c \u2067x\u2069") == "Signed by eggaM x"


def test_scripts_that_need_invisible_characters_keep_them():
    for words in ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\U0001f469\u200d\U0001f373", "\u200fA\u200e"):
        assert plain_text(words) == words


@pytest.mark.parametrize("nothing", ["\u200b", " \ufeff\u2060 ", "\u202e", "\u2066\u200b\n\u2069"])
def test_what_nobody_can_see_is_nothing(nothing):
    for field in (PlainCharField(max_length=200), PlainTextField()):
        with pytest.raises(ValidationError, match="blank"):
            field.clean(nothing, None)


def test_control_characters_are_refused():
    for character in ("\x00", "\x07", "\x1b", "\x85"):
        with pytest.raises(ValidationError, match="control character"):
            PlainCharField(max_length=200).clean(f"a{character}b", None)
