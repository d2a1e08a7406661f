"""What is printed of those who are chosen, and what it is put into."""

from uuid import uuid4

from django import forms

from assessments.models import Packing

FILLED, BLANK = "filled", "blank"


class PrintForm(forms.Form):
    """Its `key` identifies the job that comes of it, so that pressing the button twice prints once."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), "Open this page again, and choose anew."),
    )
    what = forms.ChoiceField(
        label="What",
        choices=[
            (FILLED, "The forms as they stand: final where a unit is verified, otherwise drafts"),
            (BLANK, "Blank forms, one for each unit"),
        ],
        initial=FILLED,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is to be printed."},
    )
    packing = forms.ChoiceField(
        label="As",
        choices=Packing.choices,
        initial=Packing.PDF,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how you want them."},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["key"].initial = uuid4
