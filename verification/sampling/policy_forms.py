"""The form in which the sampling policy of a centre is chosen."""

from dataclasses import asdict
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.http import QueryDict

from record.form_fields import NOT_OURS, WordsField
from verification.models import SamplingChoices
from verification.models.monitoring import ASKED_AT_MOST
from verification.models.sampling_choices import LABELS, LIMITS, NOTES_AT_MOST, OPTIONAL, QUESTIONS, QUESTIONS_AT_MOST

SHARES = "<p class='quiet'>Rounded up: 10 per cent of 4 units is one. Which units they are, no person chooses.</p>"
HELP = {
    "summative_share": "Of what was signed off and waits for the {internal_verifier}.",
    "interim_share": "Before the sign-off; the {candidate} goes on meanwhile.",
    "new_in_full": "Whoever holds no award on the day is looked at in full, and whoever is new.",
    "new_months": "0: nobody is new.",
    "every_months": "Empty: nothing is looked at only because time has passed.",
    "due_days": "From the day on which the plan is made.",
    "risk_notes": "For whoever plans: what went wrong before, a new standard, a workplace far away.",
    "observations_a_year": "Empty: none is asked for.",
    "candidates_an_interview": "10: of thirty {candidates}, three are interviewed in a year. Empty: none is asked for.",
    "meetings_a_year": "Empty: none is asked for.",
    "interview_questions": "What the {internal_verifier} asks a {candidate}. Take out and add what you like.",
}


def _number(name: str) -> forms.IntegerField:
    low, high = LIMITS[name]
    wrong = f"Give a whole number from {low} to {high}."
    return forms.IntegerField(
        label=LABELS[name],
        min_value=low,
        max_value=high,
        required=name not in OPTIONAL,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
    )


class SamplingPolicyForm(forms.Form):
    """All that a sampling policy says. `seen` is the number of the one that the page showed, or 0."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=NOT_OURS)
    summative_share = _number("summative_share")
    interim_share = _number("interim_share")
    new_in_full = forms.BooleanField(label=LABELS["new_in_full"], required=False)
    new_months = _number("new_months")
    every_months = _number("every_months")
    due_days = _number("due_days")
    risk_notes = WordsField(
        label=f"{LABELS['risk_notes']} (may stay empty)",
        max_length=NOTES_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    observations_a_year = _number("observations_a_year")
    candidates_an_interview = _number("candidates_an_interview")
    meetings_a_year = _number("meetings_a_year")
    interview_questions = WordsField(
        label=LABELS["interview_questions"],
        max_length=NOTES_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, data: QueryDict | None, *, shown: SamplingChoices, seen: int, say: Any) -> None:
        """Show these choices. `say` puts the centre's words into a sentence."""
        questions = {"interview_questions": "\n".join(shown.questions)}
        super().__init__(data, initial=asdict(shown) | {"seen": seen} | questions)
        for name, sentence in HELP.items():
            self.fields[name].help_text = say(sentence)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template has it
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(
            Fieldset("How much", HTML(SHARES), "summative_share", "interim_share"),
            Fieldset("In full", "new_in_full", "new_months"),
            Fieldset("Over time", "every_months", "due_days"),
            Fieldset("Risks", "risk_notes"),
            Fieldset("Besides samples", "observations_a_year", "candidates_an_interview", "meetings_a_year"),
            Fieldset("Interviews", "interview_questions"),
        )

    def clean_interview_questions(self) -> str:
        """Refuse more questions than a form can have, and one that is too long for it."""
        said: str = self.cleaned_data["interview_questions"]
        lines = said.splitlines()
        if len(lines) > QUESTIONS_AT_MOST:
            raise forms.ValidationError(f"Give at most {QUESTIONS_AT_MOST} questions, one on each line.")
        if any(len(line) > ASKED_AT_MOST for line in lines):
            raise forms.ValidationError(f"A question has at most {ASKED_AT_MOST:,} characters. Shorten it, please.")
        return said

    @property
    def choices(self) -> SamplingChoices:
        """What was chosen. For a valid form."""
        chosen = {name: self.cleaned_data[name] for name in LABELS}
        if chosen["interview_questions"].splitlines() == list(QUESTIONS):  # as they were suggested
            chosen["interview_questions"] = ""
        return SamplingChoices(**chosen)
