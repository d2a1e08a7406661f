"""The form in which a coordinator adds a person."""

from typing import cast

from django import forms
from django.http import QueryDict

from centres.models import Centre, Role
from record.form_fields import AddressField, WordsField


class PersonForm(forms.Form):
    """A person to add to the centre."""

    name = WordsField(
        max_length=200, error_messages={"required": "Type their name, as it will stand on printed forms."}
    )
    email = AddressField(
        label="E-mail address",
        max_length=254,
        help_text="They sign in with it.",
        error_messages={
            "required": "Type their e-mail address. The link is sent to it.",
            "invalid": "Give an e-mail address, such as ann@example.org.",
        },
    )
    role = forms.ChoiceField(error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose their role."))

    def __init__(self, data: QueryDict | None, *, centre: Centre) -> None:
        super().__init__(data)
        named = [(role.value, centre.words.of_role(role).capitalize()) for role in Role]
        cast(forms.ChoiceField, self.fields["role"]).choices = named
