"""The forms about certificates of staff."""

from django import forms

from record.form_fields import WordsField


class StaffCertificateForm(forms.Form):
    """The certificate, as a file."""

    file = forms.Field(  # an `IncomingFile`; what it is, the service looks at
        label="File",
        help_text="A PDF or a picture, of 20 MB at most. Several pages or files are added one after the other.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/*"}),
        error_messages={"required": "Choose the file with the certificate."},
    )


class StaffCertificateRemovalForm(forms.Form):
    """Why a file is removed, and the password that proves who removes it."""

    reason = WordsField(
        label="Why is it removed?",
        max_length=500,
        help_text="Stays on record in place of the file, such as: it is somebody else’s.",
        error_messages={"required": "Say why: the reason stays on record in place of the file."},
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text="The one you sign in with. A file that was removed cannot be brought back.",
        error_messages={"required": "Type your password to remove the file."},
    )
