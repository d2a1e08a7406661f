"""Fields that the forms of all apps use: words that a person types, and values that the page fills in itself."""

from typing import Any

from django import forms

from record.fields import plain_text, validate_plain_text

_NOT_OURS = "This form did not come whole. Open the page again, and copy what you typed into it."
NOT_OURS = {"required": _NOT_OURS, "invalid": _NOT_OURS}  # the messages of a field that nobody types


class WordsField(forms.CharField):
    """Words of one line or several, made plain before they are validated.

    A browser ends a line with two characters, one of them a control character; we store a single newline.
    """

    default_validators = [validate_plain_text]
    default_error_messages = {
        "required": "Fill this in.",
        "max_length": "This has %(show_value)d characters, and %(limit_value)d fit. Shorten it, please.",
    }

    def to_python(self, value: Any) -> str:
        """Return the words in the form of `plain_text`."""
        return plain_text(super().to_python(value) or "")
