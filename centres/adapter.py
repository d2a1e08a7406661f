"""What our sign-in does differently from django-allauth."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse

from centres.models import Centre, User

logger = logging.getLogger("countersign.mail")


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: a coordinator adds people."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Ask your centre's coordinator.",
        "email_password_mismatch": (
            "This e-mail address and password do not belong together. Check both, or set a new password."
        ),
        "too_many_login_attempts": ("That was too many tries. Wait five minutes and try again, or set a new password."),
        "enter_current_password": "This is not the password you have now.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Return the link on the site's own address, whatever host name this request used."""
        uidb36, _, secret = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": secret})
        return settings.SITE_URL + path

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Send the link for a new password.

        If the mail server does not take it, the log says so to the operator. The page says the same as for an
        address that nobody has; otherwise it would tell strangers who has an account.
        """
        context |= {
            "centres": Centre.objects.visible_to(user).order_by("name"),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
        }
        try:
            super().send_password_reset_mail(user, email, context)
        except OSError as error:  # smtplib's errors are such
            logger.error("A link for a new password could not be sent: %s", type(error).__name__)
