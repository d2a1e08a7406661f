"""How a person wants to be told."""

from django import forms

from notices.models import How


class HowForm(forms.Form):
    """One choice of three."""

    how = forms.ChoiceField(
        label="How they reach you",
        choices=How.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the three ways."},
    )
