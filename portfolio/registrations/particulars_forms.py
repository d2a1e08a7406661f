"""The forms about what an awarding body asks: beside a new registration, and on a page of its own."""

from typing import Self, cast

from django import forms
from django.http import QueryDict

from centres.models import Centre
from portfolio.models.particulars import DAYS
from portfolio.registrations.particulars import LABELS, NAMES, OFFERED, ParticularsSaid, words_before
from record.form_fields import DATE_FORMATS, NOT_OURS, DayField, WordsField

HELP = {
    "number": "As the awarding body gave it; it is printed on the form.",
    "uln": "Ten digits, of learners in the United Kingdom. It is printed on the form.",
    "awarding_body": "Printed on the form, as is the day of registration.",
    "target_on": "The {candidate} and the assessor are told 90 and 30 days before.",
    "site": "Where they work or learn. Choose one that is offered, so that lists find it.",
    "claimed_on": "The day on which you asked the awarding body for it.",
}
LENGTHS = {"number": 40, "uln": 20, "awarding_body": 120, "qualification_number": 40}
OTHERWISE = 60
PARTS = {
    "Numbers": ("number", "uln", "awarding_body", "qualification_number"),
    "Dates": ("registered_on", "started_on", "target_on", "ended_on"),
    "Where and how": ("site", "cohort", "language"),
    "Certificate": ("claimed_on", "certificate_number"),
}
WHEN_REGISTERED = (*PARTS["Numbers"][1:], *PARTS["Dates"][:3], *PARTS["Where and how"])  # the rest comes later


def _field(name: str) -> forms.Field:
    if name in DAYS:
        return DayField(
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=DATE_FORMATS,
            error_messages={"invalid": "Give a date, such as 22/11/2026."},
        )
    return WordsField(required=False, max_length=LENGTHS.get(name, OTHERWISE))


class ParticularsFields(forms.Form):
    """What an awarding body asks, for a form that calls `ask` when it is made."""

    asked: tuple[str, ...] = ()

    def ask(self, centre: Centre, *names: str) -> None:
        """Add the fields of these names, and what the centre wrote in them before, to choose from."""
        self.asked = names
        self.offered = words_before(centre, *(name for name in names if name in OFFERED))
        for name in names:
            field = self.fields[name] = _field(name)
            field.label = centre.words.say(LABELS[name])
            field.help_text = centre.words.say(HELP.get(name, ""))
            if self.offered.get(name):
                field.widget.attrs["list"] = f"before-{name}"

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        named = [(words, [self[name] for name in names if name in self.asked]) for words, names in PARTS.items()]
        return [(words, bound) for words, bound in named if bound]

    @property
    def is_begun(self) -> bool:
        """Whether anything of it is filled in, or is wrong."""
        return any(self[name].value() or self[name].errors for name in self.asked)

    def clean_uln(self) -> str:
        """Return it without the spaces that people write between its digits."""
        return "".join(str(self.cleaned_data["uln"]).split())

    @property
    def said(self) -> ParticularsSaid:
        """What was said. For a valid form."""
        return ParticularsSaid(**{name: self.cleaned_data[name] for name in self.asked})


class ParticularsForm(ParticularsFields):
    """All of it, with why it is corrected; `seen` is the version that the page showed, 0 for none."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, error_messages=NOT_OURS)
    reason = WordsField(
        label="Why, where you change what was there (may stay empty)",
        max_length=300,
        required=False,
        help_text="It stays in the record: “Mistyped”, “Moved to another site”.",
    )

    def __init__(self, data: QueryDict | None, *, centre: Centre, stands: ParticularsSaid, seen: int) -> None:
        self.centre = centre
        super().__init__(data, initial={**vars(stands), "seen": seen})
        self.ask(centre, *NAMES)

    def over_what_stands(self, *, shown: ParticularsSaid, stands: ParticularsSaid, seen: int) -> Self:
        """Return the form with what somebody else said meanwhile, and over it only what this person changed."""
        data = cast(QueryDict, self.data).copy()
        data["seen"] = str(seen)
        for name in NAMES:
            if getattr(self.said, name) == getattr(shown, name):
                data[name] = str(getattr(stands, name) or "")
        return type(self)(data, centre=self.centre, stands=stands, seen=seen)
