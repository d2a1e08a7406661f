"""The form in which a coordinator says what the awarding body says of a qualification."""

from typing import Any

from django import forms
from django.http import QueryDict

from portfolio.day_field import day_field
from portfolio.models import QualificationRules
from portfolio.models.qualification_rules import SANCTION_AT_MOST
from portfolio.qualification_rules.services import RulesSaid
from record.form_fields import NOT_OURS, WordsField

DIRECT = {"yes": True, "no": False}


class QualificationRulesForm(forms.Form):
    """Direct claims, last days, and a sanction; `seen` is the number of the rules that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput, error_messages=NOT_OURS)
    direct_claims = forms.ChoiceField(
        label="Does the centre claim certificates directly?",
        choices=[
            ("yes", "Yes, without the awarding body's verifier"),
            ("no", "No, their verifier releases each"),
        ],
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose one of the two."),
    )
    register_by = day_field("Last day for registrations")
    certify_by = day_field("Last day for certificates")
    sanction = WordsField(
        label="Sanction of the awarding body (may stay empty)",
        max_length=SANCTION_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="In the awarding body's words. Who registers, signs off and countersigns is shown it while it holds.",
    )
    sanction_since = day_field("It holds from")
    sanction_until = day_field("It holds until", help_text="Its last day. Empty: until you say otherwise.")

    def __init__(self, data: QueryDict | None, *, stands: QualificationRules | None) -> None:
        initial: dict[str, Any] = {"seen": 0}
        if stands:
            said = {name: getattr(stands, name) for name in RulesSaid.__dataclass_fields__}
            initial = said | {"seen": stands.number, "direct_claims": "yes" if stands.direct_claims else "no"}
        super().__init__(data, initial=initial)

    def clean(self) -> None:
        """Say beside its field what the rules cannot say."""
        if self.errors:
            return
        register, certify, sanction, since, until = (
            self.cleaned_data[name]
            for name in ("register_by", "certify_by", "sanction", "sanction_since", "sanction_until")
        )
        if register and certify and certify < register:
            self.add_error("certify_by", "This is before the last day for registrations. Look at the two dates.")
        if sanction and not since:
            self.add_error("sanction_since", "Say since when it holds.")
        if not sanction and (since or until):
            self.add_error("sanction", "Say what the sanction is, or take its dates out.")
        if since and until and until < since:
            self.add_error("sanction_until", "It would end before it begins. Look at the two dates.")

    @property
    def said(self) -> RulesSaid:
        """What was said. For a valid form."""
        given = {name: self.cleaned_data[name] for name in RulesSaid.__dataclass_fields__}
        return RulesSaid(**given | {"direct_claims": DIRECT[given["direct_claims"]]})
