"""What an assessor answers to claims, and what they state."""

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import QueryDict

from assessments.models import REASON_AT_MOST, Outcome
from assessments.standing.unit_record import ClaimRecord
from record.form_fields import NOT_OURS, WordsField
from standards.naming import Name
from standards.parts import Part


@dataclass(kw_only=True)
class AnswerLine:
    """A claim on the judging page, with its answer, or with whatever was typed over that and is not saved.

    Not a form, because a piece claims dozens of criteria; AnswerForm reads what is sent.
    """

    record: ClaimRecord
    name: Name  # of the criterion
    part: Part  # that it stands in
    outcome: str
    reason: str
    refused: str = ""  # why the answer was not saved
    is_first_refused: bool = False  # so that the page opens at it


class AnswerForm(forms.Form):
    """The answer to one claim; `seen` is the stamp that the page showed. An answer left open stays open."""

    outcome = forms.ChoiceField(
        choices=Outcome.choices,
        required=False,
        error_messages={"invalid_choice": "Choose met, met in part or not yet."},
    )
    reason = WordsField(max_length=REASON_AT_MOST, required=False)
    seen = forms.CharField(error_messages=NOT_OURS)

    def __init__(self, data: QueryDict, *, record: ClaimRecord) -> None:
        super().__init__(data, prefix=str(record.claim.uuid))

    def clean(self) -> None:
        """Refuse a reason without an answer: it would be lost."""
        said = self.cleaned_data
        if said.get("reason") and not said.get("outcome") and "outcome" not in self.errors:
            raise forms.ValidationError("Choose an answer too: a reason alone says nothing of the claim.")

    @property
    def sentences(self) -> str:
        """Everything that is wrong with it, in words."""
        return " ".join(str(message) for messages in self.errors.values() for message in messages)


def answered_claims(data: QueryDict) -> set[str]:
    """The claims, by uuid as text, for which the page that sent `data` had an answer."""
    names = {name.rpartition("-")[0] for name in data if name.endswith(("-outcome", "-seen"))}
    return {name for name in names if _is_uuid(name)}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


class StatementsForm(forms.Form):
    """The unit's unlettered musts, to tick one by one; `seen` are those that the page showed as stated."""

    statements = forms.MultipleChoiceField(
        label="I state this of the evidence",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "This unit asks for no such statement."},
    )

    seen = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput, required=False)

    def __init__(self, data: QueryDict | None, *, statements: tuple[str, ...], stated: list[str]) -> None:
        super().__init__(data, initial={"statements": stated, "seen": stated})
        for name in ("statements", "seen"):
            self.fields[name].choices = [(text, text) for text in statements]  # type: ignore[attr-defined]
