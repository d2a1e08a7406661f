"""The forms about how a registration stands, and about unit certificates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portfolio.evidence.forms import date_field
from portfolio.models import Registration, RegistrationState
from portfolio.models.registration_standings import ACTIVE, COMPLETED, MAY_FOLLOW, SUSPENDED, TRANSFERRED, WITHDRAWN
from portfolio.registrations.standing import StandingSaid
from record.form_fields import NOT_OURS, WordsField

WORDS = {
    ACTIVE: "Active again: it is taken up",
    SUSPENDED: "Suspended: nothing falls due, and nobody is reminded",
    WITHDRAWN: "Withdrawn: the {candidate} leaves, and the portfolio is read only",
    TRANSFERRED: "Transferred: the {candidate} goes on at another centre, and the portfolio is read only",
    COMPLETED: "Completed: everything is verified, and the portfolio is read only",
}


class RegistrationStandingForm(forms.Form):
    """How the registration stands from a day on, and why; `seen` is the state that the page showed."""

    seen = forms.ChoiceField(widget=forms.HiddenInput, choices=RegistrationState.choices, error_messages=NOT_OURS)
    state = forms.ChoiceField(
        label="From now on the registration is",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how it stands.",
            "invalid_choice": "That cannot follow now. Choose one of these.",
        },
    )
    day = date_field(label="Since which day?")
    until = date_field(label="Until which day is it suspended?", required=False, help_text="Empty: until you say so.")
    to_centre = WordsField(label="To which centre is it transferred?", max_length=200, required=False)
    reason = WordsField(
        label="Why?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Stays on record. Those who read the record see it, not the other pages.",
        error_messages={"required": "Say why: the reason stays on record."},
    )

    def __init__(
        self, *args: Any, registration: Registration, state: RegistrationState, why_not: str | None, **kwargs: Any
    ) -> None:
        """`why_not` says why it cannot be completed, so that this is not offered."""
        initial = {"seen": state.value, "day": registration.centre.today}
        super().__init__(*args, **kwargs | {"initial": initial})
        called = registration.centre.words
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (one.value, called.say(WORDS[one])) for one in MAY_FOLLOW[state] if one != COMPLETED or not why_not
        ]
        if SUSPENDED not in MAY_FOLLOW[state]:
            del self.fields["until"]
        if TRANSFERRED not in MAY_FOLLOW[state]:
            del self.fields["to_centre"]

    def clean(self) -> dict[str, Any]:
        """Ask for what belongs to a transfer, and refuse what belongs to something else than was chosen."""
        said = super().clean() or {}
        state = said.get("state")
        if state == TRANSFERRED and not said.get("to_centre"):
            self.add_error("to_centre", ValidationError("Say to which centre."))
        for field, of in (("to_centre", TRANSFERRED), ("until", SUSPENDED)):
            if state and state != of and said.get(field):
                self.add_error(field, ValidationError(f"Only what is {of.label} has this. Choose that, or empty it."))
        if said.get("until") and said.get("day") and said["until"] < said["day"]:
            self.add_error("until", ValidationError("The last day is before the first. Put one of them right."))
        return said

    @property
    def said(self) -> StandingSaid:
        """What the service takes."""
        given = self.cleaned_data
        return StandingSaid(
            state=RegistrationState(given["state"]),
            day=given["day"],
            reason=given["reason"],
            until=given.get("until"),
            to_centre=given.get("to_centre", ""),
        )


class CertificateForm(forms.Form):
    """The unit certificate that was claimed."""

    number = WordsField(
        label="Number of the certificate or claim",
        max_length=60,
        error_messages={"required": "Give its number."},
    )
    day = date_field(label="Claimed on")
