"""What a coordinator types about people."""

from django import forms

from centres.models import Role
from record.form_fields import WordsField


class PersonForm(forms.Form):
    """A person to add to the centre."""

    name = WordsField(
        max_length=200, error_messages={"required": "Type their name, as it will stand on printed forms."}
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="They sign in with it.",
        error_messages={
            "required": "Type their e-mail address. The link is sent to it.",
            "invalid": "Give an e-mail address, such as ann@example.org.",
        },
    )
    role = forms.ChoiceField(
        choices=Role.choices, error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose their role.")
    )
