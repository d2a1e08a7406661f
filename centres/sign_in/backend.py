"""Signing in with a candidate number; addresses are django-allauth's."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from centres.candidate_numbers.services import code_works
from centres.models import User
from centres.sign_in.names import account_named


class CandidateNumberBackend(ModelBackend):
    """Knows people by their number, and by their password or one-time code."""

    def authenticate(  # type: ignore[override]  # as django-allauth's: the name is called `email`
        self, request: HttpRequest | None, **credentials: Any
    ) -> User | None:
        """Return whose number and password, or code, these are. It takes as long for a number that nobody has."""
        typed, password = credentials.get("email") or "", credentials.get("password") or ""
        if not password or "@" in typed:
            return None
        user = account_named(typed)
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) or code_works(user, password) else None
