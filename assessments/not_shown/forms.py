"""What an assessor says of a range item that the workplace cannot show, and what the verifier answers."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from assessments.models import REASON_AT_MOST, REFERENCE_AT_MOST
from record.form_fields import WordsField
from standards.content import CriterionContent
from standards.naming import CriterionKey, Name

AGREES, DOES_NOT = "agrees", "does_not"


class NotShownForm(forms.Form):
    """Which range item, and why it cannot be shown."""

    item = forms.ChoiceField(
        label="Which item of the range",
        error_messages={
            "required": "Choose the item of the range.",
            "invalid_choice": "This unit has no such item, or it is said of it already.",
        },
    )
    reason = WordsField(
        label="Why the workplace cannot show it",
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say why: the verifier decides by it, and it is printed on the form."},
    )

    def __init__(
        self, data: QueryDict | None, *, items: Iterable[CriterionContent], names: dict[CriterionKey, Name]
    ) -> None:
        """`items` are those of which it can be said."""
        super().__init__(data)
        self._items = {item.anchor: item for item in items}
        choices = [(anchor, f"{names[item.kind, item.position]}: {item.text}") for anchor, item in self._items.items()]
        self.fields["item"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]

    def clean_item(self) -> CriterionContent:
        """Return the item itself."""
        return self._items[self.cleaned_data["item"]]


class AnswerNotShownForm(forms.Form):
    """The verifier's answer. Which of the two fields belongs to it, its service says."""

    answer = forms.ChoiceField(
        label="Your answer",
        choices=[(AGREES, "I agree: it need not be shown"), (DOES_NOT, "I do not agree: it must be shown")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two.", "invalid_choice": "Choose one of the two."},
    )
    reference = forms.CharField(
        label="The awarding body’s reference",
        help_text="If you agree: its letter, ruling or case number. It is printed on the form.",
        max_length=REFERENCE_AT_MOST,
        required=False,
    )
    why_not = WordsField(
        label="Why not",
        help_text="If you do not agree. The assessor reads it.",
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    @property
    def said(self) -> dict[str, Any]:
        """What was answered, as the service takes it."""
        given = self.cleaned_data
        return {
            "agrees": given["answer"] == AGREES,
            "reference": given["reference"],
            "why_not": given["why_not"],
        }
