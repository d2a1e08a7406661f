"""What a person types about a piece of evidence, and the files that come with it."""

import re
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Any, Self, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from centres.models import User
from portfolio.evidence.selectors import last_setting
from portfolio.evidence.services import EvidenceDetails
from portfolio.files.file_types import may_show_people
from portfolio.files.services import WRITTEN, BytesLost, text_stage
from portfolio.files.upload_field import EvidenceFilesForm
from portfolio.files.written import WRITTEN_AT_MOST, is_written, written_text
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion, People, StagedFile
from portfolio.models.evidence import what_is_held
from portfolio.models.evidence_number import evidence_number
from portfolio.rules import dates_refused
from record.form_fields import DATE_FORMATS, NOT_OURS, DayField, WordsField
from standards.evidence_kinds import EvidenceKind, Setting

# Chosen now, kept while the form was refused, of the corrected piece, and what was written in the page.
FILES = ["chosen", "kept", "keep", "written"]
OWN, HANDED_OVER = "own", "handed_over"  # whose it is, in the words of the form
NOT_OBSERVED = (
    "An observation is what an assessor saw and wrote down. A {candidate}'s own words are a personal statement, and "
    "what comes from the work itself is a work product."
)
OWN_WORDS = (
    "Own words are a personal statement. An observation, also one on paper, is added by the assessor who made it."
)
SIGNED_ON_PAPER = " What an assessor signed on paper, they add themselves."
MY_OWN = " If you saw it and signed it on paper, choose “My own record” above."
DETAILS = ["title", "kind", "setting", "happened_from", "happened_to", "location", "relevance", "people"]


