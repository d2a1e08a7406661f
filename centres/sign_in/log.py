"""What is kept of signing in: that somebody came in, or was refused, when and from where."""

from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import Signal
from django.http import HttpRequest
from django.utils import timezone

from centres.models import User
from centres.sign_in.devices import in_words
from centres.sign_in.models import SignIn, SignInWhat
from centres.sign_in.names import account_named

KEPT_FOR = timedelta(days=180)


def sign_in_noted(request: HttpRequest | None, user: User | None, what: SignInWhat) -> None:
    """Keep that this happened now, from where the request comes; without one, the operator did it.

    Without a user, nobody has the address.
    """
    SignIn.objects.create(
        user=user,
        what=what,
        at=timezone.now(),
        place=get_adapter().get_client_ip(request) if request else None,
        device=in_words(request.headers.get("User-Agent", "")) if request else "",
    )


def refusal_noted(request: HttpRequest, typed: str, what: SignInWhat) -> None:
    """Keep that somebody was refused who named this address or number."""
    sign_in_noted(request, account_named(typed), what)


def new_password_noted(*, request: HttpRequest, user: User, **_: object) -> None:
    """Keep that they have a new password; called by django-allauth."""
    sign_in_noted(request, user, SignInWhat.NEW_PASSWORD)


def second_step_noted(
    *, request: HttpRequest, user: User, authenticator: Authenticator, signal: Signal, **_: object
) -> None:
    """Keep that they set up a second step or took one away; called by django-allauth."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:  # they come and go with the others
        is_new = signal is authenticator_added
        sign_in_noted(request, user, SignInWhat.STEP_SET_UP if is_new else SignInWhat.STEP_REMOVED)


def sweep_sign_ins() -> int:
    """Remove what is older than half a year; return how many."""
    return SignIn.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]
