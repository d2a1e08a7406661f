"""The forms in which a coordinator adds a person and chooses what the centre calls people."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from centres.models import ROLES_WITH_AWARD, Centre, Role
from centres.words import CandidateWord, ExternalVerifierWord, InternalVerifierWord
from record.form_fields import AddressField, WordsField

CHOOSE = {"required": "Choose one of the words.", "invalid_choice": "Choose one of the words."}


class WordsForm(forms.Form):
    """What the pages of a centre call people. Its fields are named like those of `Centre`."""

    candidate_word = forms.ChoiceField(
        label="Who collects evidence",
        choices=CandidateWord.choices,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    internal_verifier_word = forms.ChoiceField(
        label="Who countersigns",
        choices=[(word.value, f"{word.label} ({word.value})") for word in InternalVerifierWord],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    external_verifier_word = forms.ChoiceField(
        label="Who comes from the awarding body",
        choices=[(word.value, f"{word.label} ({word.value})") for word in ExternalVerifierWord],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )


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
