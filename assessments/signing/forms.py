"""The form for signing: a comment, and the password that proves who signs."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.models import REASON_AT_MOST, Stage
from record.form_fields import WordsField


class SignForm(forms.Form):
    """The comment that is printed with a signature, and the password that proves the signer."""

    comment = WordsField(
        label="Notes or comments (may stay empty)",
        max_length=REASON_AT_MOST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="They are printed on the form.",
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="The one you sign in with. It proves that it is you who signs.",
        error_messages={"required": "Type your password to sign."},
    )

    def __init__(self, data: QueryDict | None, *, with_comment: bool) -> None:
        super().__init__(data)
        if not with_comment:
            del self.fields["comment"]


SIGN_WORDS = {
    Stage.SUBMISSION: "Submit this unit",
    Stage.SIGN_OFF: "Sign the unit off",
    Stage.SIGN_OFF_CONFIRMED: "Confirm the sign-off",
    Stage.COUNTERSIGNATURE: "Countersign",
    Stage.COUNTERSIGNATURE_CONFIRMED: "Confirm the countersignature",
}


def add_refusal(form: forms.Form, refusal: ValidationError) -> None:
    """Show why what a form asked for was refused, where the person looks for it."""
    by_field = getattr(refusal, "error_dict", {None: refusal.error_list if hasattr(refusal, "error_list") else []})
    for field, errors in by_field.items():
        form.add_error(field if field in form.fields else None, errors)
