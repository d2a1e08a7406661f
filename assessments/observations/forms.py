"""The fields of a record: of the session, of what each kind says of one candidate, and of the signature."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from assessments.models import NAME_AT_MOST, REASON_AT_MOST, Medium, RecordKind
from assessments.models.observations import PLACE_AT_MOST, PRESENT_AT_MOST
from assessments.observations.from_device import NameFromDevice
from assessments.observations.session import CURRENT, Session
from portfolio.files.written import WRITTEN_AT_MOST
from record.form_fields import DATE_FORMATS, DayField, WordsField
from record.plain_text import plain_line
from standards.evidence_kinds import Setting

PAIRS_AT_LEAST, PAIRS_AT_MOST = 3, 60
HELPED_AT_MOST = 500  # characters
TOO_LONG = f"This is longer than {WRITTEN_AT_MOST} characters in all. Shorten it, please."
FUTURE = "That is in the future. Sign it when it is over."


def day_field(label: str, **options: Any) -> DayField:
    """A day that is not in the future; the form that has it says so in its `clean`."""
    errors = {"invalid": "Give a date, such as 22/11/2026.", "required": "Say on which day."}
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return DayField(label=label, widget=widget, input_formats=DATE_FORMATS, error_messages=errors, **options)


def _time_field(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        input_formats=["%H:%M", "%H:%M:%S", "%H.%M"],
        error_messages={"invalid": "Give a time, such as 14:30.", "required": "Say at what time."},
    )


class SessionForm(forms.Form):
    """Where and when, who was there, and how. A decision on prior learning asks nothing of it."""

    place = WordsField(label="Where", max_length=PLACE_AT_MOST, error_messages={"required": "Say where it was."})
    day = day_field("Day")
    begins = _time_field("From")
    ends = _time_field("To")
    present = WordsField(
        label="Who else was there? (may stay empty)",
        max_length=PRESENT_AT_MOST,
        required=False,
        help_text="Everybody of whom you record here reads this.",
    )
    medium = forms.ChoiceField(
        label="How",
        choices=Medium.choices,
        widget=forms.RadioSelect,
        initial=Medium.IN_PERSON,
        error_messages={"required": "Say how you were there.", "invalid_choice": "Choose one of these three."},
    )
    identity_checked = forms.BooleanField(label="I checked who it is that I saw or heard", required=False)
    all_agreed = forms.BooleanField(label="Everybody who is seen or heard agreed to it", required=False)

    def __init__(self, *args: Any, kind: RecordKind, zone: ZoneInfo, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.zone = kind, zone
        if kind == RecordKind.PRIOR_LEARNING:
            self.fields.clear()
            return
        self.fields["day"].initial = today = timezone.localdate(timezone=zone)
        self.fields["day"].widget.attrs["max"] = today.isoformat()

    def clean(self) -> None:
        """Say beside its field what cannot have been."""
        said = self.cleaned_data
        day, begins, ends = (said.get(name) for name in ("day", "begins", "ends"))
        if day and day > timezone.localdate(timezone=self.zone):
            self.add_error("day", FUTURE)
        elif begins and ends and ends <= begins:
            self.add_error("ends", "This is not after its beginning. Where it went on past midnight, sign two records.")
        elif day and ends and datetime.combine(day, ends, self.zone) > timezone.now():
            self.add_error("ends", FUTURE)
        if said.get("medium") in {Medium.LIVE_VIDEO, Medium.RECORDING}:
            if not said.get("identity_checked"):
                self.add_error("identity_checked", "By video or from a recording, check first who it is.")
            if not said.get("all_agreed"):
                self.add_error("all_agreed", "By video or from a recording, everybody must have agreed.")

    def session(self) -> Session:
        """Return what was said of the session. For a valid form."""
        said = self.cleaned_data
        if self.kind == RecordKind.PRIOR_LEARNING:
            return Session(kind=self.kind)
        return Session(
            kind=self.kind,
            place=plain_line(said["place"]),
            began_at=datetime.combine(said["day"], said["begins"], self.zone),
            ended_at=datetime.combine(said["day"], said["ends"], self.zone),
            present=said["present"],
            medium=said["medium"],
            identity_checked=said["identity_checked"],
            all_agreed=said["all_agreed"],
        )


class RecordPartForm(forms.Form):
    """What is said of one candidate. Its prefix is the uuid of their portfolio."""

    setting = forms.ChoiceField(
        label="Where does it come from?",
        choices=[("", "Choose…"), *Setting.choices],
        error_messages={"required": "Choose where it comes from."},
    )

    def __init__(
        self, data: QueryDict | None, *, sent: QueryDict, prefix: str, initial: dict[str, Any], pairs: int
    ) -> None:
        """`sent` is what was typed so far, also where it is not checked yet; `pairs` of a kind that has such."""
        super().__init__(data, prefix=prefix, initial=initial)
        self.sent = sent

    def words(self) -> Sequence[tuple[str, str]]:
        """Return what was said, under its headings. For a valid form."""
        raise NotImplementedError

    def more(self) -> dict[str, Any]:
        """Return what else `Recorded` has of this kind. For a valid form."""
        return {}


class MetForm(RecordPartForm):
    """What is said of a candidate whom the assessor met: who helped them as well."""

    helped = WordsField(
        label="Who helped? (may stay empty)",
        max_length=HELPED_AT_MOST,
        required=False,
        help_text="Who read, wrote, signed or interpreted, by name. What was agreed stands here at first.",
    )

    def more(self) -> dict[str, Any]:
        """Who helped."""
        return {"helped": self.cleaned_data["helped"]}


class ObservationForm(MetForm):
    """An observation: what was seen."""

    seen = WordsField(
        label="What was seen",
        max_length=WRITTEN_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="What happened, in the order it happened. Notes first: what it shows can be ticked later.",
        error_messages={"required": "Say what was seen."},
    )

    def words(self) -> Sequence[tuple[str, str]]:
        """What was seen."""
        return [("What was seen", self.cleaned_data["seen"])]


class PairsForm(MetForm):
    """A discussion or a questioning: points or questions, each with what was answered."""

    asked_label: ClassVar[str] = "Question"
    answered_label: ClassVar[str] = "Answer"

    def __init__(
        self, data: QueryDict | None, *, sent: QueryDict, prefix: str, initial: dict[str, Any], pairs: int
    ) -> None:
        super().__init__(data, sent=sent, prefix=prefix, initial=initial, pairs=pairs)
        self.numbers = range(1, max(pairs_in(sent, prefix), pairs) + 1)
        for number in self.numbers:
            self.fields[f"asked-{number}"] = WordsField(
                label=f"{self.asked_label} {number}", max_length=REASON_AT_MOST, required=False
            )
            self.fields[f"answered-{number}"] = WordsField(
                label=f"{self.answered_label} {number}",
                max_length=WRITTEN_AT_MOST,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean(self) -> None:
        """Refuse half a pair, none at all, and more than is kept of a text."""
        said = self.cleaned_data
        pairs = [(number, said.get(f"asked-{number}"), said.get(f"answered-{number}")) for number in self.numbers]
        for number, asked, answered in pairs:
            if answered and not asked and f"asked-{number}" not in self.errors:
                self.add_error(f"asked-{number}", "Say what this answers.")
            if asked and not answered and f"answered-{number}" not in self.errors:
                self.add_error(f"answered-{number}", "Say what was answered, or take the words above out.")
        if self.errors:
            return
        if not any(asked for _, asked, _ in pairs):
            self.add_error("asked-1", "Write down at least one.")
        if sum(len(words or "") for _, *pair in pairs for words in pair) > WRITTEN_AT_MOST:
            raise ValidationError(TOO_LONG)

    def words(self) -> Sequence[tuple[str, str]]:
        """Each question or point with its answer."""
        said = self.cleaned_data
        return [
            (said[f"asked-{number}"], said[f"answered-{number}"])
            for number in self.numbers
            if said.get(f"asked-{number}")
        ]


class DiscussionForm(PairsForm):
    """A professional discussion."""

    asked_label, answered_label = "Point", "What was said"


class PriorLearningForm(RecordPartForm):
    """A decision on prior learning."""

    achieved = WordsField(
        label="What was achieved",
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say what was achieved."},
    )
    achieved_on = day_field("When it was achieved")
    paper = WordsField(
        label="Which paper shows it?",
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="A certificate with its number, a reference: what you saw of it, and where it is kept.",
        error_messages={"required": "Say which paper shows it."},
    )
    is_current = forms.ChoiceField(
        label="Is it current?",
        choices=[("yes", "Yes, it shows what the candidate can do now"), ("no", "No, it is too old or has changed")],
        widget=forms.RadioSelect,
        error_messages={"required": "Decide whether it is current.", "invalid_choice": "Decide whether it is current."},
    )
    reason = WordsField(
        label="Why?",
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the reason is part of the record."},
    )

    def clean_achieved_on(self) -> Any:
        """Refuse what is still to come."""
        day = self.cleaned_data["achieved_on"]
        if day > timezone.localdate():
            raise ValidationError("That is in the future. Put the day right.")
        return day

    def words(self) -> Sequence[tuple[str, str]]:
        """What was achieved, the paper, and the decision."""
        said = self.cleaned_data
        return [
            ("What was achieved", said["achieved"]),
            ("The paper that shows it", said["paper"]),
            (CURRENT[said["is_current"] == "yes"], said["reason"]),
        ]

    def more(self) -> dict[str, Any]:
        """When it was achieved, and the decision."""
        return {"achieved_on": self.cleaned_data["achieved_on"], "is_current": self.cleaned_data["is_current"] == "yes"}


PART_FORMS: dict[RecordKind, type[RecordPartForm]] = {
    RecordKind.OBSERVATION: ObservationForm,
    RecordKind.DISCUSSION: DiscussionForm,
    RecordKind.QUESTIONING: PairsForm,
    RecordKind.PRIOR_LEARNING: PriorLearningForm,
}


class SignatureForm(forms.Form):
    """The password of whoever signs or acknowledges."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="The one you sign in with. It proves that it is you who signs.",
        error_messages={"required": "Type your password to sign."},
    )


