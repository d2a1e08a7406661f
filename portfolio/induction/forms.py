"""The forms about the induction: the candidate's password, and the words of the centre."""

from django import forms
from django.http import QueryDict

from portfolio.induction.text import HEADINGS, InductionWords
from portfolio.models.inductions import SECTION_AT_MOST, SECTIONS
from record.form_fields import NOT_OURS, WordsField


class InductionForm(forms.Form):
    """The password of the candidate; `seen` is the digest of what the page showed."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput, error_messages=NOT_OURS)
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="The one you sign in with. It proves that it is you who signs.",
        error_messages={"required": "Type your password to sign."},
    )


class InductionTextForm(forms.Form):
    """What candidates read; `seen` is the number of the text that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages=NOT_OURS)

    def __init__(self, data: QueryDict | None, *, stands: InductionWords) -> None:
        super().__init__(data, initial={"seen": stands.number, **stands.said})
        for name in SECTIONS:
            self.fields[name] = WordsField(
                label=HEADINGS[name],
                max_length=SECTION_AT_MOST,
                widget=forms.Textarea(attrs={"rows": 7}),
                error_messages={"required": "Say something here: candidates sign that they have read it."},
            )

    @property
    def said(self) -> dict[str, str]:
        """The words of each part. For a valid form."""
        return {name: self.cleaned_data[name] for name in SECTIONS}
