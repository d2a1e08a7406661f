"""The form of what a verifier found in a unit."""

from typing import Any

from django import forms
from django.http import QueryDict

from assessments.models import REASON_AT_MOST
from record.form_fields import NOT_OURS, WordsField
from verification.models import Method
from verification.models.sampling_choices import TESTS

AGREE, DISAGREE = "agree", "disagree"
CHOOSE = {"required": "Say whether you agree with the assessor.", "invalid_choice": "Choose one of the two answers."}


class SamplingForm(forms.Form):
    """What was found: the five tests of the unit, whether the verifier agrees, and their words.

    With the button `all_hold` every test holds and the verifier agrees, whatever else is chosen.
    """

    seen = forms.CharField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    form_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    method = forms.ChoiceField(
        label="How you looked at it",
        choices=Method.choices,
        initial=Method.EVIDENCE,
        error_messages={"required": "Say how you looked at it.", "invalid_choice": "Choose one of these ways."},
    )
    tests = forms.MultipleChoiceField(
        label="What holds for the unit",
        choices=[(test, test.capitalize()) for test in TESTS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Tick the tests that stand here."},
    )
    decision = forms.ChoiceField(
        label="The assessor’s decision",
        choices=[(AGREE, "I agree"), (DISAGREE, "I disagree")],
        widget=forms.RadioSelect,
        required=False,
        error_messages=CHOOSE,
    )
    words = WordsField(
        label="In your words",
        max_length=REASON_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed where a test does not hold or you disagree. The assessor reads it, the candidate does not.",
    )

    def __init__(self, data: QueryDict | None, *, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.all_hold = data is not None and "all_hold" in data

    def clean_decision(self) -> str:
        """Ask for an answer, unless all holds."""
        given: str = self.cleaned_data["decision"]
        if not given and not self.all_hold:
            raise forms.ValidationError(CHOOSE["required"])
        return given

    @property
    def tests_held(self) -> dict[str, bool]:
        """Each test, and whether it holds. For a valid form."""
        return {test: self.all_hold or test in self.cleaned_data["tests"] for test in TESTS}

    @property
    def agrees(self) -> bool:
        """Whether the verifier agrees. For a valid form."""
        return self.all_hold or bool(self.cleaned_data["decision"] == AGREE)
