"""What is typed to ask a witness, what the witness types, and what an assessor adds."""

from dataclasses import fields
from functools import partial
from typing import Any, Self, cast
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone

from centres.models import User
from centres.policy.selectors import policy_of
from portfolio.evidence.forms import date_field
from portfolio.evidence.selectors import last_setting
from portfolio.files.uploads import IncomingFile
from portfolio.models import Reached, Registration, Relation, TakenDown, TestimonyRequest, Witness, WitnessStanding
from portfolio.permissions import may_note_testimony
from portfolio.rules import dates_refused
from portfolio.testimony.criteria import UnitCriteria, criteria_named, criteria_to_ask, keys_of
from portfolio.testimony.giving import DECLARATION, NOTHING_SAID, WORDS_AT_MOST, Given
from portfolio.testimony.rules import why_no_witness
from portfolio.testimony.services import NO_EXPERT
from portfolio.testimony.spoken import SPOKEN_AT_MOST, spoken_drop, spoken_for, spoken_stage, takes_spoken
from portfolio.testimony.tokens import token_of
from record.form_fields import NOT_OURS, AddressField, WordsField
from record.plain_text import plain_line, plain_text
from standards.evidence_kinds import Setting

SOMEBODY_NEW, NEW = "new", "Somebody new"
REQUEST_WORDS = "Please say in your own words what you saw me do, and what came of it. A few sentences are enough."


