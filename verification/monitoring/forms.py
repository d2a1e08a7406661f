"""The forms of what verifiers record: one for each kind, with what all kinds ask; and those of what is said of it."""

import re
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from assessments.models import REASON_AT_MOST
from assessments.observations.forms import day_field
from centres.models import Centre, Role, User
from centres.selectors import to_choose_from
from portfolio.models import CandidateUnit, Evidence, Registration
from record.form_fields import NOT_OURS, WordsField
from record.plain_text import plain_text
from verification.models import MonitoringKind, MonitoringMethod
from verification.models.monitoring import ASKED_AT_MOST, LINE_AT_MOST, OTHERS_AT_MOST
from verification.models.sampling_choices import QUESTIONS_AT_MOST
from verification.monitoring.selectors import (
    candidates_to_interview,
    records_to_name,
    staff_of,
    units_to_name,
)
from verification.monitoring.services import ALONE, FUTURE, Agreed, MonitoringSaid, RecordedPoint, assessor_refused
from verification.monitoring.wordings import ASPECTS, WORDS
from verification.sampling.board import is_uuid

ROWS_AT_FIRST, ROWS_MORE, ROWS_AT_MOST = 2, 3, 30
PAST = "This day is over. Give today or a later one."
NOT_EVIDENCE = "This is not the address of a piece of evidence that you may read. Copy it from the page of the piece."
EVIDENCE_ADDRESS = re.compile(r"/evidence/([0-9a-f-]{36})(?:/|$)")

Fields = Sequence[forms.BoundField]


def _words(label: str, *, rows: int, required: str = "", most: int = REASON_AT_MOST, **options: Any) -> WordsField:
    """Words of several lines; `required` is what is said where they are missing."""
    return WordsField(
        label=label if required else f"{label} (may stay empty)",
        max_length=most,
        required=bool(required),
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required} if required else None,
        **options,
    )


def _line(label: str, *, required: str = "", **options: Any) -> WordsField:
    return WordsField(
        label=label if required else f"{label} (may stay empty)",
        max_length=LINE_AT_MOST,
        required=bool(required),
        error_messages={"required": required} if required else None,
        **options,
    )


def _choice(label: str, choices: Sequence[tuple[object, str]], **options: Any) -> forms.ChoiceField:
    wrong = "Choose one of these."
    return forms.ChoiceField(label=label, choices=choices, error_messages={"invalid_choice": wrong}, **options)


