"""The form in which a coordinator adds a person."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from centres.guardians.forms import day_field
from centres.guardians.services import NO_CANDIDATE, require_coming_of_age
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
        required=False,
        help_text="They sign in with it.",
        error_messages={
            "invalid": "Give an e-mail address, such as ann@example.org.",
        },
    )
    number = WordsField(
        max_length=40,
        required=False,
    )
    role = forms.ChoiceField(error_messages=dict.fromkeys(["required", "invalid_choice"], "Choose their role."))
    eighteen_on = day_field(
        label="18 on (if under 18)",
        required=False,
        help_text="The day on which they turn 18. Until then, pictures, sound and film wait for a guardian's consent.",
    )

    def __init__(self, data: QueryDict | None, *, centre: Centre) -> None:
        super().__init__(data)
        named = [(role.value, centre.words.of_role(role).capitalize()) for role in Role]
        cast(forms.ChoiceField, self.fields["role"]).choices = named
        self.centre = centre
        self.say = centre.words.say
        self.fields["number"].label = self.say("{Candidate} number")
        self.fields["number"].help_text = self.say(
            "Instead of an address, for {candidate}s who have none. They sign in with it, first with a one-time code "
            "that you print."
        )

    def clean_eighteen_on(self) -> date | None:
        """A day to come, of a candidate."""
        day: date | None = self.cleaned_data["eighteen_on"]
        if day is None:
            return None
        if self.cleaned_data.get("role", Role.CANDIDATE) != Role.CANDIDATE:
            raise ValidationError(NO_CANDIDATE)
        require_coming_of_age(day, self.centre)
        return day

    def clean(self) -> dict[str, Any]:
        """An address or a number, and a number for candidates alone."""
        said = super().clean() or {}
        if "email" in self.errors or "number" in self.errors:
            return said
        if not said.get("email") and not said.get("number"):
            self.add_error(
                "email", self.say("Type their e-mail address, to which the link is sent, or a {candidate} number.")
            )
        elif said.get("email") and said.get("number"):
            self.add_error("number", "Give an address or a number, not both.")
        elif said.get("number") and said.get("role") not in {None, Role.CANDIDATE}:
            self.add_error("number", self.say("Only {candidate}s sign in with a number. Give an e-mail address."))
        return said
