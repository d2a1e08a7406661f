"""The fields of a plan or a review: its head, its headings, one line of it; and the centre's headings themselves."""

from collections.abc import Collection, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from django import forms
from django.http import QueryDict

from assessments.actions.forms import words_field
from assessments.actions.services import PAST
from assessments.models import REASON_AT_MOST, MetHow, SheetKind
from assessments.models.observations import PLACE_AT_MOST, PRESENT_AT_MOST
from assessments.models.plans import BRING_AT_MOST, TITLE_AT_MOST
from assessments.observations.forms import day_field
from assessments.plans.said import TEXT_AT_MOST, Covered, Line
from assessments.plans.templates import HEADING_AT_MOST, HEADINGS_AT_MOST, PROMPT_AT_MOST, SheetHeadings
from centres.models import Role
from portfolio.models import CandidateUnit, Registration
from record.form_fields import DATE_FORMATS, NOT_OURS, DayField, WordsField
from record.plain_text import plain_line
from standards.content import CriterionContent
from standards.evidence_kinds import EvidenceKind
from standards.published import published_content

NO_LONGER = "It named a unit that you do not assess now: that unit is left out. Look at the line, and sign again."
TYPED = ("method", "due", "place", "bring", "text", "units")  # fields of a line that are empty while nothing is typed


def _day_to_come(label: str, *, required: bool) -> DayField:
    return DayField(
        label=label,
        required=required,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": "Say on which day.", "invalid": "Give a date, such as 22/11/2026."},
    )


def criterion_value(unit: CandidateUnit, item: CriterionContent) -> str:
    """What the box of a criterion sends."""
    return f"{unit.uuid}_{item.kind}-{item.position}"


def section_name(heading: str) -> str:
    """The name of the field under a heading: where the centre changes its headings, nothing comes under another."""
    return f"section-{sha256(heading.encode()).hexdigest()[:8]}"