class MonitoringForm(forms.Form):
    """What all kinds ask: when and how, what was agreed with whom, and the password.

    While rows are added, what was typed is shown and not looked at. `parts` are its fields under their headings.
    """

    kind: MonitoringKind

    form_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    rows = forms.IntegerField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    day = day_field("Day")
    method = forms.ChoiceField(
        label="How",
        choices=MonitoringMethod.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how you came together.", "invalid_choice": "Choose one of these three."},
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="The one you sign in with. It proves that it is you who signs.",
        error_messages={"required": "Type your password to sign."},
    )

    def __init__(self, sent: QueryDict | None, *, verifier: User, centre: Centre) -> None:
        self.verifier, self.centre, self.sent = verifier, centre, sent
        adds_rows = sent is not None and "more" in sent
        count = _rows_in(sent) + (ROWS_MORE if adds_rows else 0)
        self.numbers = range(1, min(count, ROWS_AT_MOST) + 1)
        first = {"form_key": uuid4(), "day": centre.today, "method": MonitoringMethod.IN_PERSON}
        super().__init__(None if adds_rows else sent, initial=first)
        self.fields["day"].widget.attrs["max"] = centre.today.isoformat()
        self.add_fields()
        people = [("", "Choose"), *to_choose_from(self.owners())]
        for number in self.numbers:
            self.fields[f"action-{number}"] = _line(f"What is to be done, {number}")
            self.fields[f"owner-{number}"] = _choice(f"Who does it, {number}", people, required=False)
            self.fields[f"due-{number}"] = day_field(f"By which day, {number}", required=False)
        if adds_rows and sent is not None:
            for name, field in self.fields.items():
                is_list = isinstance(field, forms.MultipleChoiceField)
                self.initial[name] = sent.getlist(name) if is_list else sent.get(name, "")
        self.initial["rows"] = len(self.numbers)

    # --- What each kind says

    def add_fields(self) -> None:
        """Add the fields of the kind."""
        raise NotImplementedError

    def owners(self) -> Any:
        """Of whom something can be asked."""
        return staff_of(self.centre)

    def kind_parts(self) -> Iterator[tuple[str, Fields]]:
        """The fields of the kind, under their headings."""
        raise NotImplementedError

    def kind_said(self) -> dict[str, Any]:
        """What the kind has of `Monitored`. For a valid form."""
        raise NotImplementedError

    # --- What is the same for all

    @property
    def parts(self) -> Iterator[tuple[str, Fields]]:
        """All that is asked but the password, part by part."""
        yield from self.kind_parts()
        named = [f"{name}-{number}" for number in self.numbers for name in ("action", "owner", "due")]
        yield "Actions", self.of(*named)

    def of(self, *names: str) -> Fields:
        """The fields of these names."""
        return [self[name] for name in names]

    def clean_day(self) -> Any:
        """Refuse a day that has not come."""
        if self.cleaned_data["day"] > self.centre.today:
            raise forms.ValidationError(FUTURE)
        return self.cleaned_data["day"]

    def clean(self) -> None:
        """Ask for what is missing of an action that is begun."""
        said = self.cleaned_data
        for number in self.numbers:
            text, owner, due = (said.get(f"{name}-{number}") for name in ("action", "owner", "due"))
            if not (text or owner or due):
                continue
            for name, value, missing in (
                ("action", text, "Say what is to be done."),
                ("owner", owner, "Say who does it."),
                ("due", due, "Say by which day."),
            ):
                if not value and f"{name}-{number}" not in self.errors:
                    self.add_error(f"{name}-{number}", missing)
            if due and due < self.centre.today:
                self.add_error(f"due-{number}", PAST)

    @property
    def said(self) -> MonitoringSaid:
        """What was said. For a valid form."""
        said = self.cleaned_data
        people = {str(person.uuid): person for person in self.owners()}
        actions = [
            Agreed(text=said[f"action-{at}"], owner=people[said[f"owner-{at}"]], due=said[f"due-{at}"])
            for at in self.numbers
            if said[f"action-{at}"]
        ]
        method = MonitoringMethod(said["method"])
        return MonitoringSaid(kind=self.kind, day=said["day"], method=method, actions=actions, **self.kind_said())


class InterviewForm(MonitoringForm):
    """An interview: whose, and the answers. The questions travel with the form, so that each keeps its answer."""

    kind = MonitoringKind.INTERVIEW

    def __init__(self, sent: QueryDict | None, *, verifier: User, centre: Centre, questions: Sequence[str]) -> None:
        shown = sent.getlist("question")[:QUESTIONS_AT_MOST] if sent else []
        self.questions = [plain_text(one)[:ASKED_AT_MOST] for one in shown if one.strip()] or questions
        super().__init__(sent, verifier=verifier, centre=centre)

    def add_fields(self) -> None:
        """Whose, the answers, and what follows."""
        self.candidates = {str(one.uuid): one for one in candidates_to_interview(self.verifier, self.centre)}
        choices = [("", "Choose"), *((uuid, _name_of(one)) for uuid, one in self.candidates.items())]
        word = self.centre.words.of_role(Role.CANDIDATE)
        self.fields["registration"] = _choice(word.capitalize(), choices)
        self.fields["registration"].error_messages["required"] = f"Say with which {word} you talked."
        for number, question in enumerate(self.questions, start=1):
            self.fields[f"answer-{number}"] = _words(question, rows=2)
            self.fields[f"answer-{number}"].label = question
        self.fields["words"] = _words("In your words", rows=3)

    def kind_parts(self) -> Iterator[tuple[str, Fields]]:
        """Whom and when, the answers, what follows."""
        answers = [f"answer-{number}" for number, _ in enumerate(self.questions, start=1)]
        yield "", self.of("registration", "day", "method")
        yield WORDS[self.kind].points, self.of(*answers)
        yield WORDS[self.kind].words, self.of("words")

    def kind_said(self) -> dict[str, Any]:
        """Whose it is, the questions that have an answer, and what follows."""
        said = self.cleaned_data
        registration: Registration = self.candidates[said["registration"]]
        answers = [(question, said[f"answer-{number}"]) for number, question in enumerate(self.questions, start=1)]
        points = [RecordedPoint(asked=question, said=answer) for question, answer in answers if answer]
        return {"registration": registration, "points": points, "words": said["words"]}


