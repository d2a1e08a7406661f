"""What is typed to ask a witness, what the witness types, and what an assessor adds."""

from functools import partial
from typing import Any, Self, cast
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from centres.models import User
from portfolio.evidence.forms import date_field
from portfolio.evidence.selectors import last_setting
from portfolio.models import Reached, Registration, Relation, TestimonyRequest, Witness
from portfolio.rules import dates_refused
from portfolio.testimony.criteria import UnitCriteria, criteria_named, criteria_to_ask, keys_of
from portfolio.testimony.rules import why_no_witness
from portfolio.testimony.services import DECLARATION, WORDS_AT_MOST, Given
from record.form_fields import NOT_OURS, AddressField, WordsField
from record.plain_text import plain_line, plain_text
from standards.evidence_kinds import Setting

SOMEBODY_NEW, NEW = "new", "Somebody new"
REQUEST_WORDS = "Please say in your own words what you saw me do, and what came of it. A few sentences are enough."


class CriteriaForm(forms.Form):
    """A form with criteria to tick, unit by unit."""

    def __init__(self, *args: Any, units: list[UnitCriteria], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        criteria = cast(forms.MultipleChoiceField, self.fields["criteria"])
        criteria.choices = [(key, key) for key in keys_of(units)]

    @property
    def ticked(self) -> set[str]:
        """The keys that are ticked on the page."""
        return set(cast(QueryDict, self.data).getlist("criteria")) if self.is_bound else set()

    @property
    def open_units(self) -> set[str]:
        """The codes of the units that show their criteria: those with ticks, and a unit that is alone."""
        if len(self.units) == 1:
            return {self.units[0].code}
        return {one.code for one in self.units if any(item.key in self.ticked for item in one.criteria)}


class AskWitnessForm(CriteriaForm):
    """Whom to ask, and of what. Its `form_key` identifies this form, so that pressing the button twice asks once."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    who = forms.ChoiceField(
        label="Whom do you ask?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of these people."},
    )
    name = WordsField(label="Their name", max_length=200, required=False, help_text="As it will stand in the list.")
    email = AddressField(
        label="Their e-mail address (may stay empty)",
        max_length=254,
        required=False,
        help_text="The link is sent there. Without one you get the link to share.",
        error_messages={"invalid": "This is no e-mail address. Put it right, or leave it empty."},
    )
    criteria = forms.MultipleChoiceField(
        required=False,
        error_messages={
            "invalid_choice": "This page names a criterion that a witness cannot be asked of. Open it again."
        },
    )
    words = WordsField(
        label="What do you want to know?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what you want to know."},
    )
    setting = forms.ChoiceField(
        label="Where did it happen?",
        choices=[("", "Choose…"), *Setting.choices],
        error_messages={"required": "Choose where it happened."},
    )

    def __init__(self, *args: Any, registration: Registration, user: User, **kwargs: Any) -> None:
        super().__init__(*args, units=criteria_to_ask(registration), **kwargs)
        self.registration, self.user = registration, user
        self.known = {str(one.uuid): one for one in registration.witnesses.order_by("name", "pk")}
        self.fields["form_key"].initial = uuid4
        self.fields["words"].initial = REQUEST_WORDS
        self.fields["setting"].initial = partial(last_setting, registration, registration.candidate)
        if self.known:
            who = cast(forms.ChoiceField, self.fields["who"])
            who.choices = [*((key, one.name) for key, one in self.known.items()), (SOMEBODY_NEW, NEW)]
        else:
            del self.fields["who"]

    def clean(self) -> None:
        """Say beside its field what is wrong with the person. Who types a name asks somebody new."""
        said = self.cleaned_data
        if {"who", "name", "email"} & {*self.errors}:
            return
        if known := self.witness():
            if said["name"] and said["name"] != known.name:
                self.add_error(
                    "who", f"You chose {known} and typed another name. Choose “{NEW}”, or take the name out."
                )
        elif not said["name"] and self.known and said["who"] != SOMEBODY_NEW:
            self.add_error("who", "Say whom you ask.")
        elif not said["name"]:
            self.add_error("name", "Give their name.")
        elif why := why_no_witness(self.registration, name=said["name"], addresses=[said["email"]]):
            self.add_error("email" if said["email"] else "name", why)

    def sent_before(self) -> TestimonyRequest | None:
        """Return the request that this form made when it was sent before, if it was."""
        try:
            form_key = UUID(self.data.get("form_key", ""))
        except ValueError:
            return None
        asked = TestimonyRequest.objects.filter(witness__registration=self.registration, asked_by=self.user)
        return asked.select_related("witness").filter(uuid=form_key).first()

    def repeats(self, before: TestimonyRequest) -> bool:
        """Whether it says the same as this request, which it made before: the button was pressed twice."""
        is_same_person = (
            self.data.get("who") == str(before.witness.uuid)
            or plain_line(self.data.get("name", "")) == before.witness.name
        )
        is_same_question = plain_text(self.data.get("words", "")) == before.words
        return is_same_person and is_same_question and self.ticked == set(before.criteria)

    def for_another(self, before: TestimonyRequest) -> Self:
        """Return the form with what was sent, to make a further request, since it has made this one before."""
        data = cast(QueryDict, self.data).copy()
        data["form_key"] = str(uuid4())
        form = type(self)(data, registration=self.registration, user=self.user)
        form.add_error(
            None,
            f"This form has asked {before.witness} already. What it says now would be another request: press the "
            "button again if that is what you want.",
        )
        return form

    def witness(self) -> Witness | None:
        """Return the known witness who is asked; None for somebody new. For a form in which that is said."""
        return self.known.get(self.cleaned_data.get("who", ""))


class GiveForm(CriteriaForm):
    """What a witness says. A known witness keeps their name, and finds what they said of themselves before."""

    words = WordsField(
        label="What did you see?",
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="In your own words: what was done, how, and what came of it. Leave out the names of customers.",
        error_messages={"required": "Say what you saw."},
    )
    criteria = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": "Tick only what stands on this page."}
    )
    happened_from = date_field(label="When was it?", help_text="The day, or the first of several.", required=True)
    happened_to = date_field(label="Last day (may stay empty)", help_text="If you saw it over a time.", required=False)
    place = WordsField(
        label="Where was it?",
        max_length=200,
        help_text="The shop, the desk, the telephone.",
        error_messages={"required": "Say where you saw it."},
    )
    name = WordsField(label="Your name", max_length=200, error_messages={"required": "Give your name."})
    role = WordsField(
        label="Your job",
        max_length=200,
        help_text="Or as what you were there.",
        error_messages={"required": "Say what your job is, or as what you were there."},
    )
    relation = forms.ChoiceField(
        choices=Relation.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say what you are to them.", "invalid_choice": "Choose one of these."},
    )
    is_expert = forms.BooleanField(label="I am an expert in this kind of work", required=False)
    contact = WordsField(
        label="How can an assessor reach you?",
        max_length=200,
        help_text="A telephone number or an e-mail address. Assessors ask whether this is from you.",
        error_messages={"required": "Say how an assessor can reach you."},
    )
    declared = forms.BooleanField(
        label=DECLARATION, error_messages={"required": "Tick this if it is so. Without it, it is no testimony."}
    )

    def __init__(self, *args: Any, request: TestimonyRequest, **kwargs: Any) -> None:
        self.registration, witness = request.witness.registration, request.witness
        super().__init__(*args, units=criteria_named(self.registration, request.criteria), **kwargs)
        self.is_known = witness.evidence.exists()
        if self.is_known:
            del self.fields["name"]
        for name in ("name", "role", "relation", "is_expert", "contact"):
            if name in self.fields:
                self.fields[name].initial = getattr(witness, name)
        self.fields["contact"].initial = witness.contact or witness.email
        self.fields["relation"].label = f"What are you to {self.registration.candidate}?"
        self.known_as = witness.name
        self.today = timezone.localdate(timezone=ZoneInfo(self.registration.centre.time_zone))
        for name in ("happened_from", "happened_to"):
            self.fields[name].widget.attrs["max"] = self.today.isoformat()

    def clean(self) -> None:
        """Say all at once what the service would refuse one by one."""
        said = self.cleaned_data
        refused = dates_refused(said.get("happened_from"), said.get("happened_to"), today=self.today)
        for name, sentence in refused.items():
            self.add_error(name, sentence)

    def given(self) -> Given:
        """Return what was said. For a valid form."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "declared"}
        return Given(**{"name": self.known_as} | said)

    def refuse(self, refusal: ValidationError) -> None:
        """Note what the service refused: beside its field, where the page shows that field."""
        told = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
        for name, sentences in told.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class NoteForm(forms.Form):
    """What an assessor adds to a testimony."""

    reached = forms.ChoiceField(
        label="How did you reach the witness? (may stay empty)",
        choices=[("", "Not yet"), *Reached.choices],
        required=False,
        error_messages={"invalid_choice": "Choose one of these."},
    )
    reached_on = date_field(label="On which day? (may stay empty)", required=False)
    words = WordsField(
        label="What do you add or ask? (may stay empty)",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It stands beside the testimony under your name. Whoever sees the testimony sees it.",
    )


class StandingForm(forms.Form):
    """Why an assessor accepts a witness as an expert."""

    reason = WordsField(
        label="Why are they an expert in this work?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What they are qualified in, how long they have done it. It stays on record under your name.",
        error_messages={"required": "Say why: it stays on record."},
    )
