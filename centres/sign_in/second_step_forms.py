"""The forms of the second step, in our words; what they are sent is counted and, where it is wrong, kept."""

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError

from centres.sign_in.devices import known_device
from centres.sign_in.log import sign_in_noted
from centres.sign_in.models import SignInWhat
from centres.sign_in.tries import code_take, code_try_counted
from record.form_fields import NOT_OURS, WordsField

NO_PASSKEY = {"required": "No passkey came with this. Press the button, and follow your browser."} | {
    "invalid": NOT_OURS["invalid"]
}


def _speak_plainly(field: forms.Field, label: str) -> None:
    field.label = label
    field.error_messages["required"] = "Type the code."
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class CodeForm(base_forms.AuthenticateForm):
    """A code from the app, or one of the recovery codes, to come in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak_plainly(self.fields["code"], "Code from your app, or a recovery code")
        self.fields["code"].widget.attrs["autofocus"] = True

    def clean_code(self) -> str:
        """Count the try, before the code is looked at. Each code is taken once."""
        request, account = context.request, self.user.sign_in_name
        tries = code_try_counted(account=account, device=known_device(request, account))
        if tries.wait:
            if tries.is_first:
                sign_in_noted(request, self.user, SignInWhat.TOO_MANY)
            raise ValidationError(f"That was too many tries. Wait {tries.wait_in_words}, and try again.")
        try:
            code = super().clean_code()
            digits = "".join(filter(str.isalnum, code))  # people type spaces in between
            if not code_take(authenticator=self.authenticator.pk, code=digits):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError:
            sign_in_noted(request, self.user, SignInWhat.WRONG_STEP)
            raise
        tries.take_back()
        return code


class AppForm(totp_forms.ActivateTOTPForm):
    """The first code of an app that is set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _speak_plainly(self.fields["code"], "The six digits that the app shows now")


class CredentialField(forms.JSONField):
    """What the browser says of a passkey, as JSON. Whatever no browser sends is refused, and not shown again."""

    def to_python(self, value: Any) -> Any:
        """Return it. Raises ValidationError too for numbers and depths that no reader takes."""
        try:
            return super().to_python(value)
        except (ValueError, RecursionError) as error:
            raise ValidationError(self.error_messages["invalid"]) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        """Return what stands in the field when the page is drawn once more."""
        try:
            return super().bound_data(data, initial)
        except (ValueError, RecursionError):
            return None


class PasskeyForm(webauthn_forms._BaseAddWebAuthnForm):
    """A passkey that the browser has made, and what the person calls it."""

    name = WordsField(
        required=False,
        max_length=100,
        label="What you call it",
        help_text="So that you know it again: “My phone”.",
    )
    credential = CredentialField(widget=forms.HiddenInput, error_messages=NO_PASSKEY)

    def clean(self) -> dict[str, Any]:
        """Refuse, in a sentence, whatever no browser sends."""
        with _refused_in_a_sentence(self.cleaned_data.get("credential")):
            return super().clean()


class PasskeyStepForm(webauthn_forms.AuthenticateWebAuthnForm):
    """A passkey as the second step."""

    credential = CredentialField(widget=forms.HiddenInput, error_messages=NO_PASSKEY)

    def clean_credential(self) -> Authenticator:
        """Return whose passkey it is; keep that it was refused."""
        try:
            with _refused_in_a_sentence(self.cleaned_data["credential"]):
                return super().clean_credential()
        except ValidationError:
            sign_in_noted(context.request, self.user, SignInWhat.WRONG_STEP)
            raise


class PasskeySignInForm(webauthn_forms.LoginWebAuthnForm):
    """A passkey in place of e-mail address and password."""

    credential = CredentialField(widget=forms.HiddenInput, error_messages=NO_PASSKEY)

    def clean_credential(self) -> Authenticator:
        """Return whose passkey it is."""
        with _refused_in_a_sentence(self.cleaned_data["credential"]):
            return super().clean_credential()


@contextmanager
def _refused_in_a_sentence(credential: Any) -> Iterator[None]:
    """What is sent may be anything, and is read in many steps, each of which fails in its own way."""
    try:
        if "\\u0000" in json.dumps(credential):  # which no database keeps
            raise ValueError
        yield
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError, AssertionError, struct.error) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class ResetForm(forms.Form):
    """Why somebody's second step is taken away."""

    reason = WordsField(
        label="Why",
        max_length=300,
        help_text="It stays in the record: “Lost her phone; known to me, asked in person”.",
        error_messages={"required": "Say why it is taken away."},
    )
