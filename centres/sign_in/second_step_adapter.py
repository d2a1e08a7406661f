"""What second steps do differently from django-allauth."""

import io
from base64 import urlsafe_b64encode

import segno
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from centres.models import User
from centres.sign_in.devices import in_words


class SecondStepAdapter(DefaultMFAAdapter):
    """In our words; secrets are kept encrypted, so that whoever has only the database cannot make codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": "Set up an app or a passkey first.",
        "incorrect_code": "This was not right. Try it again.",
    }

    def get_totp_issuer(self) -> str:
        return "Countersign"

    def _get_site_name(self) -> str:
        return "Countersign"

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code, dark on light in either theme: some apps read no other."""
        drawn = io.BytesIO()
        segno.make_qr(url).save(drawn, kind="svg", scale=5, xmldecl=False, dark="#000", light="#fff")
        return drawn.getvalue().decode()

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Name a passkey for the device on which it is made."""
        return in_words(context.request.headers.get("User-Agent", "")) or "Passkey"

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret; one that nobody knows if the key of the site was lost since, so that no code is right."""
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return generate_totp_secret()


def _fernet() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"countersign second step")
    return Fernet(urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
