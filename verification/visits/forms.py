"""The forms of visits: who comes when, marks, the report and its actions."""

import datetime
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils import timezone

from centres.models import Centre, Role, User
from centres.selectors import holders, to_choose_from
from record.form_fields import DATE_FORMATS, NOT_OURS, DayField, WordsField
from verification.days import day_begins, day_ends
from verification.models import Visit

USUAL_DAYS = 7  # how long a visit lasts, unless somebody says otherwise
LONGEST = 366  # days: what is open must not be forgotten


def _day(label: str, help_text: str = "", **options: Any) -> DayField:
    return DayField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=DATE_FORMATS,
        error_messages={"required": "Give a date.", "invalid": "Give a date, such as 22/11/2026."},
        **options,
    )


def _form_key() -> forms.UUIDField:
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=NOT_OURS)


def _refuse_long(first: datetime.date, last: datetime.date) -> None:
    if (last - first).days >= LONGEST:
        raise forms.ValidationError("A visit lasts a year at most. Open it again when there is more to look at.")


class VisitForm(forms.Form):
    """Who comes, and from which day to which, both included."""

    form_key = _form_key()
    verifier = forms.ModelChoiceField(
        queryset=User.objects.none(),
        to_field_name="uuid",
        label="Who comes",
        error_messages={"required": "Say who comes."},
    )
    first = _day("First day")
    last = _day("Last day", "After it nothing is open to them. You can extend the visit, or end it before.")

    def __init__(self, data: QueryDict | None, *, centre: Centre) -> None:
        self.zone = Visit(centre=centre).zone
        today = timezone.localdate(timezone=self.zone)
        super().__init__(data, initial={"first": today, "last": today + datetime.timedelta(days=USUAL_DAYS - 1)})
        people = holders(centre, Role.EXTERNAL_VERIFIER)
        field = cast(forms.ModelChoiceField, self.fields["verifier"])
        field.queryset = people
        names = to_choose_from(people)
        field.choices = names if len(names) == 1 else [("", "Choose"), *names]
        self.has_people = bool(names)

    def clean(self) -> dict[str, Any]:
        """Return what `visit_open` takes."""
        said = self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if not first or not last:
            return said
        if last < first:
            self.add_error("last", "The last day is before the first. Put one of them right.")
        else:
            _refuse_long(first, last)
        said["begins_at"], said["until"] = day_begins(first, self.zone), day_ends(last, self.zone)
        return said


class ExtendForm(forms.Form):
    """Until when the visit lasts instead."""

    last = _day("Last day")

    def __init__(self, data: QueryDict | None, *, visit: Visit) -> None:
        self.visit = visit
        super().__init__(data, initial={} if visit.is_over else {"last": visit.last_day})

    def clean_last(self) -> datetime.date:
        """Return the day, unless the visit would last too long from now on."""
        last: datetime.date = self.cleaned_data["last"]
        today = timezone.localdate(timezone=self.visit.zone)
        _refuse_long(max(today, timezone.localtime(self.visit.begins_at, self.visit.zone).date()), last)
        return last

    @property
    def until(self) -> datetime.datetime:
        """The moment at which that day ends in the centre."""
        return day_ends(self.cleaned_data["last"], self.visit.zone)


class MarkForm(forms.Form):
    """A mark; the note may stay empty."""

    form_key = _form_key()
    note = WordsField(
        label="Note (may stay empty)", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReportForm(forms.Form):
    """The report, as a file."""

    file = forms.Field(  # an `IncomingFile`; what it is, the service looks at
        label="File",
        help_text="As you got it from the awarding body: a PDF or a document.",
        widget=forms.FileInput,
        error_messages={"required": "Choose the file with the report."},
    )


class ActionForm(forms.Form):
    """What the report asks for, of whom, and by when."""

    form_key = _form_key()
    words = WordsField(
        label="What is to be done",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what is to be done."},
    )
    owner = forms.ChoiceField(
        label="Who is to do it",
        error_messages={"required": "Say who is to do it.", "invalid_choice": "Choose somebody of the centre."},
    )
    due = _day("By when")

    def __init__(self, data: QueryDict | None, *, centre: Centre) -> None:
        super().__init__(data)
        people = [
            (
                centre.words.of_role(role).capitalize(),
                [(f"{role}:{person.uuid}", str(person)) for person in holders(centre, role)],
            )
            for role in (Role.COORDINATOR, Role.INTERNAL_VERIFIER, Role.ASSESSOR)
        ]
        cast(forms.ChoiceField, self.fields["owner"]).choices = [("", "Choose"), *people]

    @property
    def said(self) -> dict[str, Any]:
        """What it says, as the service takes it. For a valid form."""
        role, _, uuid = self.cleaned_data["owner"].partition(":")
        return self.cleaned_data | {"owner": User.objects.get(uuid=uuid), "owned_as": Role(role)}


class DoneForm(forms.Form):
    """What was done."""

    words = WordsField(
        label="What was done",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what was done."},
    )
