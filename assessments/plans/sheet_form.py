"""The form of a plan or a review as a whole: its head, what stands under the headings, its lines and the signature."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.models import Sheet, SheetKind, SheetLine
from assessments.observations.forms import SignatureForm
from assessments.observations.units import recordable_units
from assessments.plans.forms import TYPED, HeadForm, LineForm, criterion_value
from assessments.plans.said import SheetSaid
from assessments.plans.services import columns
from assessments.plans.templates import sheet_headings
from centres.models import User
from portfolio.models import CandidateUnit, Registration
from standards.naming import names_in
from standards.published import published_content

LINES_AT_LEAST, LINES_AT_MOST = 2, 20
TAKEN_AWAY = (
    "The centre has changed its headings meanwhile. What you wrote under those that are gone stands below, to be "
    "copied. Sign again when it is where you want it."
)
NOT_KEPT = {"csrfmiddlewaretoken", "password", "save", "sign", "more"}


@dataclass(frozen=True, kw_only=True)
class CriteriaToTick:
    """The criteria of a unit that a line names: value, code, words, and whether it is ticked."""

    unit: CandidateUnit
    lines: Sequence[tuple[str, str, str, bool]]

    @property
    def some(self) -> int:
        """How many are ticked; none means the whole unit."""
        return sum(ticked for *_, ticked in self.lines)


@dataclass(frozen=True, kw_only=True)
class LineOnForm:
    """A line on the form. Until a unit is ticked and kept, it offers no criteria."""

    number: int
    form: LineForm
    is_typed: bool

    @property
    def criteria(self) -> list[CriteriaToTick]:
        """The criteria of each unit that is ticked."""
        if "units" not in self.form.fields:
            return []
        return [self._of(self.form.offered[value]) for value in self.form.chosen if value in self.form.offered]

    def _of(self, unit: CandidateUnit) -> CriteriaToTick:
        content, ticked = published_content(unit.revision), self.form.ticked
        names = names_in(content)
        keyed = [(criterion_value(unit, item), item) for item in content.unit.claimable]
        lines = [(key, names[item.kind, item.position].code, item.text, key in ticked) for key, item in keyed]
        return CriteriaToTick(unit=unit, lines=lines)


class SheetForm:
    """What the page shows, and what it sent. Without `check` nothing is wrong yet: it is what was typed so far."""

    def __init__(
        self, sent: QueryDict | None, *, kind: SheetKind, person: User, registration: Registration, check: bool
    ) -> None:
        """`sent` are the fields as a page sent them, now or before."""
        self.kind, self.registration = kind, registration
        self.sent = sent if sent is not None else QueryDict()
        self.asks = sheet_headings(registration.centre, kind)
        self.units = recordable_units(person, registration.centre, registration=registration)
        self.errors: list[str] = []
        data = self.sent if check else None
        self.head = HeadForm(data, initial=self.sent.dict(), asks=self.asks, registration=registration)
        self.signature = SignatureForm(data)
        typed = typed_lines(self.sent)
        numbers = range(1, min(max([LINES_AT_LEAST, *(number + 1 for number in typed)]), LINES_AT_MOST) + 1)
        self.lines = [
            LineOnForm(
                number=number, form=self._line(number, data if number in typed else None), is_typed=number in typed
            )
            for number in numbers
        ]

    def _line(self, number: int, data: QueryDict | None) -> LineForm:
        return LineForm(
            data,
            sent=self.sent,
            prefix=f"line-{number}",
            kind=self.kind,
            registration=self.registration,
            units=self.units,
        )

    @property
    def left_over(self) -> list[str]:
        """What was typed under headings that the centre has not any more, to be copied."""
        shown = {field.name for field in self.head.section_fields}
        return [
            words
            for name in self.sent
            if name.startswith("section-") and name not in shown and (words := str(self.sent[name]).strip())
        ]

    @property
    def is_wrong(self) -> bool:
        """Whether anything is marked as wrong."""
        return bool(self.errors) or any(
            form.errors for form in (self.head, self.signature, *(line.form for line in self.lines))
        )

    def kept_fields(self) -> dict[str, list[str]]:
        """Return what is kept of it while it is not signed: all that was typed, but for the password."""
        return {name: self.sent.getlist(name) for name in self.sent if name not in NOT_KEPT}

    def is_valid(self) -> bool:
        """Whether it can be signed as it is. What is wrong is said where it stands, all at once."""
        if self.kind == SheetKind.PLAN and not any(line.is_typed for line in self.lines):
            self.errors.append("A plan plans something: fill in at least one line.")
        if self.left_over:
            self.errors.append(TAKEN_AWAY)
        return not self.is_wrong

    def said(self) -> SheetSaid:
        """Return what was said. For a valid form."""
        head = self.head.cleaned_data
        return SheetSaid(
            kind=self.kind,
            title=self.asks.title,
            held_on=head["held_on"],
            how=head["how"],
            present=head["present"],
            sections=self.head.sections(),
            lines=[line.form.line() for line in self.lines if line.is_typed],
            next_review=head["next_review"],
        )

    def add_refusal(self, refusal: ValidationError) -> None:
        """Show why the service refused it where the person looks for it."""
        for field, sentences in getattr(refusal, "message_dict", {"": refusal.messages}).items():
            if field == "password":
                self.signature.add_error("password", sentences)
            else:
                self.errors += sentences


def typed_lines(sent: QueryDict) -> set[int]:
    """The numbers of the lines in which something is typed."""
    field = re.compile(rf"line-([0-9]{{1,2}})-(?:{'|'.join(TYPED)})")
    named = ((field.fullmatch(name), str(sent[name]).strip()) for name in sent)
    return {int(found[1]) for found, words in named if found and words and 1 <= int(found[1]) <= LINES_AT_MOST}


def says_the_same(sheet: Sheet, said: SheetSaid) -> bool:
    """Whether this is what the sheet signed."""
    signed = [
        (line.method, line.place, line.bring, line.covers, line.action.text, line.action.due, line.action.owned_as)
        for line in sheet.lines.select_related("action").order_by("position")
    ]
    lines = [
        (
            line.method,
            line.place,
            line.bring,
            [covered.kept for covered in line.covers],
            line.in_words,
            line.due,
            line.by,
        )
        for line in said.lines
    ]
    return signed == lines and all(getattr(sheet, name) == value for name, value in columns(said).items())


def carried_over(lines: Sequence[SheetLine]) -> QueryDict:
    """The lines of a plan that are not done, as the form of the next one would send them."""
    sent = QueryDict(mutable=True)
    for number, line in enumerate(lines[:LINES_AT_MOST], start=1):
        prefix, action = f"line-{number}", line.action
        said: dict[str, Any] = {"method": line.method, "place": line.place, "bring": line.bring, "by": action.owned_as}
        said["due"] = action.due.isoformat() if action.due else ""
        for name, value in said.items():
            sent[f"{prefix}-{name}"] = value
        sent.setlist(f"{prefix}-units", [covered["unit"] for covered in line.covers])
        keys = [f"{covered['unit']}_{kind}-{at}" for covered in line.covers for kind, at in covered["criteria"]]
        sent.setlist(f"{prefix}-criteria", keys)
    return sent
