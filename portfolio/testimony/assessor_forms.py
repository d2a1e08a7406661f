"""What an assessor types of a witness: what they took down of their words, and whose testimony a paper is."""

from dataclasses import fields
from typing import Any, Self, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict

from centres.models import User
from portfolio.evidence.forms import date_field
from portfolio.files.upload_field import EvidenceFilesForm
from portfolio.models import Reached, Registration, Testimony, TestimonyRequest
from portfolio.testimony.forms import SeenForm, WitnessForm
from portfolio.testimony.giving import WORDS_AT_MOST, Given
from record.form_fields import WordsField

OF_THEM = {  # the labels of the witness's own page, as somebody else is asked
    "happened_to": ("Last day (may stay empty)", "If they saw it over a time."),
    "role": ("Their job", "Or as what they were there."),
    "is_expert": ("They call themselves an expert in this kind of work", ""),
    "contact": ("How can an assessor reach them?", "A telephone number or an e-mail address."),
}
ABOUT_THEM = {  # may be left empty for a known witness
    "role": "Say what their job is, or as what they were there.",
    "relation": "Say what they are to them.",
    "contact": "Say how an assessor can reach them.",
}


class OfThemForm(SeenForm, WitnessForm):
    """What an assessor says of a witness and of what they saw."""

    who_missing = "Say who it is."

    def __init__(self, *args: Any, registration: Registration, user: User, **kwargs: Any) -> None:
        super().__init__(*args, registration=registration, user=user, **kwargs)
        for name, (label, help_text) in OF_THEM.items():
            self.fields[name].label, self.fields[name].help_text = label, help_text
        for name in ABOUT_THEM:
            self.fields[name].required = False
        self.fields["relation"].label = f"What are they to {registration.candidate}?"
        if "who" in self.fields:
            self.fields["who"].label = "Who is it?"
        self.fields["place"].error_messages["required"] = "Say where they saw it."
        self.fields["setting"].label = "Where does it come from?"
        self.days_until_today(registration)

    def clean(self) -> None:
        """Take what is left empty as a known witness said it last."""
        super().clean()
        known, said = self.witness(), self.cleaned_data
        for name, sentence in ABOUT_THEM.items():
            said[name] = said.get(name) or (getattr(known, name) if known else "")
            if not said[name] and name not in self.errors:
                self.add_error(name, sentence)
        said["is_expert"] = said.get("is_expert", False) or bool(known and known.is_expert)

    def given(self) -> Given:
        """Return what was said. For a valid form."""
        wanted = {field.name for field in fields(Given)} & {*self.cleaned_data}
        said = {name: self.cleaned_data[name] for name in wanted}
        known = self.witness()
        return Given(**{"words": ""} | said | ({"name": known.name} if known else {}))


class TakeDownForm(OfThemForm):
    """What a witness said to the assessor."""

    words = WordsField(
        label="What did they say?",
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="As they said it. Leave out the names of customers.",
        error_messages={"required": "Write down what they said."},
    )
    reached = forms.ChoiceField(
        label="How did they tell you?",
        choices=[("", "Choose…"), *Reached.choices],
        error_messages={"required": "Say how they told you.", "invalid_choice": "Choose one of these."},
    )
    reached_on = date_field(label="On which day?", required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reached_on"].initial = self.today
        self.fields["reached_on"].widget.attrs["max"] = self.today.isoformat()

    def words_of(self, before: TestimonyRequest) -> str:
        """Return what was taken down."""
        return before.taken_down.words if hasattr(before, "taken_down") else ""


class PaperForm(OfThemForm):
    """Whose testimony a paper is. The paper itself is in `paper`, whose `stage_good_files` is called first."""

    def __init__(self, data: QueryDict | None, files: Any, *, registration: Registration, user: User) -> None:
        super().__init__(data, registration=registration, user=user)
        self.paper = EvidenceFilesForm(data, files, registration=registration, user=user)
        self.paper.fields["chosen"].label = "The paper: photos or a scan"
        del self.fields["email"]

    def clean(self) -> None:
        """Say as well that there is no paper."""
        super().clean()
        if self.paper.is_valid() and not self.paper.staged_files():
            self.paper.add_error("chosen", "Add the paper: a photo of each page, or a scan.")

    def is_valid(self) -> bool:
        """Whether both are."""
        return super().is_valid() and self.paper.is_valid()

    def saved_before(self) -> Testimony | None:
        """Return the testimony that this form has put in before, if it has."""
        try:
            form_key = self.fields["form_key"].clean(self.data.get("form_key"))
        except forms.ValidationError:
            return None
        found = Testimony.objects.filter(evidence__registration=self.registration, evidence__form_key=form_key)
        return found.select_related("evidence__witness").first()

    def is_of(self, before: Testimony) -> bool:
        """Whether it names the witness of what it has put in before: the button was pressed twice."""
        same = (str(before.evidence.witness.uuid), before.name)  # type: ignore[union-attr]
        return self.data.get("who") == same[0] or (self.data.get("name", "").strip() == same[1])

    def for_another_paper(self, before: Testimony) -> Self:
        """Return the form with what was sent, to put in a further paper, since it has put in one before."""
        data = cast(QueryDict, self.paper.data).copy()
        data["form_key"] = str(uuid4())
        form = type(self)(data, None, registration=self.registration, user=self.user)
        form.add_error(
            None,
            f"This form has put in the testimony of {before.name} already. What it says now would be another: save it "
            "again if that is what you want.",
        )
        return form