class HeadForm(forms.Form):
    """When and how a sheet was agreed, who was there, what stands under each heading, and when to meet again."""

    held_on = day_field("Day on which you agreed this")
    how = forms.ChoiceField(
        label="How",
        choices=MetHow.choices,
        widget=forms.RadioSelect,
        initial=MetHow.IN_PERSON,
        error_messages={"required": "Say how you came together.", "invalid_choice": "Choose one of these."},
    )
    present = WordsField(
        label="Who else was there? (may stay empty)",
        max_length=PRESENT_AT_MOST,
        required=False,
    )
    next_review = _day_to_come("Next review (may stay empty)", required=False)

    def __init__(
        self, data: QueryDict | None, *, initial: dict[str, Any], asks: SheetHeadings, registration: Registration
    ) -> None:
        self.today = registration.centre.today
        super().__init__(data, initial={"held_on": self.today} | initial)
        self.asks = asks
        for heading, prompt in asks.headings:
            self.fields[section_name(heading)] = WordsField(
                label=heading,
                help_text=prompt,
                max_length=REASON_AT_MOST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def clean_held_on(self) -> date:
        """Refuse a day that is to come; the service knows since when there is a portfolio."""
        day: date = self.cleaned_data["held_on"]
        if day > self.today:
            raise forms.ValidationError("That is in the future. Sign it when you have agreed it.")
        return day

    def clean_next_review(self) -> date | None:
        """Refuse a day that is over."""
        day: date | None = self.cleaned_data["next_review"]
        if day and day <= self.today:
            raise forms.ValidationError("This day is over. Give a later one.")
        return day

    @property
    def section_fields(self) -> Sequence[Any]:
        """What stands under the headings."""
        return [self[section_name(heading)] for heading, _ in self.asks.headings]

    def sections(self) -> list[tuple[str, str]]:
        """Return each heading with what was written. For a valid form."""
        return [(heading, self.cleaned_data[section_name(heading)]) for heading, _ in self.asks.headings]


class LineForm(forms.Form):
    """One line: what is done by whom until when. That of a plan says by which method, where and of which units."""

    method = forms.ChoiceField(
        label="Method",
        choices=[("", "Choose…"), *EvidenceKind.choices],
        error_messages={"required": "Say by which method.", "invalid_choice": "Choose one of these methods."},
    )
    units = forms.MultipleChoiceField(
        label="Units",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Say which unit it is for.", "invalid_choice": NO_LONGER},
    )
    text = words_field("What is to be done", rows=2)
    place = WordsField(label="Where (may stay empty)", max_length=PLACE_AT_MOST, required=False)
    due = _day_to_come("When", required=True)
    bring = WordsField(
        label="What is to be brought or prepared (may stay empty)",
        max_length=BRING_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    by = forms.ChoiceField(
        label="Who sees to it",
        widget=forms.RadioSelect,
        initial=Role.CANDIDATE,
        error_messages={"required": "Say who sees to it.", "invalid_choice": "Choose one of the two."},
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        sent: QueryDict,
        prefix: str,
        kind: SheetKind,
        registration: Registration,
        units: Collection[CandidateUnit],
    ) -> None:
        """`sent` is what was typed so far, also where it is not checked yet; `units` are those to choose from."""
        self.sent, self.registration, self.offered = sent, registration, {str(unit.uuid): unit for unit in units}
        typed = {name: sent[f"{prefix}-{name}"] for name in (*TYPED, "by") if f"{prefix}-{name}" in sent}
        super().__init__(data, prefix=prefix, initial=typed | {"units": sent.getlist(f"{prefix}-units")})
        self.fields["by"].choices = [  # type: ignore[attr-defined]
            (Role.CANDIDATE.value, registration.candidate.name),
            (Role.ASSESSOR.value, "You"),
        ]
        if kind == SheetKind.REVIEW:
            for name in ("method", "units", "place", "bring"):
                del self.fields[name]
            return
        del self.fields["text"]
        self.fields["units"].choices = [(value, str(unit.revision)) for value, unit in self.offered.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[str]:
        """The units that are ticked, as the page sent them."""
        return [str(one) for one in self.sent.getlist(f"{self.prefix}-units")]

    @property
    def ticked(self) -> set[str]:
        """The criteria that are ticked, as the page sent them."""
        return {str(one) for one in self.sent.getlist(f"{self.prefix}-criteria")}

    def line(self) -> Line:
        """Return what was said. For a valid form."""
        said = self.cleaned_data
        by, due = Role(said["by"]), said["due"]
        if "text" in said:
            return Line(by=by, due=due, text=said["text"])
        return Line(
            by=by,
            due=due,
            method=said["method"],
            place=plain_line(said["place"]),
            bring=said["bring"],
            covers=[self._covered(self.offered[value]) for value in said["units"]],
        )

    def clean_due(self) -> date:
        """Refuse a day that is over, as any action does."""
        due: date = self.cleaned_data["due"]
        if due < self.registration.centre.today:
            raise forms.ValidationError(PAST)
        return due

    def clean_text(self) -> str:
        """Refuse more than a line."""
        text: str = self.cleaned_data["text"]
        if len(text) > TEXT_AT_MOST:
            raise forms.ValidationError(f"Write at most {TEXT_AT_MOST:,} characters.")
        return text

    def _covered(self, unit: CandidateUnit) -> Covered:
        items = published_content(unit.revision).unit.claimable
        return Covered(
            unit=unit,
            criteria=[(item.kind, item.position) for item in items if criterion_value(unit, item) in self.ticked],
        )


class HeadingsForm(forms.Form):
    """What a centre's sheets of a kind are called and ask; `seen` is the number of what the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    title = WordsField(
        label="What it is called",
        max_length=TITLE_AT_MOST,
        error_messages={"required": "Say what it is called."},
    )

    def __init__(self, data: QueryDict | None, *, stands: SheetHeadings) -> None:
        super().__init__(data, initial={"seen": stands.number, "title": stands.title})
        for number in range(1, HEADINGS_AT_MOST + 1):
            heading, prompt = stands.headings[number - 1] if number <= len(stands.headings) else ("", "")
            self.fields[f"heading-{number}"] = WordsField(
                label=f"Heading {number}", max_length=HEADING_AT_MOST, required=False, initial=heading
            )
            self.fields[f"prompt-{number}"] = WordsField(
                label=f"What to write under heading {number}",
                max_length=PROMPT_AT_MOST,
                required=False,
                initial=prompt,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """The fields of each heading."""
        return [(self[f"heading-{number}"], self[f"prompt-{number}"]) for number in range(1, HEADINGS_AT_MOST + 1)]

    def clean(self) -> None:
        """Refuse a prompt that belongs to no heading."""
        for number in range(1, HEADINGS_AT_MOST + 1):
            said = self.cleaned_data
            if said.get(f"prompt-{number}") and not said.get(f"heading-{number}", "?"):
                self.add_error(f"heading-{number}", "Say under which heading this stands.")

    def headings(self) -> list[tuple[str, str]]:
        """Return the headings with their prompts. For a valid form."""
        said = self.cleaned_data
        return [
            (plain_line(said[f"heading-{number}"]), plain_line(said[f"prompt-{number}"]))
            for number in range(1, HEADINGS_AT_MOST + 1)
            if said[f"heading-{number}"]
        ]
