"""The forms for signing in and for passwords, in our words."""

from allauth.account import forms as allauth_forms
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from centres.candidate_numbers.services import code_works
from centres.services.people import password_page
from centres.sign_in.tasks import password_link_send
from record.form_fields import AddressField, WordsField

PASSWORD_HELP = "At least 10 characters. Three or four words in a row are good, and easy to remember."  # noqa: S105


WANTED = {
    "login": "Type the e-mail address or the candidate number you sign in with.",
    "email": "Type the e-mail address you sign in with.",
    "password": "Type your password.",
    "oldpassword": "Type the password you have now.",
    "password1": "Type a new password.",
    "password2": "Type the new password once more.",
}


def _speak_plainly(form: forms.Form, labels: dict[str, str], helps: dict[str, str] | None = None) -> None:
    """Give each field its label, its help and what it says when it is empty; read addresses as everywhere else.

    No field has a placeholder, which would repeat the label and vanish.
    """
    for name in form.fields:
        if isinstance(form.fields[name], forms.EmailField):
            form.fields[name] = AddressField(widget=form.fields[name].widget)
        field = form.fields[name]
        field.widget.attrs.pop("placeholder", None)
        field.error_messages["required"] = WANTED[name]
        field.label = labels[name]
        field.help_text = (helps or {}).get(name, "")


class SignInForm(allauth_forms.LoginForm):
    """E-mail address or candidate number, and password or one-time code."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = WordsField(
            max_length=254, widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"})
        )
        self.order_fields(["login", "password"])
        _speak_plainly(self, {"login": "E-mail address or candidate number", "password": "Password"})

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Let them in; who came with a one-time code is led to choose a password of their own first."""
        if "@" not in self.cleaned_data["login"] and code_works(self.user, self.cleaned_data["password"]):
            return redirect(password_page(self.user))
        return super().login(request, redirect_url=redirect_url)


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    """Where to send the link for a new password."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _speak_plainly(self, {"email": "E-mail address"})

    def clean_email(self) -> str:
        """Ask nobody whose address it is: the answer comes as fast for an address that nobody has."""
        return self.cleaned_data["email"].lower()

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        """Have the link sent, if somebody has the address."""
        email = self.cleaned_data["email"]
        password_link_send.enqueue(email)
        return email


class ChoosePasswordForm(allauth_forms.ResetPasswordKeyForm):
    """A new password, by the link."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _speak_plainly(
            self,
            {"password1": "New password", "password2": "The same again"},
            {"password1": PASSWORD_HELP},
        )


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """The password once more, before a second step is changed."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _speak_plainly(self, {"password": "Your password"})


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """A new password for someone who knows the one they have."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _speak_plainly(
            self,
            {"oldpassword": "Your password now", "password1": "New password", "password2": "The same again"},
            {"password1": PASSWORD_HELP},
        )
