"""The forms about units that were achieved before."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portfolio.achieved_before.services import AchievedSaid
from portfolio.evidence.forms import date_field
from portfolio.models import AchievedBefore, Registration
from portfolio.models.evidence_number import evidence_number
from portfolio.registrations.choosing import unit_choice
from record.form_fields import WordsField
from standards.models import UnitRevision

MISSING_NUMBER = "Give the number of the certificate."


class AchievedBeforeForm(forms.Form):
    """Which unit, where and when it was achieved, and what shows it."""

    unit = forms.ChoiceField(label="Unit", error_messages={"required": "Choose the unit."})
    where = forms.ChoiceField(
        label="Where was it achieved?", choices=AchievedBefore.Where.choices, widget=forms.RadioSelect,
        error_messages={"required": "Say where it was achieved."},
    )  # fmt: skip
    day = date_field(
        label="On which day?",
        help_text="The day on the certificate, or of the last signature.",
    )
    shown_by = WordsField(
        label="What shows it?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as: the unit certificate, which I have seen; the signed recording form in folder 12.",
        error_messages={"required": "Say what shows it."},
    )
    certificate_number = WordsField(label="Number of the certificate, if there is one", max_length=60, required=False)
    evidence = forms.ChoiceField(label="Evidence in this portfolio that shows it, if any", required=False)

    def __init__(self, *args: Any, registration: Registration, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._units = {
            str(offered.revision.unit.uuid): offered.revision
            for offered in unit_choice(registration).offered
            if not offered.achieved
        }
        self._pieces = {str(piece.uuid): piece for piece in registration.evidence.kept().order_by("number")}
        units = [("", "Choose one"), *((uuid, str(revision)) for uuid, revision in self._units.items())]
        pieces = [("", "None"), *((uuid, _called(piece.number)) for uuid, piece in self._pieces.items())]
        self.fields["unit"].choices = units  # type: ignore[attr-defined]
        self.fields["evidence"].choices = pieces  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the number of a certificate."""
        said = super().clean() or {}
        if said.get("where") == AchievedBefore.Where.CERTIFICATE and not said.get("certificate_number"):
            self.add_error("certificate_number", ValidationError(MISSING_NUMBER))
        return said

    @property
    def revision(self) -> UnitRevision:
        """The unit that was chosen."""
        return self._units[self.cleaned_data["unit"]]

    @property
    def said(self) -> AchievedSaid:
        """What the service takes."""
        given = {name: value for name, value in self.cleaned_data.items() if name not in {"unit", "evidence"}}
        return AchievedSaid(**given, evidence=self._pieces.get(self.cleaned_data["evidence"]))


class CheckForm(forms.Form):
    """The password that puts a name to what was checked."""

    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="The one you sign in with.",
        error_messages={"required": "Type your password."},
    )


class TakeBackForm(forms.Form):
    """Why something on record is taken back."""

    reason = WordsField(
        label="Why is it taken back?",
        max_length=500,
        help_text="Stays on record.",
        error_messages={"required": "Say why: the reason stays on record."},
    )


def _called(number: int) -> str:
    return f"Evidence {evidence_number(number)}"
