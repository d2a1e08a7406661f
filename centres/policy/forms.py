"""The form in which a coordinator chooses the policy of the centre."""

from dataclasses import fields
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.http import QueryDict

from centres.models import CentrePolicy
from centres.policy.choices import (
    LABELS,
    LIMITS,
    SECOND_STEP_ROLES,
    SENTENCES_AT_MOST,
    FileGroup,
    PolicyChoices,
    second_step_of,
)
from centres.policy.services import largest_file_of_the_site
from centres.words import CandidateWord, ExternalVerifierWord, InternalVerifierWord
from record.form_fields import NOT_OURS, WordsField

WORDS = "<p class='quiet'>For pages and e-mails. Forms on paper and what is signed keep the awarding body's words.</p>"
FILES = "<p class='quiet'>This is asked of files that come from now on. Those that are here stay as they are.</p>"
HELP = {  # with the words of the centre
    "largest_file_mb": "This site takes [site] at most. Empty: as much as that.",
    "person_quota_mb": "For all that one person adds at this centre. Empty: no limit.",
    "portfolio_quota_mb": "For all that is in one portfolio. Empty: no limit.",
    "evidence_age_months": "From the day it happened to the submission of the unit. Older evidence is not refused: "
    "{candidate}, assessor and {internal_verifier} are told how old it is. Empty: no remark.",
}
CHOOSE = dict.fromkeys(("required", "invalid_choice"), "Choose one of the words.")


def _word(name: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=LABELS[name], choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE)


def _limit(name: str, *, example: int) -> forms.IntegerField:
    number = f"Give a whole number, such as {example}, or leave it empty."
    return forms.IntegerField(
        label=f"{LABELS[name]} (may stay empty)",
        required=False,
        min_value=1,
        max_value=LIMITS[name],
        error_messages={
            "invalid": number,
            "min_value": "Give a number above 0, or leave it empty.",
            "max_value": f"This is more than anybody needs. {number}",
        },
    )


class PolicyForm(forms.Form):
    """All that a policy says. `seen` is the number of the policy that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=NOT_OURS)
    candidate_word = _word("candidate_word", CandidateWord.choices)
    internal_verifier_word = _word(
        "internal_verifier_word", [(word.value, f"{word.label} ({word.value})") for word in InternalVerifierWord]
    )
    external_verifier_word = _word(
        "external_verifier_word", [(word.value, f"{word.label} ({word.value})") for word in ExternalVerifierWord]
    )
    file_groups = forms.MultipleChoiceField(
        label=LABELS["file_groups"],
        choices=[(group.value, f"{group.label} ({group.examples})") for group in FileGroup],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick at least one kind of file.",
            "invalid_choice": "Tick the kinds of file that stand here.",
        },
    )
    largest_file_mb = _limit("largest_file_mb", example=50)
    person_quota_mb = _limit("person_quota_mb", example=2000)
    portfolio_quota_mb = _limit("portfolio_quota_mb", example=1000)
    evidence_age_months = _limit("evidence_age_months", example=24)
    feedback_sentences = WordsField(
        label=f"{LABELS['feedback_sentences']} (may stay empty)",
        required=False,
        max_length=SENTENCES_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="They are offered for the reason of “not yet” and for feedback. Other words stay possible.",
    )

    second_step_roles = forms.MultipleChoiceField(
        label=LABELS["second_step_roles"],
        required=False,
        choices=[(role, role) for role in SECOND_STEP_ROLES],
        widget=forms.CheckboxSelectMultiple,
        help_text="A code from an app on their phone, or a passkey, besides the password. "
        "Who has none yet is asked to set one up before the next page opens.",
        error_messages={"invalid_choice": "Tick the roles that stand here."},
    )

    def __init__(self, data: QueryDict | None, *, policy: CentrePolicy, choices: PolicyChoices | None = None) -> None:
        """Show what the policy says, or other `choices` to be saved over it."""
        shown = choices or policy.choices
        said = {field.name: getattr(shown, field.name) for field in fields(PolicyChoices)}
        said |= {"file_groups": list(shown.file_groups), "second_step_roles": shown.second_step_roles.split()}
        super().__init__(data, initial=said | {"seen": policy.number})
        words = policy.centre.words
        self.fields["second_step_roles"].choices = [  # type: ignore[attr-defined]
            (role, f"{words.of_role(role)}s".capitalize()) for role in SECOND_STEP_ROLES
        ]
        site = f"{largest_file_of_the_site():,} MB"
        for name, sentence in HELP.items():
            self.fields[name].help_text = words.say(sentence).replace("[site]", site)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template has it
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(
            Fieldset("Words", HTML(WORDS), "candidate_word", "internal_verifier_word", "external_verifier_word"),
            Fieldset("Files", HTML(FILES), "file_groups", "largest_file_mb", "person_quota_mb", "portfolio_quota_mb"),
            Fieldset("Evidence", "evidence_age_months"),
            Fieldset("Feedback", "feedback_sentences"),
            Fieldset("Signing in", "second_step_roles"),
        )

    def clean_feedback_sentences(self) -> str:
        """Each sentence once, without empty lines."""
        lines = (line.strip() for line in self.cleaned_data["feedback_sentences"].splitlines())
        return "\n".join(dict.fromkeys(line for line in lines if line))

    @property
    def choices(self) -> PolicyChoices:
        """What was chosen. For a valid form."""
        said: dict[str, Any] = {name: self.cleaned_data[name] for name in LABELS}
        groups = frozenset(FileGroup(group) for group in said.pop("file_groups"))
        return PolicyChoices(
            **said | {"second_step_roles": second_step_of(said["second_step_roles"])}, file_groups=groups
        )
