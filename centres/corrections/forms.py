"""The forms on which a name and an address are corrected."""

from django import forms
from django.http import QueryDict

from centres.models import Centre, User
from record.form_fields import AddressField, WordsField


class NameAndAddressForm(forms.Form):
    """A person's name and address, as they are to be."""

    name = WordsField(max_length=200, error_messages={"required": "Type a name."})
    email = AddressField(
        label="E-mail address",
        max_length=254,
        error_messages={
            "required": "Type an e-mail address.",
            "invalid": "Give an e-mail address, such as ann@example.org.",
        },
    )

    def __init__(self, data: QueryDict | None, *, person: User) -> None:
        said = {"name": person.name, "email": person.email, "number": person.candidate_number}
        super().__init__(data, initial=said)
        if person.candidate_number and not person.email:
            self.fields["email"].required = False
            self.fields["email"].help_text = "They sign in with a number. With an address, they can use either."


class PersonCorrectionForm(NameAndAddressForm):
    """Those of a person of the centre, and the number that it gave them, with why they are corrected."""

    reason = WordsField(
        label="Why",
        max_length=300,
        help_text="It stays in the record: “Married name”, “Mistyped when added”.",
        error_messages={"required": "Say why it is corrected."},
    )

    def __init__(self, data: QueryDict | None, *, person: User, centre: Centre) -> None:
        super().__init__(data, person=person)
        if person.number_centre_id == centre.pk:
            self.fields["number"] = WordsField(
                label=centre.words.say("{Candidate} number"),
                max_length=40,
                help_text="They sign in with it. What was printed with the old one works no more.",
                error_messages={"required": "Type the number with which they sign in."},
            )
            self.order_fields(["name", "email", "number", "reason"])


class OwnCorrectionForm(NameAndAddressForm):
    """One's own, with the password one has."""

    password = forms.CharField(
        label="Your password now",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Type the password you have now."},
    )
