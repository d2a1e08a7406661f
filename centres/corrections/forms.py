"""The forms on which a name and an address are corrected."""

from django import forms
from django.http import QueryDict

from centres.models import User
from record.form_fields import AddressField, WordsField


class NameAndAddressForm(forms.Form):
    """A person's name and address, as they are to be."""

    needs_address = False

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
        super().__init__(data, initial={"name": person.name, "email": person.email})
        if person.candidate_number and not person.email:
            self.fields["email"].required = self.needs_address
            self.fields["email"].help_text = "They sign in with a number. With an address, they can use either."


class PersonCorrectionForm(NameAndAddressForm):
    """Those of a person of the centre, with why they are corrected."""

    reason = WordsField(
        label="Why",
        max_length=300,
        help_text="It stays in the record: “Married name”, “Mistyped when added”.",
        error_messages={"required": "Say why it is corrected."},
    )


class OwnCorrectionForm(NameAndAddressForm):
    """One's own, with the password one has. The link that confirms it needs an address to go to."""

    needs_address = True

    password = forms.CharField(
        label="Your password now",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Type the password you have now."},
    )
