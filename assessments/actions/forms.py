"""What is asked of somebody, and what is said of it."""

import datetime
from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from assessments.actions.services import ActionWanted, due_refused
from assessments.models import REASON_AT_MOST, Binding
from centres.models import Role, User
from centres.words import Words
from portfolio.models import Evidence
from portfolio.models.evidence_number import evidence_number
from record.form_fields import DATE_FORMATS, NOT_OURS, DayField, WordsField
from standards.content import RevisionContent
from standards.naming import names_in

BINDS = {
    Binding.SIGN_OFF: "Before the sign-off: the unit is not signed off until it is answered",
    Binding.DATE: "By a date",
    Binding.ADVICE: "Advice: it binds nobody",
}
LONGEST = 70  # characters of a title or a criterion in a choice


def binding_field(*, initial: Binding, required: bool = True) -> forms.ChoiceField:
    """How an action binds, to choose."""
    return forms.ChoiceField(
        label="How it binds",
        required=required,
        choices=[(value.value, words) for value, words in BINDS.items()],
        initial=initial,
        widget=forms.RadioSelect,
        error_messages={"required": "Say how it binds.", "invalid_choice": "Choose one of these three."},
    )


def due_field() -> DayField:
    """By which day it is to be done."""
    return DayField(
        label="By which day (needed where it is by a date)",
        required=False,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Give a date, such as 22/11/2026."},
    )


def words_field(label: str, *, required: bool = True, rows: int = 4) -> WordsField:
    """Words of an action."""
    return WordsField(
        label=label,
        max_length=REASON_AT_MOST,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": "Say what is to be done."},
    )


class AskForm(forms.Form):
    """Asks one person of a unit to do something."""

    owner = forms.ChoiceField(
        label="Who is to do it",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say who is to do it.",
            "invalid_choice": "Choose one of these people.",
        },
    )
    text = words_field("What is to be done")
    binding = binding_field(initial=Binding.DATE)
    due = due_field()
    evidence = forms.ChoiceField(
        label="The evidence it is about (may stay empty)",
        required=False,
        error_messages={"invalid_choice": "This evidence is not in the portfolio."},
    )
    criteria = forms.MultipleChoiceField(
        label="The criteria it is about",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "The unit has no such criterion."},
    )

    for_candidate = forms.BooleanField(required=False)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        asks_as: Role,
        people: Collection[tuple[Role, User]],
        pieces: Sequence[tuple[Evidence, str]],
        content: RevisionContent,
        called: Words,
        today: datetime.date,
        initial: dict[str, Any],
    ) -> None:
        """`pieces` are those of the portfolio, each with its title. With words to begin with, the first is asked.

        Who asks as a verifier does not choose whether the candidate reads it.
        """
        super().__init__(data, initial=initial)
        if asks_as == Role.ASSESSOR:
            self.fields["for_candidate"].label = called.say("The {candidate} reads it, whoever is asked")
            self.fields["for_candidate"].help_text = called.say("What is asked of the {candidate} they read anyway.")
        else:
            del self.fields["for_candidate"]
        self._today = today
        self._people = {f"{role}-{person.uuid}": (role, person) for role, person in people}
        self._pieces = {str(piece.uuid): piece for piece, _ in pieces}
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            (value, f"{person}, {called.of_role(role)}") for value, (role, person) in self._people.items()
        ]
        if "text" in initial:
            self.fields["owner"].initial = next(iter(self._people), None)
        self.fields["evidence"].choices = [("", "None")] + [  # type: ignore[attr-defined]
            (str(piece.uuid), f"{evidence_number(piece.number)}. {_cut(title)}") for piece, title in pieces
        ]
        names = names_in(content)
        self._criteria = {
            f"{item.kind}-{item.position}": (item.kind, item.position)
            for item in content.unit.criteria
            if item.is_tickable
        }
        texts = {(item.kind, item.position): item.text for item in content.unit.criteria}
        self.fields["criteria"].choices = [  # type: ignore[attr-defined]
            (value, f"{names[key].code} {_cut(texts[key])}") for value, key in self._criteria.items()
        ]

    def clean(self) -> None:
        """Refuse a day that is over, and a date that is missing."""
        refuse_day(self, "binding", "due", self._today)

    @property
    def asked_of(self) -> dict[str, Any]:
        """Of whom it is asked, and whether the candidate reads it. For a valid form."""
        role, person = self._people[self.cleaned_data["owner"]]
        reads = role == Role.CANDIDATE or self.cleaned_data.get("for_candidate", False)
        return {"owner": person, "owned_as": role, "for_candidate": reads}

    @property
    def wanted(self) -> ActionWanted:
        """What is asked. For a valid form."""
        said = self.cleaned_data
        return ActionWanted(
            text=said["text"],
            binding=Binding(said["binding"]),
            due=said["due"],
            evidence=self._pieces.get(said["evidence"]),
            criteria=[self._criteria[value] for value in said["criteria"]],
        )


def refuse_day(form: forms.Form, binding: str, due: str, today: datetime.date) -> None:
    """Add what is wrong with the day in one field of a form, for how the other says that the action binds."""
    said = form.cleaned_data
    if due in form.errors or binding in form.errors:
        return
    if refused := due_refused(said[binding], said[due], today):
        form.add_error(due, refused)


class StepForm(forms.Form):
    """What somebody says of an action; `seen` is how many steps the page showed."""

    do = forms.ChoiceField(error_messages=NOT_OURS | {"invalid_choice": "This cannot be done now."})
    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    words = words_field("Words", required=False)
    to = forms.ChoiceField(
        label="Who is to do it now",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Choose one of these people."},
    )

    def __init__(
        self, data: QueryDict | None, *, can: Collection[str], label: str, successors: Collection[User], seen: int
    ) -> None:
        """`can` is what the person can do with the action at some time: each by its name."""
        super().__init__(data, initial={"seen": seen})
        self._successors = {str(person.uuid): person for person in successors}
        self.fields["do"].choices = [(name, name) for name in can]  # type: ignore[attr-defined]
        self.fields["words"].label = label
        self.fields["to"].choices = [(value, str(person)) for value, person in self._successors.items()]  # type: ignore[attr-defined]

    @property
    def successor(self) -> User | None:
        """To whom it is handed over. For a valid form."""
        return self._successors.get(self.cleaned_data["to"])


def _cut(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rstrip()}…"