def date_field(**options: Any) -> DayField:
    """Return a field for a day, with the calendar of the browser."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    errors = {"invalid": "Give a date, such as 22/11/2026.", "required": "Say on which day."}
    return DayField(widget=widget, input_formats=DATE_FORMATS, error_messages=errors, **options)


class EvidenceForm(EvidenceFilesForm):
    """A new piece. Its `form_key` identifies this form, so that pressing the button twice saves one piece."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    whose = forms.ChoiceField(
        label="Whose is it?",
        widget=forms.RadioSelect,
        error_messages={"required": "Say whose it is.", "invalid_choice": "Say whose it is."},
    )
    written = WordsField(
        label="What you write",
        max_length=WRITTEN_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="A statement of your own, a case history. It is kept on this device while you write. A line that "
        "begins with “# ” is shown as a heading, lines that begin with “- ” or “1. ” as a list.",
    )
    people = forms.ChoiceField(
        label="Who else is in the pictures, the sound or the film?",
        choices=People.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text="No faces, names or card numbers without leave.",
        error_messages={"invalid_choice": "Choose one of these three, or none."},
    )
    title = WordsField(
        label="Description of evidence",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="As it will stand on the printed form: what it is, and what you did.",
        error_messages={"required": "Say what this is."},
    )
    kind = forms.ChoiceField(
        label="What kind of evidence is it?",
        choices=[("", "Choose…"), *EvidenceKind.choices],
        error_messages={"required": "Choose what kind of evidence it is."},
    )
    setting = forms.ChoiceField(
        label="Where does it come from?",
        choices=[("", "Choose…"), *Setting.choices],
        error_messages={"required": "Choose where it comes from."},
    )
    happened_from = date_field(
        label="When did it happen?", help_text="The day, or the first of several.", required=True
    )
    happened_to = date_field(
        label="Last day (may stay empty)", help_text="Only if it went on for longer than a day.", required=False
    )
    location = WordsField(
        label="Where is it kept? (may stay empty)",
        max_length=500,
        required=False,
        help_text="So that your assessor finds it: place, folder, who to ask.",
    )
    relevance = WordsField(
        label="Why does it matter? (may stay empty)",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="What it shows of your work.",
    )

    before_the_files: tuple[str, ...] = ("whose",)

    def __init__(self, *args: Any, authors: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authors = authors  # those whose evidence it may be, from `authors_for`
        if len(authors) > 1:
            handed_over = self.registration.centre.words.say("The {candidate}'s, who handed it to me")
            cast(forms.ChoiceField, self.fields["whose"]).choices = [(OWN, "My own record"), (HANDED_OVER, handed_over)]
            self.fields["whose"].help_text = (
                "An observation on paper that you signed is your own record: your name stands beside it as who "
                "observed, and the day that you give below says when."
            )
        else:
            del self.fields["whose"]
            self._take_observation_out()
        self.fields["form_key"].initial = uuid4
        self.fields["setting"].initial = partial(last_setting, self.registration, self.user)
        self.today = timezone.localdate(timezone=ZoneInfo(self.registration.centre.time_zone))
        for name in ("happened_from", "happened_to"):
            self.fields[name].widget.attrs["max"] = self.today.isoformat()
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.render_hidden_fields = True
        self.helper.disable_csrf = True  # the template has it
        self.helper.layout = Layout(
            *[name for name in self.before_the_files if name in self.fields],
            "chosen",
            Div(css_class="record-here"),  # static/js/recording/ fills it
            "kept",
            Div("people", data_people="asked" if self.is_bound or self._asks_of_people() else ""),
            HTML("<details class='guidance written-here'{% if form.written.value %} open{% endif %}>"),
            HTML("<summary>Write it here</summary>"),
            "written",
            HTML("</details>"),
            "title",
            Div("kind", "setting", css_class="pair"),
            Div("happened_from", "happened_to", css_class="pair"),
            Fieldset("If it is kept elsewhere", "location", "relevance", css_class="aside"),
        )

    def _take_observation_out(self) -> None:
        """Offer a candidate's evidence as what it is: only an assessor's record is an observation."""
        field = cast(forms.ChoiceField, self.fields["kind"])
        if self.initial.get("kind") == EvidenceKind.OBSERVATION or self.authors != [self.registration.candidate]:
            return
        field.choices = [
            ("", "Choose…"),
            *((value, words) for value, words in EvidenceKind.choices if value != EvidenceKind.OBSERVATION),
        ]
        field.help_text = OWN_WORDS
        field.error_messages["invalid_choice"] = self._not_observed(SIGNED_ON_PAPER)

    def _not_observed(self, then: str) -> str:
        return self.registration.centre.words.say(NOT_OBSERVED) + then

    def clean(self) -> None:
        """Say all at once, each beside its field, what the service would refuse one by one."""
        said = self.cleaned_data
        if said.get("kind") == EvidenceKind.OBSERVATION and said.get("whose") == HANDED_OVER:
            self.add_error("kind", self._not_observed(MY_OWN))
        refused = dates_refused(said.get("happened_from"), said.get("happened_to"), today=self.today)
        for name, sentence in refused.items():
            self.add_error(name, sentence)
        if {"location", "relevance", *FILES} & {*self.errors}:
            return
        where, why = said["location"], said["relevance"]
        if bool(where) != bool(why):
            self.add_error("relevance" if where else "location", "Say both where it is kept and why it matters.")
        elif not where and not any(said.get(name) for name in FILES):
            self.add_error("chosen", "Add a file, write it here, or say where the evidence is kept.")

    def _asks_of_people(self) -> bool:
        """Whether files that may show people are there already; where they come yet, the script asks."""
        return any(may_show_people(file.content_type) for file in self.fields["kept"].queryset)  # type: ignore[attr-defined]

    def staged_files(self) -> list[StagedFile]:
        """Return the files of this piece, and what was written as one of them. For a valid form; see `text_stage`."""
        text = self.cleaned_data["written"]
        written = [text_stage(registration=self.registration, user=self.user, text=text)] if text else []
        return [*super().staged_files(), *written]

    def author(self) -> User:
        """Return whose evidence it is. For a valid form."""
        if "whose" not in self.fields:
            return self.authors[0]
        is_own = self.cleaned_data["whose"] == OWN
        return next(author for author in self.authors if (author == self.user) == is_own)

    def details(self) -> EvidenceDetails:
        """Return what was typed about the piece. For a valid form."""
        return EvidenceDetails(**{name: self.cleaned_data[name] for name in DETAILS})

    def repeats(self, piece: Evidence) -> bool:
        """Whether the form says and holds the same as this piece, which it saved before: the button was pressed twice.

        Otherwise somebody went back to the form to make another piece with it, or the first was removed since. Files
        that were kept while the form was refused are gone when it comes again, because the piece has taken them.
        """
        if piece.removed_at or {*self.errors} - {"kept"} or piece.author != self.author():
            return False
        first = piece.versions.earliest("number")
        for name in DETAILS:
            said = EvidenceVersion._meta.get_field(name).to_python(self.cleaned_data[name])  # type: ignore[union-attr]
            if name == "people" and not first.people:  # what shows nobody has none
                continue
            if said != getattr(first, name):
                return False
        ticked = {*cast(QueryDict, self.data).getlist(self.add_prefix("kept"))}
        if any(str(staged.uuid) in ticked for staged in self.fields["kept"].queryset):  # type: ignore[attr-defined]
            return False
        held = {*first.files.values_list("name", "stored_file__sha256")}
        sent = {(file.name, file.sha256) for file in self.cleaned_data["chosen"]}
        if text := self.cleaned_data["written"]:
            sent.add((WRITTEN, sha256(text.encode()).hexdigest()))
        return sent <= held if ticked else sent == held

    def for_another(self, piece: Evidence) -> Self:
        """Return the form with what was sent, to make a further piece, since it has made this one before."""
        self.stage_good_files()
        data = cast(QueryDict, self.data).copy()
        data["form_key"] = str(uuid4())
        form = type(self)(data, registration=self.registration, user=self.user, authors=self.authors)
        since = ", which was removed since" if piece.removed_at else ""
        form.add_error(
            None,
            f"This form has saved evidence {evidence_number(piece.number)} already{since}. What it says now would be "
            "other evidence: save it again if that is what you want.",
        )
        return form


def _files_in_order(version: EvidenceVersion) -> list[EvidenceFile]:
    return list(version.files.not_removed().select_related("stored_file__centre").order_by("position"))


def _written_among(files: list[EvidenceFile]) -> EvidenceFile | None:
    """The file that was written in the page: the last of its name, because chosen ones come before it."""
    return next((file for file in reversed(files) if is_written(file)), None)


def _text_of(file: EvidenceFile | None) -> str:
    """What was written in the page, as it was saved; empty where it cannot be read: it is written anew then."""
    try:
        return written_text(file) if file else ""
    except BytesLost:
        return ""


class KeepFilesField(forms.ModelMultipleChoiceField):
    """The files that a piece has; whoever corrects it can untick them."""

    def clean(self, value: Any) -> QuerySet[EvidenceFile]:
        """Return the files that were ticked. Raises ValidationError when one is none of this piece."""
        try:
            return super().clean(value)
        except ValidationError as error:
            raise ValidationError("One of the files to keep does not belong to this evidence.") from error

    def label_from_instance(self, obj: EvidenceFile) -> str:
        return f"{obj.name} ({filesizeformat(obj.stored_file.size)})"


class CorrectionForm(EvidenceForm):
    """A correction of a piece. It starts from what the version that was `seen` says and holds."""

    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    keep = KeepFilesField(
        queryset=EvidenceFile.objects.none(),
        to_field_name="uuid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Files it has",
        help_text="Untick what does not belong to it. What is signed already keeps its files.",
    )

    field_order = ["seen", "keep"]
    before_the_files = ("seen", "keep")

    def __init__(self, data: QueryDict | None, *args: Any, latest: EvidenceVersion, **kwargs: Any) -> None:
        initial = {name: getattr(latest, name) for name in DETAILS} | {"seen": latest.number}
        evidence = latest.evidence
        self.latest = latest
        super().__init__(
            data, *args, registration=evidence.registration, authors=[evidence.author], initial=initial, **kwargs
        )
        del self.fields["form_key"]
        self.fields["chosen"].label = "Add files (may stay empty)"
        self.shown = self._shown()
        field = cast(KeepFilesField, self.fields["keep"])
        held = _files_in_order(self.shown)
        self.written_file = _written_among(held)
        self.text = _text_of(self.written_file)
        self.fields["written"].initial = self.text
        files = [file for file in held if file != self.written_file]
        field.queryset = EvidenceFile.objects.filter(pk__in=[file.pk for file in files]).order_by("position")
        field.initial = [file.uuid for file in files]
        if files:  # which are asked for once
            field.widget.choices = [(file.uuid, field.label_from_instance(file)) for file in files]
        else:
            field.widget = forms.MultipleHiddenInput()

    def _asks_of_people(self) -> bool:
        held = EvidenceFile.objects.filter(version=self.latest).values_list("content_type", flat=True)
        return super()._asks_of_people() or any(map(may_show_people, held))

    def kept_files(self) -> list[EvidenceFile]:
        """Return the files that the piece keeps, what was written among them if it says the same. For a valid form."""
        same = [self.written_file] if self.written_file and self.cleaned_data["written"] == self.text else []
        return sorted([*self.cleaned_data["keep"], *same], key=lambda file: file.position)

    def staged_files(self) -> list[StagedFile]:
        """Return the files that are new."""
        if self.cleaned_data["written"] == self.text:
            self.cleaned_data["written"] = ""
        return super().staged_files()

    def _shown(self) -> EvidenceVersion:
        """The version that was on the page when the person began to type."""
        number = str(self.data.get("seen", "")) if self.is_bound else ""
        if not re.fullmatch(r"[0-9]{1,9}", number) or int(number) == self.latest.number:
            return self.latest
        return self.latest.evidence.versions.filter(number=number).first() or self.latest

    def over_the_latest(self) -> Self:
        """Return the form with what was typed, to be saved over the latest version.

        A file that the person unticked stays unticked; one that they have not seen yet is ticked.
        """
        ticked = {what_is_held(file) for file in self.cleaned_data["keep"]}
        unticked = {what_is_held(file) for file in self.shown.files.all()} - ticked
        data = cast(QueryDict, self.data).copy()
        data["seen"] = str(self.latest.number)
        held = _files_in_order(self.latest)
        written = _written_among(held)
        kept = [file for file in held if what_is_held(file) not in unticked and file != written]
        data.setlist("keep", [str(file.uuid) for file in kept])
        return type(self)(data, latest=self.latest, user=self.user)
