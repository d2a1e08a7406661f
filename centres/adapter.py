"""What our sign-in does differently from django-allauth."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse

from centres.models import User
from centres.sign_in.devices import device_remember, known_device
from centres.sign_in.log import refusal_noted, sign_in_noted
from centres.sign_in.models import SignInWhat
from centres.sign_in.names import account_of
from centres.sign_in.tries import try_counted


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: a coordinator adds people."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account is closed. Ask your centre's coordinator.",
        "email_password_mismatch": (
            "This e-mail address and password do not belong together. Check both, or set a new password. "
            "A candidate number is typed with that of the centre: 90210/0042."
        ),
        "enter_current_password": "This is not the password you have now.",
        "incorrect_password": "This is not your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Return whose e-mail address, or candidate number, and password these are; None if nobody's.

        Raises ValidationError after too many tries, without looking at the password.
        """
        typed = credentials.get("email") or ""
        account = account_of(typed)
        tries = try_counted(account=account, place=ratelimit.get_ip(request), device=known_device(request, account))
        if tries.wait:
            if tries.is_first:
                refusal_noted(request, typed, SignInWhat.TOO_MANY)
            otherwise = "set a new password" if "@" in typed else "ask your coordinator for a new code"
            raise ValidationError(f"That was too many tries. Wait {tries.wait_in_words}, or {otherwise}.")
        user = super().authenticate(request, **credentials)
        if user:
            tries.take_back()
        else:
            refusal_noted(request, typed, SignInWhat.WRONG_PASSWORD)
        return user

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether this is their password; a one-time code is none. Who has no address is found by their number."""
        found = self.authenticate(context.request, email=user.sign_in_name, password=password)
        return found is not None and found.pk == user.pk and user.check_password(password)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """With their password, which everybody has: whose phone was lost can still put another in its place."""
        url = reverse("account_reauthenticate")
        return [{"id": "reauthenticate", "description": "", "url": url}] if user.is_authenticated else []

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether it is too long ago that they gave their password, or a passkey, in this session."""
        given = [one["at"] for one in get_authentication_records(context.request, context.request.user)]
        return time.time() - max(given, default=0) > app_settings.REAUTHENTICATION_TIMEOUT

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say that the account is closed, and keep that it was tried."""
        sign_in_noted(request, user, SignInWhat.CLOSED)
        return super().respond_user_inactive(request, user)

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """Keep that they came in, and let the device know it."""
        response = super().post_login(request, user, **how)
        sign_in_noted(request, user, SignInWhat.SIGNED_IN)
        device_remember(request, response, user)
        return response
