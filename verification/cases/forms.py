"""What is raised, and what is said of it afterwards."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.http import QueryDict

from assessments.models import REASON_AT_MOST, Judgement
from assessments.observations.forms import day_field
from centres.models import Centre, User
from portfolio.models import CandidateUnit, Registration
from record.form_fields import DATE_FORMATS, NOT_OURS, DayField, WordsField
from verification.cases.selectors import judgements_to_name
from verification.cases.services import FUTURE, CaseSaid, StepSaid
from verification.models import CaseKind, CaseOutcome, CaseStepKind
from verification.models.cases import NAME_AT_MOST, WITH_OUTCOME, WITHOUT_WORDS

CHOOSE = {"invalid_choice": "Choose one of these."}
NOT_NOW = "This cannot be done now: somebody took another step meanwhile. Read it above; what you wrote is kept."
# What each step is called by who takes it.
DO = {
    CaseStepKind.GIVEN: "Give it to somebody else to handle",
    CaseStepKind.RECONSIDERED: "I have reconsidered",
    CaseStepKind.TO_VERIFIER: "Take it to an {internal_verifier} who had no part in the decision",
    CaseStepKind.REVIEWED: "I have looked at it, and answer",
    CaseStepKind.TO_PANEL: "Take it to the appeals panel or the awarding body",
    CaseStepKind.DECIDED: "The panel or the awarding body has decided",
    CaseStepKind.ACKNOWLEDGED: "Acknowledge it",
    CaseStepKind.LOOKED_INTO: "It was looked into",
    CaseStepKind.ANSWERED: "Answer it",
    CaseStepKind.REPORTED: "It was reported to the awarding body",
    CaseStepKind.CONCLUDED: "Conclude it with an outcome",
    CaseStepKind.SETTLED: "It is settled by this answer",
    CaseStepKind.WITHDRAWN: "Withdraw it",
}


class RaiseForm(forms.Form):
    """Raises an appeal, a complaint, or what may be malpractice."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, error_messages=NOT_OURS)
    judgement = forms.ChoiceField(label="Which judgement it is about", required=False, error_messages=CHOOSE)
    about = forms.ChoiceField(label="Whom it is about (may stay empty)", required=False, error_messages=CHOOSE)
    words = WordsField(
        label="What happened, and what you would like to be done",
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say what happened, in your own words."},
    )
    on_behalf = WordsField(
        label="Who raised it, where you write it down for somebody else (may stay empty)",
        required=False,
        max_length=NAME_AT_MOST,
    )
    received_on = day_field("When it was received")

    def __init__(
        self,
        data: QueryDict | None,
        *,
        kind: CaseKind,
        centre: Centre,
        registration: Registration | None,
        unit: CandidateUnit | None,
        people: Sequence[User],
        is_own: bool,
    ) -> None:
        """`people` may be named as those it is about; `is_own`: a candidate raises it themselves, today."""
        initial: dict[str, Any] = {"received_on": centre.today}
        if registration and not is_own and kind != CaseKind.MALPRACTICE:
            initial["on_behalf"] = registration.candidate.name
        super().__init__(data, initial=initial)
        self._kind, self._centre, self._registration, self._unit = kind, centre, registration, unit
        self._people = {str(person.uuid): person for person in people}
        if kind == CaseKind.APPEAL and unit:
            choices = [("", "What was decided in the unit as a whole"), *judgements_to_name(unit)]
            self.fields["judgement"].choices = choices  # type: ignore[attr-defined]
            del self.fields["about"]
        else:
            del self.fields["judgement"]
            self.fields["about"].choices = [  # type: ignore[attr-defined]
                ("", "Nobody in particular"),
                *((value, str(person)) for value, person in self._people.items()),
            ]
        if is_own:
            del self.fields["on_behalf"], self.fields["received_on"]
        elif kind == CaseKind.MALPRACTICE:
            self.fields["words"].label = "What is suspected, and what it rests on"
            self.fields["on_behalf"].label = "Who told of it (may stay empty)"

    def clean(self) -> None:
        """Refuse a day that has not come."""
        day = self.cleaned_data.get("received_on")
        if day and day > self._centre.today:
            self.add_error("received_on", FUTURE)

    @property
    def said(self) -> CaseSaid:
        """What is raised. For a valid form."""
        said = self.cleaned_data
        judgement = said.get("judgement")
        return CaseSaid(
            kind=self._kind,
            words=said["words"],
            received_on=said.get("received_on") or self._centre.today,
            registration=self._registration,
            unit=self._unit,
            judgement=Judgement.objects.get(uuid=judgement) if judgement else None,
            about=self._people.get(said.get("about", "")),
            on_behalf=said.get("on_behalf", ""),
        )


class CaseStepForm(forms.Form):
    """Takes a step in a case; `seen` is how many steps the page showed."""

    do = forms.ChoiceField(
        label="What is done",
        widget=forms.RadioSelect,
        error_messages={"required": "Say what is done.", "invalid_choice": NOT_NOW},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    outcome = forms.ChoiceField(
        label="What came of it",
        required=False,
        choices=[("", "Choose"), *CaseOutcome.choices],
        error_messages=CHOOSE,
    )
    words = WordsField(
        label="In words",
        required=False,
        max_length=REASON_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    to = forms.ChoiceField(label="Who handles it next", required=False, error_messages=CHOOSE)
    due = DayField(
        label="The next step by (may stay empty: in two weeks)",
        required=False,
        input_formats=DATE_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": "Give a date, such as 22/11/2026."},
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        kinds: Sequence[CaseStepKind],
        people: Collection[User],
        centre: Centre,
        seen: int,
        is_staff: bool,
        handler: User | None,
    ) -> None:
        """`kinds` are the steps that the person may take now; `people` could handle it after one of them."""
        first = kinds[0] if len(kinds) == 1 else None
        kept = str(handler.uuid) if handler in people and handler else ""
        super().__init__(data, initial={"seen": seen, "do": first, "to": kept})
        self._people = {str(person.uuid): person for person in people}
        offered = [(kind.value, centre.words.say(DO[kind])) for kind in kinds]
        self.fields["do"].choices = offered  # type: ignore[attr-defined]
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", "Nobody yet"),
            *((value, str(person)) for value, person in self._people.items()),
        ]
        if set(kinds) <= set(WITHOUT_WORDS):
            self.fields["words"].label = "In words (may stay empty)"
        if not set(kinds) & WITH_OUTCOME:
            del self.fields["outcome"]
        if not people or not is_staff:
            del self.fields["to"], self.fields["due"]

    @property
    def said(self) -> StepSaid:
        """What is said. For a valid form."""
        said = self.cleaned_data
        kind = CaseStepKind(said["do"])
        outcome = said.get("outcome")
        return StepSaid(
            kind=kind,
            words=said["words"],
            outcome=CaseOutcome(outcome) if outcome and kind in WITH_OUTCOME else None,
            to=self._people.get(said.get("to", "")),
            due=said.get("due"),
        )