class AssessorObservationForm(MonitoringForm):
    """An observation of one assessor, who was chosen before."""

    kind = MonitoringKind.OBSERVATION

    def __init__(self, sent: QueryDict | None, *, verifier: User, centre: Centre, assessor: User) -> None:
        self.assessor = assessor
        super().__init__(sent, verifier=verifier, centre=centre)

    def add_fields(self) -> None:
        """At what they were seen, what was looked at, and the feedback."""
        self.units = {str(one.uuid): one for one in units_to_name(self.verifier, self.assessor, self.centre)}
        self.records = {str(one.uuid): one for one in records_to_name(self.verifier, self.assessor, self.centre)}
        self.fields["occasion"] = _line(
            "What the assessor was doing",
            required="Say what the assessor was doing.",
            help_text="Such as: watched the candidate at the desk, then gave feedback.",
        )
        self.fields["place"] = _line("Where")
        self.fields["unit"] = _choice(
            "Whom they assessed, and in which unit (may stay empty)",
            [("", "None of those that you may read"), *((uuid, _unit_name(one)) for uuid, one in self.units.items())],
            required=False,
        )
        self.fields["assessor_record"] = _choice(
            "What they recorded of it (may stay empty)",
            [("", "Nothing yet"), *((uuid, f"{one.get_kind_display()}, {one.signed_at:%-d %B %Y}")
                                    for uuid, one in self.records.items())],
            required=False,
        )  # fmt: skip
        for number, aspect in enumerate(ASPECTS, start=1):
            self.fields[f"looked-{number}"] = forms.BooleanField(label=aspect, required=False)
            self.fields[f"exception-{number}"] = _words(f"Exception {number}", rows=1)
        feedback = "Write the feedback: the assessor reads it."
        self.fields["words"] = _words("In your words", rows=5, required=feedback)

    def clean(self) -> None:
        """Refuse who does not assess here any more; what was typed stays."""
        super().clean()
        if refused := assessor_refused(self.assessor, self.verifier, self.centre):
            self.add_error(None, refused)

    def owners(self) -> Any:
        """The assessor, and who observed them."""
        return staff_of(self.centre).filter(pk__in=[self.assessor.pk, self.verifier.pk])

    def kind_parts(self) -> Iterator[tuple[str, Fields]]:
        """When and at what, what was looked at, the feedback."""
        numbers = range(1, len(ASPECTS) + 1)
        yield "", self.of("day", "method", "place", "occasion", "unit", "assessor_record")
        yield (
            WORDS[self.kind].points,
            self.of(*(f"{name}-{number}" for number in numbers for name in ("looked", "exception"))),
        )
        yield WORDS[self.kind].words, self.of("words")

    def kind_said(self) -> dict[str, Any]:
        """Whom it is about, at what; what has an exception was looked at, whether it is ticked or not."""
        said = self.cleaned_data
        looked = [
            RecordedPoint(asked=aspect, said=said[f"exception-{number}"])
            for number, aspect in enumerate(ASPECTS, start=1)
            if said[f"looked-{number}"] or said[f"exception-{number}"]
        ]
        unit: CandidateUnit | None = self.units.get(said["unit"])
        return {
            "assessor": self.assessor,
            "occasion": said["occasion"],
            "place": said["place"],
            "unit": unit,
            "assessor_record": self.records.get(said["assessor_record"]),
            "points": looked,
            "words": said["words"],
        }


