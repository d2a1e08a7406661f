"""Devices on which a person has signed in before, and what a browser says of itself."""

import re
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from centres.models import User

COOKIE = "known_device"
KNOWN_FOR = 365 * 24 * 3600  # seconds
PEOPLE_AT_MOST = 40  # on a device that a class shares

_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def known_device(request: HttpRequest, email: str) -> str:
    """The id of the device, if the account with this e-mail address has been signed in on it; else empty."""
    device, people = _read(request)
    of = _digest(device, email)
    return device if any(constant_time_compare(of, one) for one in people) else ""


def device_remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the browser know that the person has signed in on this device."""
    device, people = _read(request)
    device = device or secrets.token_urlsafe(12)
    of = _digest(device, user.sign_in_name)
    people = [of, *(one for one in people if one != of)][:PEOPLE_AT_MOST]
    response.set_signed_cookie(
        COOKIE,
        " ".join([device, *people]),
        salt=COOKIE,
        max_age=KNOWN_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def in_words(user_agent: str) -> str:
    """What a browser says of itself, as people know it: "Safari, iPhone"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    words = ", ".join(filter(None, (browser, system)))
    return words or re.sub(r"[^\x20-\x7e]", "", user_agent)[:60].strip()


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        value = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=KNOWN_FOR) or ""
    except signing.BadSignature:
        value = ""
    device, *people = value.split() or [""]
    return device, people


def _digest(device: str, email: str) -> str:
    return salted_hmac(COOKIE, f"{device} {email.strip().lower()}").hexdigest()[:20]
