"""Declaring an interest, and withdrawing it."""

from typing import cast

from django import forms
from django.http import QueryDict

from centres.models import ROLES_WITH_AWARD, Membership, User
from centres.permissions import may_coordinate
from centres.selectors import to_choose_from
from portfolio.models import InterestKind, Registration
from record.form_fields import WordsField

KINDS = {
    InterestKind.FAMILY: "Family: related to the {candidate}, or living with them",
    InterestKind.BUSINESS: "Business: in business with the {candidate}, or paid by them",
    InterestKind.LINE_MANAGEMENT: "Line management: manages the {candidate} at work, or is managed by them",
}


class InterestForm(forms.Form):
    """Who has which interest in a portfolio. Who does not coordinate the centre declares their own."""

    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        to_field_name="uuid",
        label="Who",
        empty_label="Choose…",
        error_messages={
            "required": "Choose who it is.",
            "invalid_choice": "This person is not there to be chosen any more. Choose somebody else.",
        },
    )
    kind = forms.ChoiceField(
        label="What it is",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is.", "invalid_choice": "Choose one of these."},
    )
    words = WordsField(
        label="In a few words",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as: her brother; a partner in the same shop. The {candidate} does not read this.",
        error_messages={"required": "Say in a few words what it is."},
    )

    def __init__(self, data: QueryDict | None, *, registration: Registration, user: User) -> None:
        super().__init__(data)
        centre = registration.centre
        self.user = user
        kind = cast(forms.ChoiceField, self.fields["kind"])
        kind.choices = [(value, centre.words.say(words)) for value, words in KINDS.items()]
        self.fields["words"].help_text = centre.words.say(str(self.fields["words"].help_text))
        if may_coordinate(user, centre):
            held = Membership.objects.current().filter(centre=centre, role__in=ROLES_WITH_AWARD)
            people = User.objects.filter(pk__in=held.values("user")).exclude(pk=registration.candidate_id)
            person = cast(forms.ModelChoiceField, self.fields["person"])
            person.queryset = people.order_by("name", "pk")
            person.choices = [("", person.empty_label), *to_choose_from(person.queryset)]
        else:
            del self.fields["person"]

    @property
    def whose(self) -> User:
        """Of whom it is declared. For a valid form."""
        return cast(User, self.cleaned_data.get("person", self.user))


class AssessingForm(forms.Form):
    """Why somebody goes on assessing although an interest of theirs is declared."""

    reason = WordsField(
        label="Why do they assess all the same?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as: nobody else at the centre holds the award for this unit. It stays in the record.",
        error_messages={"required": "Say why they assess here all the same."},
    )


class InterestWithdrawalForm(forms.Form):
    """Why an interest is withdrawn."""

    why = WordsField(
        label="Why?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Such as: declared for the wrong person; the shop was sold.",
        error_messages={"required": "Say why: it stays in the record."},
    )