class CriteriaForm(forms.Form):
    """A form with criteria to tick, unit by unit."""

    ticked_at_first: frozenset[str] = frozenset()

    def __init__(self, *args: Any, units: list[UnitCriteria], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        criteria = cast(forms.MultipleChoiceField, self.fields["criteria"])
        criteria.choices = [(key, key) for key in keys_of(units)]

    @property
    def ticked(self) -> set[str]:
        """The keys that are ticked on the page."""
        return set(cast(QueryDict, self.data).getlist("criteria")) if self.is_bound else set(self.ticked_at_first)

    @property
    def open_units(self) -> set[str]:
        """The codes of the units that show their criteria: those with ticks, and a unit that is alone."""
        if len(self.units) == 1:
            return {self.units[0].code}
        return {one.code for one in self.units if any(item.key in self.ticked for item in one.criteria)}

    def refuse(self, refusal: ValidationError) -> None:
        """Note what the service refused: beside its field, where the page shows that field."""
        told = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
        for name, sentences in told.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class WitnessForm(CriteriaForm):
    """A witness, known or new, and what they are asked of. Its `form_key`: pressing the button twice asks once."""

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
    setting = forms.ChoiceField(
        label="Where did it happen?",
        choices=[("", "Choose…"), *Setting.choices],
        error_messages={"required": "Choose where it happened."},
    )
    who_missing = "Say whom you ask."

    def __init__(self, *args: Any, registration: Registration, user: User, **kwargs: Any) -> None:
        super().__init__(*args, units=criteria_to_ask(registration), **kwargs)
        self.registration, self.user = registration, user
        accepted = Exists(WitnessStanding.objects.filter(witness=OuterRef("pk")))
        known = registration.witnesses.annotate(is_accepted=accepted).order_by("name", "pk")
        self.known: dict[str, Witness] = {str(one.uuid): one for one in known}
        self.fields["form_key"].initial = uuid4
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
            self.add_error("who", self.who_missing)
        elif not said["name"]:
            self.add_error("name", "Give their name.")
        elif why := why_no_witness(self.registration, name=said["name"], addresses=[said.get("email", "")]):
            self.add_error("email" if said.get("email") else "name", why)

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
        is_same_question = plain_text(self.data.get("words", "")) == self.words_of(before)
        return is_same_person and is_same_question and self.ticked == set(before.criteria)

    def words_of(self, before: TestimonyRequest) -> str:
        """Return the words of this form in a request that it made."""
        return before.words

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


class AskWitnessForm(WitnessForm):
    """Whom to ask, and of what."""

    words = WordsField(
        label="What do you want to know?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what you want to know."},
    )
    as_observation = forms.BooleanField(
        label="Ask for an observation, as an expert writes one",
        required=False,
        help_text="It counts where a unit asks for an observation. For an expert whom an assessor has accepted.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].initial = REQUEST_WORDS
        self.experts = {key for key, one in self.known.items() if one.is_accepted}  # type: ignore[attr-defined]
        if not self.experts or not may_note_testimony(self.user, self.registration):
            del self.fields["as_observation"]

    def clean(self) -> None:
        """Say that only an accepted expert writes an observation."""
        super().clean()
        if self.cleaned_data.get("as_observation") and self.cleaned_data.get("who") not in self.experts:
            self.add_error("as_observation", NO_EXPERT)


class SeenForm(forms.Form):
    """When and where it was seen, and who saw it. The form that is made of it names the registration."""

    happened_from = date_field(label="When was it?", help_text="The day, or the first of several.", required=True)
    happened_to = date_field(label="Last day (may stay empty)", help_text="If you saw it over a time.", required=False)
    place = WordsField(
        label="Where was it?",
        max_length=200,
        help_text="The shop, the desk, the telephone.",
        error_messages={"required": "Say where you saw it."},
    )
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

    def days_until_today(self, registration: Registration) -> None:
        """Let the days be of the past, as the centre's clock has it."""
        self.today = timezone.localdate(timezone=ZoneInfo(registration.centre.time_zone))
        for name in ("happened_from", "happened_to"):
            self.fields[name].widget.attrs["max"] = self.today.isoformat()

    def clean(self) -> None:
        """Say all at once what the service would refuse one by one."""
        super().clean()
        said = self.cleaned_data
        refused = dates_refused(said.get("happened_from"), said.get("happened_to"), today=self.today)
        for name, sentence in refused.items():
            self.add_error(name, sentence)


class GiveForm(SeenForm, CriteriaForm):
    """What a witness says. A known witness keeps their name, and finds what they said of themselves before.

    What an assessor took down of their words is there to be confirmed or changed. Otherwise it may be spoken: call
    `keep_spoken` before `is_valid`.
    """

    words = WordsField(
        label="What did you see?",
        max_length=WORDS_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="In your own words: what was done, how, and what came of it. Leave out the names of customers.",
        error_messages={"required": NOTHING_SAID},
    )
    spoken = forms.Field(
        label="Or say it (may stay empty)",
        required=False,
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
        help_text=f"A recording of {filesizeformat(SPOKEN_AT_MOST)} at most, instead of writing or beside it.",
    )
    leave_out = forms.BooleanField(label="Leave out this recording", required=False)
    criteria = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": "Tick only what stands on this page."}
    )
    name = WordsField(label="Your name", max_length=200, error_messages={"required": "Give your name."})
    declared = forms.BooleanField(
        label=DECLARATION, error_messages={"required": "Tick this if it is so. Without it, it is no testimony."}
    )

    def __init__(self, *args: Any, request: TestimonyRequest, **kwargs: Any) -> None:
        self.request, self.registration, witness = request, request.witness.registration, request.witness
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
        self.days_until_today(self.registration)
        self.policy = policy_of(self.registration.centre)
        self.kept = spoken_for(request)
        self._not_kept: list[str] = []
        self.taken_down = getattr(request, "taken_down", None)
        if self.taken_down:
            self._begin_with(self.taken_down)
        if self.taken_down or not takes_spoken(self.policy):
            del self.fields["spoken"], self.fields["leave_out"]
        else:
            self.fields["words"].required = False
            self.fields["spoken"].widget.attrs |= {  # for static/js/recording/
                "data-arriving": reverse("testimony_give", kwargs={"key": token_of(request)}),
                "data-limit": SPOKEN_AT_MOST,
                "data-limit-in-words": filesizeformat(SPOKEN_AT_MOST),
            }

    def _begin_with(self, taken_down: TakenDown) -> None:
        for name in ("words", "place", "happened_from", "happened_to"):
            self.fields[name].initial = getattr(taken_down, name)
        self.ticked_at_first = frozenset(self.request.criteria)

    def keep_spoken(self) -> None:
        """Keep the recording that was sent, whatever else the form says, or drop the one that is to be left out."""
        if "spoken" not in self.fields:
            return
        if self.data.get("leave_out"):
            spoken_drop(request=self.request)
        incoming = self.files.get("spoken")
        if isinstance(incoming, IncomingFile):
            try:
                spoken_stage(request=self.request, policy=self.policy, incoming=incoming)
            except ValidationError as refusal:
                self._not_kept = refusal.messages
        self.kept = spoken_for(self.request)

    def clean(self) -> None:
        """Say what became of the recording, and that nothing was said."""
        super().clean()
        for sentence in self._not_kept:
            self.add_error("spoken", sentence)
        if not self.kept and not self._not_kept and not self.cleaned_data.get("words", "?"):
            self.add_error("words", NOTHING_SAID)

    def given(self) -> Given:
        """Return what was said. For a valid form."""
        wanted = {field.name for field in fields(Given)}
        said = {name: value for name, value in self.cleaned_data.items() if name in wanted}
        return Given(**{"name": self.known_as} | said)


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
