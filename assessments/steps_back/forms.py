"""Why a unit takes a step back."""

from django import forms
from django.http import QueryDict

from assessments.models import REASON_AT_MOST
from record.form_fields import NOT_OURS, WordsField


class ReasonForm(forms.Form):
    """Why a unit takes a step back, and which state of it the page showed."""

    reason = WordsField(
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say why: the reason is part of the record."},
    )
    stamp = forms.IntegerField(widget=forms.HiddenInput, error_messages=NOT_OURS)

    def __init__(self, data: QueryDict | None, *, label: str) -> None:
        """`label` asks for the reason; without one it is not asked."""
        super().__init__(data)
        self.fields["reason"].label = label
        if not label:
            del self.fields["reason"]
