"""What an assessor tells a candidate."""

from django import forms

from assessments.models import REASON_AT_MOST
from record.form_fields import WordsField


class FeedbackForm(forms.Form):
    """Words for the candidate, on a unit or on one piece of evidence in it."""

    words = WordsField(
        label="Feedback for the candidate",
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what you want to say."},
    )
