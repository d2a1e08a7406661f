"""Why a unit takes a step back."""

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from assessments.actions.forms import binding_field, due_field, refuse_day, words_field
from assessments.actions.services import ActionWanted
from assessments.models import REASON_AT_MOST, Binding
from assessments.standing.action_record import ActionRecord
from record.form_fields import NOT_OURS, WordsField


class ReasonForm(forms.Form):
    """Why a unit takes a step back, and which state of it the page showed."""

    reason = WordsField(
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Say why: the reason is part of the record."},
    )
    stamp = forms.IntegerField(widget=forms.HiddenInput, error_messages=NOT_OURS)

    def __init__(self, data: QueryDict | None, *, label: str, reason: str = "") -> None:
        """`label` asks for the reason, which begins with `reason`; without one it is not asked."""
        super().__init__(data, initial={"reason": reason})
        self.fields["reason"].label = label
        if not label:
            del self.fields["reason"]

    @property
    def said(self) -> dict[str, Any]:
        """What the service takes. For a valid form."""
        return dict(self.cleaned_data)


ANSWERED = {"invalid_choice": "What was answered has changed. Open the page again."}
MORE = (2, 3)  # the things that a return can ask for, besides its reason; others are asked on the unit's page


class VerifierReturnForm(ReasonForm):
    """Why a verifier returns a unit, which asks the assessor for something: what holds up the next sign-off."""

    binding = binding_field(initial=Binding.SIGN_OFF, required=False)
    due = due_field()
    answered = forms.MultipleChoiceField(required=False, widget=forms.MultipleHiddenInput, error_messages=ANSWERED)
    refused = forms.MultipleChoiceField(
        label="These answers are not enough: ask again",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages=ANSWERED,
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        label: str,
        reason: str,
        answered: Sequence[ActionRecord],
        today: datetime.date,
    ) -> None:
        """`answered` are the actions whose answers wait; they are refused with the reason unless they are unticked."""
        super().__init__(data, label=label, reason=reason)
        self._today = today
        choices = [(str(record.action.uuid), record.action.text) for record in answered]
        for name in ("answered", "refused"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].initial = [value for value, _ in choices]
        for number in MORE:
            self.fields[f"text_{number}"] = words_field("What is to be done", required=False, rows=3)
            self.fields[f"binding_{number}"] = binding_field(initial=Binding.SIGN_OFF, required=False)
            self.fields[f"due_{number}"] = due_field()

    @property
    def more(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The fields of what else can be asked for."""
        return [(self[f"text_{number}"], self[f"binding_{number}"], self[f"due_{number}"]) for number in MORE]

    @property
    def more_is_open(self) -> bool:
        """Whether something is typed or wrong there."""
        return any(text.value() or text.errors or binding.errors or due.errors for text, binding, due in self.more)

    def clean(self) -> None:
        """Refuse days that are over, dates that are missing, and a day for nothing."""
        refuse_day(self, "binding", "due", self._today)
        for number in MORE:
            if self.cleaned_data.get(f"text_{number}"):
                refuse_day(self, f"binding_{number}", f"due_{number}", self._today)

    @property
    def said(self) -> dict[str, Any]:
        """What the service takes. For a valid form."""
        said = self.cleaned_data
        first = ActionWanted(text=said["reason"], binding=Binding(said["binding"] or Binding.SIGN_OFF), due=said["due"])
        more = [
            ActionWanted(
                text=said[f"text_{number}"],
                binding=Binding(said[f"binding_{number}"] or Binding.SIGN_OFF),
                due=said[f"due_{number}"],
            )
            for number in MORE
            if said[f"text_{number}"]
        ]
        return {
            "reason": said["reason"],
            "stamp": said["stamp"],
            "enough": {UUID(value): value not in said["refused"] for value in said["answered"]},
            "wanted": [first, *more],
        }
