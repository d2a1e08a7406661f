"""A question of the centre's own."""

from django import forms
from django.http import QueryDict

from assessments.models import Question
from assessments.models.questions import QUESTION_AT_MOST
from assessments.questions.selectors import knowledge_items
from record.form_fields import WordsField
from standards.content import RevisionContent
from standards.naming import names_in


class QuestionForm(forms.Form):
    """Its words, and what it asks for."""

    words = WordsField(
        label="Question",
        max_length=QUESTION_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Write the question."},
    )
    knowledge = forms.TypedMultipleChoiceField(
        label="What a good answer shows",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "The unit has no such knowledge item."},
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: QueryDict | None, *, content: RevisionContent, question: Question | None = None, seen: str = ""
    ) -> None:
        initial = {"words": question.words, "knowledge": question.knowledge, "seen": seen} if question else {}
        super().__init__(data, initial=initial)
        names = names_in(content)
        self.fields["knowledge"].choices = [  # type: ignore[attr-defined]
            (item.position, f"{names[item.kind, item.position].code} {item.text}") for item in knowledge_items(content)
        ]
        if not self.fields["knowledge"].choices:  # type: ignore[attr-defined]
            del self.fields["knowledge"]

    @property
    def said(self) -> dict[str, object]:
        """What the services take. For a valid form."""
        return {"words": self.cleaned_data["words"], "knowledge": self.cleaned_data.get("knowledge", [])}
