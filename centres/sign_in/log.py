"""What is kept of signing in: that somebody came in, or was refused, when and from where."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils import timezone

from centres.models import User
from centres.sign_in.devices import in_words
from centres.sign_in.models import SignIn, SignInWhat
from centres.sign_in.names import account_named

KEPT_FOR = timedelta(days=180)


def sign_in_noted(request: HttpRequest, user: User | None, what: SignInWhat) -> None:
    """Keep that this happened now, from where the request comes. Without a user, nobody has the address."""
    SignIn.objects.create(
        user=user,
        what=what,
        at=timezone.now(),
        place=get_adapter().get_client_ip(request),
        device=in_words(request.headers.get("User-Agent", "")),
    )


def refusal_noted(request: HttpRequest, typed: str, what: SignInWhat) -> None:
    """Keep that somebody was refused who named this address or number."""
    sign_in_noted(request, account_named(typed), what)


def new_password_noted(*, request: HttpRequest, user: User, **_: object) -> None:
    """Keep that they have a new password; called by django-allauth."""
    sign_in_noted(request, user, SignInWhat.NEW_PASSWORD)


def sweep_sign_ins() -> int:
    """Remove what is older than half a year; return how many."""
    return SignIn.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]
