"""The form in which a coordinator adds a person."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from centres.models import ROLES_WITH_AWARD, Centre, Role
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
    works_towards_award = forms.BooleanField(
        required=False,
        help_text="Then everything they sign is confirmed by somebody who holds it.",
    )

    def __init__(self, data: QueryDict | None, *, centre: Centre) -> None:
        super().__init__(data)
        self.called = called = centre.words
        named = [(role.value, called.of_role(role).capitalize()) for role in Role]
        cast(forms.ChoiceField, self.fields["role"]).choices = named
        award = "They work towards the award of an assessor or {internal_verifier}"
        self.fields["works_towards_award"].label = called.say(award)

    def clean(self) -> dict[str, Any]:
        """Refuse an award for a role that needs none."""
        said = self.cleaned_data
        if said.get("works_towards_award") and said.get("role") not in {*ROLES_WITH_AWARD, None}:
            self.add_error(
                "works_towards_award",
                self.called.say("Only an assessor or an {internal_verifier} works towards an award."),
            )
        return said