class MeetingForm(MonitoringForm):
    """A standardisation meeting."""

    kind = MonitoringKind.MEETING

    def add_fields(self) -> None:
        """Where, who was there, what was compared, and what was agreed."""
        colleagues = staff_of(self.centre).exclude(pk=self.verifier.pk)
        self.colleagues = {str(person.uuid): person for person in colleagues}
        self.fields["place"] = _line("Where", required="Say where it was.")
        self.fields["present"] = forms.MultipleChoiceField(
            label="Who was there, besides you",
            choices=[(str(uuid), name) for uuid, name in to_choose_from(colleagues)],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={"invalid_choice": "Somebody whom you ticked does not work here now. Look again."},
        )
        self.fields["others"] = _words("Others, by name", rows=1, most=OTHERS_AT_MOST)
        for number in self.numbers:
            self.fields[f"compared-{number}"] = _line(f"Unit or piece of work, {number}")
            self.fields[f"evidence-{number}"] = _line(
                f"Address of its page, {number}", help_text="Only what everybody of the centre who was there may read."
            )
            self.fields[f"decided-{number}"] = _words(f"What each decided, {number}", rows=3)
        self.fields["words"] = _words("In your words", rows=5, required="Say what was agreed.")

    def kind_parts(self) -> Iterator[tuple[str, Fields]]:
        """When, where and who; what was compared; what was agreed."""
        compared = [f"{name}-{number}" for number in self.numbers for name in ("compared", "decided", "evidence")]
        yield "", self.of("day", "method", "place", "present", "others")
        yield WORDS[self.kind].points, self.of(*compared)
        yield WORDS[self.kind].words, self.of("words")

    def clean(self) -> None:
        """Refuse a meeting of one, half of a comparison, and an address of no evidence."""
        super().clean()
        said = self.cleaned_data
        if not said.get("present") and not said.get("others") and "present" not in self.errors:
            self.add_error("present", ALONE)
        for number in self.numbers:
            what, decided, where = (said.get(f"{name}-{number}") for name in ("compared", "decided", "evidence"))
            if (decided or where) and not what and f"compared-{number}" not in self.errors:
                self.add_error(f"compared-{number}", "Say what was compared.")
            if (what or where) and not decided and f"decided-{number}" not in self.errors:
                self.add_error(f"decided-{number}", "Say what each decided.")
            if where:
                said[f"evidence-{number}"] = piece = self._piece(where)
                if piece is None:
                    self.add_error(f"evidence-{number}", NOT_EVIDENCE)

    def kind_said(self) -> dict[str, Any]:
        """Where, who was there, what was compared, and what was agreed."""
        said = self.cleaned_data
        points = [
            RecordedPoint(
                asked=said[f"compared-{number}"],
                said=said[f"decided-{number}"],
                evidence=said[f"evidence-{number}"] or None,
            )
            for number in self.numbers
            if said[f"compared-{number}"]
        ]
        present = [self.colleagues[uuid] for uuid in said["present"]]
        shared = {name: said[name] for name in ("place", "others", "words")}
        return {"present": present, "points": points, **shared}

    def _piece(self, address: str) -> Evidence | None:
        found = EVIDENCE_ADDRESS.search(address)
        if not found or not is_uuid(found[1]):
            return None
        readable = Evidence.objects.visible_to(self.verifier).filter(registration__centre=self.centre, uuid=found[1])
        return readable.select_related("registration__candidate").first()


class MinutesForm(forms.Form):
    """The minutes, as a file."""

    file = forms.Field(  # an `IncomingFile`; what it is, the service looks at
        label="File",
        help_text="A PDF or a document.",
        widget=forms.FileInput,
        error_messages={"required": "Choose the file with the minutes."},
    )


def _rows_in(sent: QueryDict | None) -> int:
    said = sent.get("rows", "") if sent else ""
    return max(int(said), 1) if said.isascii() and said.isdigit() and len(said) < 3 else ROWS_AT_FIRST


def _name_of(registration: Registration) -> str:
    beside = registration.number or str(registration.qualification or "")
    return f"{registration.candidate}, {beside}" if beside else str(registration.candidate)


def _unit_name(unit: CandidateUnit) -> str:
    return f"{unit.registration.candidate}: {unit.revision.unit.code} {unit.revision.title}"
