"""The form on which a person who was invited chooses a password."""

from typing import Any

from django import forms

from centres.account_forms import PASSWORD_HELP, WANTED


class FirstPasswordForm(forms.Form):
    """A password of one's own, typed twice."""

    password1 = forms.CharField(
        label="New password",
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": WANTED["password1"]},
    )
    password2 = forms.CharField(
        label="The same again",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": WANTED["password2"]},
    )

    def clean(self) -> dict[str, Any]:
        """Both must be the same."""
        said = super().clean() or {}
        if said.get("password1") and said.get("password2") and said["password1"] != said["password2"]:
            self.add_error("password2", "You must type the same password each time.")
        return said
