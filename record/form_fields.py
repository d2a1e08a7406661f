"""Fields that the forms of all apps use: words that a person types, and values that the page fills in itself."""

from datetime import date
from typing import Any

from django import forms

from record.plain_text import plain_characters, plain_text

_NOT_OURS = "This form did not come whole. Open the page again, and copy what you typed into it."
# What a browser's calendar sends, and what people type if there is no calendar.
LAST_YEAR = 2100  # of a day that anybody means
DATE_FORMATS = ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y"]
NOT_OURS = {"required": _NOT_OURS, "invalid": _NOT_OURS}  # the messages of a field that nobody types


class WordsField(forms.CharField):
    """Words of one line or several, made plain before they are validated."""

    default_error_messages = {
        "required": "Fill this in.",
        "max_length": "This has %(show_value)d characters, and %(limit_value)d fit. Shorten it, please.",
    }

    def to_python(self, value: Any) -> str:
        """Return the words in the form of `plain_text`."""
        return plain_text(super().to_python(value) or "")


class AddressField(forms.EmailField):
    """An e-mail address, without what is invisible in it and comes along when it is pasted."""

    def to_python(self, value: Any) -> str:
        """Return the address in the form of `plain_characters`."""
        return plain_characters(super().to_python(value) or "")


class DayField(forms.DateField):
    """A date; some systems write theirs with marks of direction between the numbers."""

    def to_python(self, value: Any) -> date | None:
        """Return the day."""
        return super().to_python(plain_characters(value) if isinstance(value, str) else value)
