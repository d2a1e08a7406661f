"""The form in which a coordinator adds a person."""

from typing import Any

from django import forms

from centres.models import ROLES_WITH_AWARD, Role
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
    works_towards_award = forms.BooleanField(
        required=False,
        label="They work towards the award of an assessor or internal verifier",
        help_text="Then everything they sign is confirmed by somebody who holds it.",
    )

    def clean(self) -> dict[str, Any]:
        """Refuse an award for a role that needs none."""
        said = self.cleaned_data
        if said.get("works_towards_award") and said.get("role") not in {*ROLES_WITH_AWARD, None}:
            self.add_error("works_towards_award", "Only an assessor or an internal verifier works towards an award.")
        return said
