"""What people type is kept as plain text: it reads on a page as it stands in the record."""

import pytest
from django.core.exceptions import ValidationError

from record.fields import PlainCharField, PlainTextField


def test_a_line_stays_a_line():
    name = PlainCharField(max_length=200)
    assert name.clean("Nia\r\nBcc: everybody\u2028\tNew", None) == "Nia Bcc: everybody New"


def test_several_lines_stay_several():
    assert PlainTextField().clean(" One.\r\n\r\nTwo.\rThree. ", None) == "One.\n\nTwo.\nThree."
    assert PlainTextField().clean("Out of a slide\vor a PDF.\f", None) == "Out of a slide\nor a PDF."
    assert PlainCharField(max_length=200).clean("Out of\va slide", None) == "Out of a slide"


@pytest.mark.parametrize(
    "nothing", ["\u200b", " \ufeff\u2060 ", "\u202e", "\u2066\u200b\n\u2069", "\x00\x07", "\u200f\u200d", "\ufe0f"]
)
def test_what_nobody_can_see_is_nothing(nothing):
    for field in (PlainCharField(max_length=200), PlainTextField()):
        with pytest.raises(ValidationError, match="blank"):
            field.clean(nothing, None)
