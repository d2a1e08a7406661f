"""The form of a record as a whole: whom it is about, the session, and a part for each candidate with its ticks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.models import RecordKind
from assessments.observations.forms import (
    PAIRS_AT_LEAST,
    PART_FORMS,
    PairsForm,
    RecordPartForm,
    SessionForm,
    SignatureForm,
    free_pair,
)
from assessments.observations.from_device import BESIDE, DRAWN, NameFromDevice, drawn_from
from assessments.observations.session import Recorded, Session
from assessments.observations.to_ask import AsksOfPart, asks_of
from assessments.observations.units import TickLine, UnitTicks, recordable_units, unit_ticks
from assessments.questions.selectors import AskedOfUnit, questions_of
from centres.models import Centre, User
from portfolio.adjustments.selectors import helpers_in_words, in_force
from portfolio.evidence.selectors import last_setting
from portfolio.models import Adjustment, CandidateUnit, Registration
from record.form_fields import WordsField
from record.plain_text import plain_line

UNITS_AT_MOST = 12  # in one record: each brings its criteria to the page
NO_LONGER = (
    "You do not assess every unit any more that you had chosen: it is left out. What you wrote for it stands below, to "
    "be copied. Nothing was signed."
)
NOT_CHOSEN = (
    "What you wrote of somebody who is not chosen stands below, to be copied; it is no part of this record. Nothing "
    "was signed; sign again if that is what you want."
)
TOO_MANY = f"A record takes at most {UNITS_AT_MOST} units. Choose fewer, and sign another record for the others."
CLOSED = (
    "Nothing is judged in this unit any more. Untick what you ticked here, and your notes can be signed without it."
)
FILLED_IN = ("-setting", "-helped")  # fields that say something before anybody types
WHERE_AT_MOST = 200  # characters, as of a claim
FIND_AT_MOST = 200
NOT_KEPT = {"csrfmiddlewaretoken", "password", "save", "sign", "show", "ask", "find_question", *BESIDE}


@dataclass(kw_only=True)
class PartOfCandidate:
    """One candidate on the form."""

    registration: Registration
    form: RecordPartForm
    units: list[UnitTicks]
    questions: Mapping[int, Sequence[AskedOfUnit]]  # of the centre, by wording of a unit
    adjustments: Sequence[Adjustment] = ()  # that hold now
    find: str = ""  # what is to be in them

    @property
    def prefix(self) -> str:
        """The beginning of the names of its fields."""
        return str(self.registration.uuid)

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """The fields of its points or questions, each with that of the answer; none of a kind that has no such."""
        if not isinstance(self.form, PairsForm):
            return []
        return [(self.form[f"asked-{number}"], self.form[f"answered-{number}"]) for number in self.form.numbers]

    @property
    def fields(self) -> list[Any]:
        """Its other fields, before who helped and the setting."""
        return [field for field in self.form if "-" not in field.name and field.name not in {"setting", "helped"}]

    @cached_property
    def to_ask(self) -> AsksOfPart:
        """What nobody has put into a question yet: of what the units want to be known, and what the centre asks."""
        return asks_of(
            self.units,
            self.questions,
            asked={plain_line(str(asked.value() or "")) for asked, _ in self.pairs},
            find=self.find,
        )


@dataclass(frozen=True, kw_only=True)
class UnitToRecord:
    """A unit that can be chosen on the form."""

    unit: CandidateUnit
    chosen: bool


class RecordForm:
    """What the page shows, and what it sent. Without `check` nothing is wrong yet: it is what was typed so far."""

    def __init__(
        self,
        sent: QueryDict | None,
        *,
        kind: RecordKind,
        person: User,
        centre: Centre,
        chosen: Sequence[str],
        check: bool,
        pairs: int = PAIRS_AT_LEAST,
    ) -> None:
        """`sent` are the fields as a page sent them, now or before; `chosen` are uuids of units, as text.

        `pairs` are the questions or points that the page has room for, at least.
        """
        self.kind, self.person, self.centre, self._pairs = kind, person, centre, pairs
        self.sent = sent if sent is not None else QueryDict()
        self._check = check
        asked_for = {wanted for text in chosen if (wanted := _uuid(text))}
        self.recordable = recordable_units(person, centre, chosen=asked_for)
        if sent is None and not asked_for and len(self.recordable) == 1:
            asked_for = {self.recordable[0].uuid}
        of_them = [unit for unit in self.recordable if unit.uuid in asked_for]
        self.chosen = of_them[:UNITS_AT_MOST]
        self.errors: list[str] = []
        if len(of_them) < len(asked_for):
            self.errors.append(NO_LONGER)
        if len(of_them) > UNITS_AT_MOST:
            self.errors.append(TOO_MANY)
        zone = ZoneInfo(centre.time_zone)
        self.session_form = SessionForm(sent if check else None, kind=kind, zone=zone, initial=self._typed(""))
        self.signature = SignatureForm(sent if check else None)
        self.parts = self._parts()

    # --- What is on the page

    @property
    def choices(self) -> list[tuple[Registration, list[UnitToRecord]]]:
        """The units that can be chosen, by candidate."""
        chosen = {unit.pk for unit in self.chosen}
        by_candidate: dict[int, tuple[Registration, list[UnitToRecord]]] = {}
        for unit in self.recordable:
            _, units = by_candidate.setdefault(unit.registration_id, (unit.registration, []))
            units.append(UnitToRecord(unit=unit, chosen=unit.pk in chosen))
        return list(by_candidate.values())

    @property
    def about(self) -> str:
        """Whom it is about, in words."""
        return ", ".join(part.registration.candidate.name for part in self.parts)

    @property
    def left_over(self) -> list[str]:
        """What was typed of candidates who are not chosen (any more), to be copied."""
        shown = {part.prefix for part in self.parts}
        return [
            str(words)
            for name in self.sent
            if _uuid(name[:36]) and name[36:37] == "-" and name[:36] not in shown
            if not name.endswith(FILLED_IN)
            if (words := self.sent[name])
        ]

    @property
    def is_wrong(self) -> bool:
        """Whether anything is marked as wrong."""
        return bool(self.signature.errors) or self._is_wrong_itself

    @property
    def _is_wrong_itself(self) -> bool:
        forms = [self.session_form, *(part.form for part in self.parts)]
        return bool(self.errors) or any(form.errors for form in forms) or any(line.errors for line in self._lines)

    def kept_fields(self) -> dict[str, list[str]]:
        """Return what is kept of it while it is not signed: all that was typed, but for the password."""
        sent = (name for name in self.sent if name not in NOT_KEPT and not name.startswith(DRAWN))
        return {name: self.sent.getlist(name) for name in sent}

    def _parts(self) -> list[PartOfCandidate]:
        registrations = {unit.registration_id: unit.registration for unit in self.chosen}
        settings = {pk: self._setting(registration) for pk, registration in registrations.items()}
        wheres = {name.removeprefix("where-"): str(self.sent[name]) for name in self.sent if name.startswith("where-")}
        units = unit_ticks(
            self.chosen,
            kind=self.kind.value,
            settings=settings,
            ticked=frozenset(map(str, self.sent.getlist("claimed"))),
            wheres=wheres,
        )
        asks = issubclass(PART_FORMS[self.kind], PairsForm)
        adjusted = in_force(registrations.values())
        questions = questions_of(self.centre, [one.content for one in units]) if asks else {}
        return [
            PartOfCandidate(
                registration=registration,
                form=self._part_form(str(registration.uuid), settings[pk], helpers_in_words(adjusted.get(pk, ()))),
                units=[one for one in units if one.unit.registration_id == pk],
                questions=questions,
                adjustments=adjusted.get(pk, ()),
                find=plain_line(str(self.sent.get("find", ""))[:FIND_AT_MOST]),
            )
            for pk, registration in registrations.items()
        ]

    def _part_form(self, prefix: str, setting: str, helpers: str) -> RecordPartForm:
        initial = {"setting": setting, "helped": helpers} | self._typed(prefix)
        return PART_FORMS[self.kind](
            self.sent if self._check else None, sent=self.sent, prefix=prefix, initial=initial, pairs=self._pairs
        )

    def _setting(self, registration: Registration) -> str:
        sent = self.sent.get(f"{registration.uuid}-setting")
        return last_setting(registration, self.person) if sent is None else str(sent)

    def _typed(self, prefix: str) -> dict[str, Any]:
        """What was typed before in the fields of one form, to begin with."""
        before = f"{prefix}-" if prefix else ""
        return {name.removeprefix(before): self.sent[name] for name in self.sent if name.startswith(before)}

    # --- Signing it

    @property
    def _lines(self) -> Iterable[TickLine]:
        return (line for part in self.parts for one in part.units for line in one.lines)

    def is_valid(self) -> bool:
        """Whether it can be signed as it is. What is wrong is said where it stands, all at once."""
        return self.is_whole() and not self.signature.errors

    def is_whole(self) -> bool:
        """Whether it could be signed as it is, but for the password."""
        if not self.parts:
            self.errors.append("Choose at least one unit of one candidate first.")
        if self.left_over and NO_LONGER not in self.errors:
            self.errors.append(NOT_CHOSEN)
        for one in (one for part in self.parts for one in part.units):
            for line in one.lines:
                if line.ticked:
                    self._check_line(one, line)
        return not self._is_wrong_itself

    def _check_line(self, one: UnitTicks, line: TickLine) -> None:
        if not one.open:
            line.errors.append(CLOSED)
        elif line.barred:
            line.errors.append(line.barred)
        try:
            line.where = plain_line(WordsField(max_length=WHERE_AT_MOST, required=False).clean(line.where))
        except ValidationError as refusal:
            line.errors += refusal.messages

    def session(self, *, written_at: datetime | None = None, arrived_at: datetime | None = None) -> Session:
        """Return what was said of the session, of one that a device kept with both times. For a valid form."""
        return replace(self.session_form.session(), written_at=written_at, arrived_at=arrived_at)

    def said(self) -> list[Recorded]:
        """Return what was said of each candidate. For a valid form."""
        return [
            Recorded(
                registration=part.registration,
                setting=part.form.cleaned_data["setting"],
                words=part.form.words(),
                met={one.unit: {line.criterion: line.where for line in one.lines if line.ticked} for one in part.units},
                **part.form.more(),
            )
            for part in self.parts
        ]

    def drawn(self, kept: Mapping[str, Any]) -> dict[Registration, NameFromDevice]:
        """Return the names that were drawn of the candidates on the form, as `drawn_names` of its draft has them."""
        sent = {name: [str(value) for value in values] for name, values in self.sent.lists()}
        return {
            part.registration: drawn_from(
                kept[part.prefix],
                prefix=part.prefix,
                keys={line.key for one in part.units for line in one.lines},
                sent=sent,
            )
            for part in self.parts
            if part.prefix in kept
        }

    def add_refusal(self, refusal: ValidationError) -> None:
        """Show why the service refused it where the person looks for it."""
        for field, sentences in getattr(refusal, "message_dict", {"": refusal.messages}).items():
            if field == "password":
                self.signature.add_error("password", sentences)
            else:
                self.errors += sentences


def ask(sent: QueryDict, wanted: str) -> str:
    """Put a question among those of a candidate, or a point among what was discussed; return where its answer is typed.

    `wanted` names the portfolio and has the words, as the button of the page does.
    """
    prefix, _, words = wanted.partition("_")
    number = free_pair(sent, prefix)
    if number is None or not _uuid(prefix):
        return ""
    sent[f"{prefix}-asked-{number}"] = plain_line(words)
    return f"id_{prefix}-answered-{number}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
