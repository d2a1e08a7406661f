"""What forms of every app are made of: words that a person types, and what a page of ours fills in itself."""

from typing import Any

from django import forms

from record.fields import plain_text, validate_plain_text

_NOT_OURS = "This form did not come whole. Open the page again, and copy what you typed into it."
NOT_OURS = {"required": _NOT_OURS, "invalid": _NOT_OURS}  # the messages of a field that nobody types


class WordsField(forms.CharField):
    """Words of one line or several, made plain before they are looked at.

    A browser ends a line with two characters, of which one is a control character; as stored it is one.
    """

    default_validators = [validate_plain_text]
    default_error_messages = {
        "required": "Fill this in.",
        "max_length": "This has %(show_value)d characters, and %(limit_value)d fit. Shorten it, please.",
    }

    def to_python(self, value: Any) -> str:
        """Return the words as `plain_text` makes them."""
        return plain_text(super().to_python(value) or "")