def pairs_in(sent: QueryDict, prefix: str) -> int:
    """How many pairs a page shows: one more than were typed, and at least a few."""
    field = re.compile(rf"{re.escape(prefix)}-(?:asked|answered)-([0-9]{{1,3}})")
    typed = [int(named[1]) for name in sent if (named := field.fullmatch(name)) and str(sent[name]).strip()]
    return min(max([PAIRS_AT_LEAST, *(number + 1 for number in typed)]), PAIRS_AT_MOST)


def free_pair(sent: QueryDict, prefix: str) -> int | None:
    """The number of the first pair in which nothing is typed; None if there is none left."""
    for number in range(1, PAIRS_AT_MOST + 1):
        if not any(str(sent.get(f"{prefix}-{half}-{number}", "")).strip() for half in ("asked", "answered")):
            return number
    return None


class AcknowledgeForm(forms.Form):
    """What a candidate says of a record of theirs."""

    answer = forms.ChoiceField(
        label="What do you say of it?",
        choices=[("agree", "I have seen it, and I agree"), ("disagree", "I have seen it, and I do not agree")],
        initial="agree",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one of the two.", "invalid_choice": "Choose one of the two."},
    )
    words = WordsField(
        label="Your words (may stay empty if you agree)",
        max_length=REASON_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @property
    def agrees(self) -> bool:
        """Whether they agree. For a valid form."""
        return bool(self.cleaned_data["answer"] == "agree")

    def clean(self) -> None:
        """Ask for words of who does not agree."""
        if self.cleaned_data.get("answer") == "disagree" and not self.cleaned_data.get("words"):
            self.add_error("words", "Say what you do not agree with.")


class DrawnNameForm(forms.Form):
    """A name that the candidate draws on the assessor's device, or types where they cannot draw."""

    lines = forms.CharField(required=False, widget=forms.HiddenInput)
    typed = WordsField(label="Or type your name", max_length=NAME_AT_MOST, required=False)
    is_theirs = forms.BooleanField(label="This is my name, and I typed it myself", required=False)

    @property
    def drawn(self) -> NameFromDevice:
        """What came of it: what is drawn counts before what is typed. For a valid form."""
        said = self.cleaned_data
        return NameFromDevice(lines=said["lines"], typed="" if said["lines"] else plain_line(said["typed"]))

    def clean(self) -> None:
        """Ask for a name, and whose it is where it is typed."""
        said = self.cleaned_data
        if not said.get("lines") and "typed" not in self.errors:
            if not said.get("typed"):
                self.add_error("typed", "Draw your name, or type it.")
            elif not said.get("is_theirs"):
                self.add_error("is_theirs", "Say that it is your name.")


class OnTheSpotForm(AcknowledgeForm):
    """The same on the assessor's device: the candidate's own password proves that it is they."""

    password = forms.CharField(
        label="Your own password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Yours, not the assessor's. It proves that it is you who says this.",
        error_messages={"required": "Type your password."},
    )
