"""The forms about adjustments: what is agreed, and why one ends."""

from django import forms
from django.http import QueryDict

from centres.models import Centre
from portfolio.adjustments.services import AdjustmentDetails
from portfolio.day_field import day_field
from portfolio.models import AdjustmentKind
from portfolio.models.adjustments import HELPERS, LINE_AT_MOST, WHY_AT_MOST
from record.form_fields import WordsField


class AdjustmentForm(forms.Form):
    """What is adjusted, why, who agreed to it, and until when."""

    kind = forms.ChoiceField(
        label="What is adjusted?",
        choices=AdjustmentKind.choices,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of these."),
    )
    what = WordsField(
        label="In words",
        max_length=LINE_AT_MOST,
        help_text="Such as: reads out every question; a quarter more time in questionings; screen in large print.",
        error_messages={"required": "Say in a few words what is adjusted."},
    )
    helper = WordsField(
        label="Who reads, writes, signs or interprets? (may stay empty)",
        max_length=LINE_AT_MOST,
        required=False,
        help_text="Their name. It is offered on the records of assessors.",
    )
    why = WordsField(
        label="Why?",
        max_length=WHY_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who works on the portfolio or visits reads this. Write no more than they need to know.",
        error_messages={"required": "Say why: it is asked for at a visit."},
    )
    agreed_by = WordsField(
        label="Agreed by whom?",
        max_length=LINE_AT_MOST,
        help_text="Name and capacity, such as: Ama Cole, learning support; or the awarding body and its reference.",
        error_messages={"required": "Say who agreed to it."},
    )
    since = day_field("From", required=True)
    until = day_field("Until", help_text="Its last day. Empty: until somebody ends it.")

    def __init__(self, data: QueryDict | None, *, centre: Centre) -> None:
        super().__init__(data, initial={"since": centre.today})

    def clean(self) -> None:
        """Say beside its field what no adjustment can say."""
        said = self.cleaned_data
        if said.get("helper") and said.get("kind") and said["kind"] not in HELPERS:
            self.add_error("helper", "Nobody reads, writes, signs or interprets by this one. Take the name out.")
        if said.get("since") and said.get("until") and said["until"] < said["since"]:
            self.add_error("until", "It would end before it begins. Look at the two dates.")

    @property
    def details(self) -> AdjustmentDetails:
        """What was said. For a valid form."""
        return AdjustmentDetails(**self.cleaned_data)


class AdjustmentEndForm(forms.Form):
    """Why an adjustment ends."""

    why = WordsField(
        label="Why does it end?",
        max_length=WHY_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Such as: not needed any more; agreed anew with other words; typed wrongly.",
        error_messages={"required": "Say why: it stays in the record."},
    )
