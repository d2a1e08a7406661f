"""What a person types to split a PDF: for each part its pages, and what it is."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict

from portfolio.evidence.splitting import PARTS_AT_ONCE, PageRange, pages_of
from portfolio.models import Evidence, EvidenceFile
from record.form_fields import NOT_OURS, WordsField
from standards.evidence_kinds import EvidenceKind

ROWS = 4  # that are empty, each time
NO_NUMBER = "Give the number of a page, such as 3."


def _page_field(label: str, **options: Any) -> forms.IntegerField:
    errors = {"invalid": NO_NUMBER, "required": NO_NUMBER}
    return forms.IntegerField(label=label, error_messages=errors, **options)


class PartForm(forms.Form):
    """One part. A row in which nothing is typed is none."""

    first = _page_field("From page")
    last = _page_field("To page (may stay empty)", required=False)
    title = WordsField(
        label="Description of evidence",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what this is."},
    )
    kind = forms.ChoiceField(
        label="What kind of evidence is it?",
        choices=EvidenceKind.choices,
        error_messages={"required": "Choose what kind of evidence it is."},
    )

    def __init__(self, *args: Any, kind: str, count: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = kind
        self.count = count
        for name in ("first", "last"):
            self.fields[name].widget.attrs |= {"min": 1, "max": count}
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True  # the template has it
        self.helper.layout = Layout(Div("first", "last", css_class="pair"), "title", "kind")

    def clean(self) -> None:
        """Say of each page that the file does not have that it has none such."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        for name, page in (("first", first), ("last", last)):
            if page is not None and not 1 <= page <= self.count:
                self.add_error(name, f"This file has the pages 1 to {self.count}.")
        if first and last and last < first and not self.errors:
            self.add_error("last", "The last page is before the first. Put one of them right.")

    def part(self) -> PageRange:
        """Return what was typed. For a valid form in which something is."""
        said = self.cleaned_data
        last = said["last"] or said["first"]
        return PageRange(first=said["first"], last=last, title=said["title"], kind=said["kind"])


class PartsForm(BaseFormSet):
    """The rows, and the `form_key` of this form, so that pressing the button twice makes each part once."""

    default_error_messages = {
        "too_many_forms": f"{PARTS_AT_ONCE} parts can be made at once. Make the others afterwards.",
    }

    def __init__(self, data: QueryDict | None, *, file: EvidenceFile, **kwargs: Any) -> None:
        row = {"kind": file.version.kind, "count": pages_of(file), "empty_permitted": True}
        row["use_required_attribute"] = False
        super().__init__(data, prefix="part", form_kwargs=row, **kwargs)
        self.file = file
        self.sent_key = _key(data.get("form_key", "")) if data else None
        self.form_key = self.sent_key or uuid4()

    def clean(self) -> None:
        """Refuse a form in which nothing is typed."""
        if not (self.sent_key and self.management_form.is_valid()):
            raise ValidationError(NOT_OURS["invalid"])
        if not any(self.errors) and not self.parts():
            raise ValidationError("Say for one part at least which pages it has.")

    def parts(self) -> list[PageRange]:
        """Return what was typed, row by row. For a valid form."""
        return [row.part() for row in cast(list[PartForm], self.forms) if row.has_changed()]

    def repeats(self, saved: list[Evidence]) -> bool:
        """Whether it says what these pieces said at first, which it made before: the button was pressed twice."""
        versions = [piece.versions.earliest("number") for piece in saved]
        first_said = [(said.title, said.kind, [file.name for file in said.files.all()]) for said in versions]
        return first_said == [(part.title, part.kind, [part.file_name(self.file)]) for part in self.parts()]

    def refuse(self, *sentences: str) -> None:
        """Note on the valid form why nothing was saved."""
        self.non_form_errors().extend(sentences)

    def with_more_rows(self) -> "PartsForm":
        """Return the form with what was typed, not looked at yet, and further empty rows."""
        rows = [{name: row[name].value() for name in row.fields} for row in self.forms]
        typed = [row for row in rows if any(row[name] for name in ("first", "last", "title"))]
        more = parts_form(None, file=self.file, initial=typed)
        more.form_key = self.form_key
        return more


_WITH_ROWS = cast(
    type[PartsForm],
    formset_factory(PartForm, PartsForm, extra=ROWS, max_num=PARTS_AT_ONCE, absolute_max=1000, validate_max=True),
)


def parts_form(data: QueryDict | None, *, file: EvidenceFile, initial: Sequence[dict[str, Any]] = ()) -> PartsForm:
    """Return the form for the parts of a file, with what was sent or with these rows and a few empty ones."""
    return _WITH_ROWS(data, file=file, initial=initial)


def _key(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None
