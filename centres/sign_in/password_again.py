"""Asking for a password once more, of who signs or removes something: counted and kept as on the page of signing in."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError

from centres.http import SignedInRequest
from centres.models import User
from centres.sign_in.devices import known_device
from centres.sign_in.log import sign_in_noted
from centres.sign_in.models import SignInWhat
from centres.sign_in.tries import try_counted


@contextmanager
def password_again(request: SignedInRequest, person: User | None = None) -> Iterator[None]:
    """Count a try of the password of `person` (or of who is signed in) for what is done within.

    What is done says that the password was wrong by a ValidationError for `password`. Everything else, also another
    refusal, takes the try back: nobody guesses who signs many units. Raises ValidationError for `password` after too
    many tries, and then nothing within is done.
    """
    person = person or request.user
    account = person.sign_in_name
    place = get_adapter().get_client_ip(request)
    tries = try_counted(account=account, place=place, device=known_device(request, account))
    if tries.wait:
        if tries.is_first:
            sign_in_noted(request, person, SignInWhat.TOO_MANY)
        sentence = f"That was a wrong password too often. Wait {tries.wait_in_words}, then try again. Nothing was done."
        raise ValidationError({"password": sentence})
    try:
        yield
    except Exception as refusal:
        if "password" in getattr(refusal, "error_dict", {}):
            sign_in_noted(request, person, SignInWhat.WRONG_PASSWORD)
        else:
            tries.take_back()
        raise
    tries.take_back()


def require_password(person: User, password: str) -> None:
    """Raise ValidationError unless it is theirs. Services that do more ask it in the same words, or their own."""
    if not person.check_password(password):
        raise ValidationError({"password": "That is not your password."})
