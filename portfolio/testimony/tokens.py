"""The secret in the link of a request. It is worked out again from the key of the site, and never kept."""

import base64
import hashlib

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from portfolio.models import TestimonyRequest


def token_of(request: TestimonyRequest) -> str:
    """Return the secret of the request's link: whoever has it may answer."""
    digest = salted_hmac("countersign.testimony", str(request.uuid), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def digest_of(token: str) -> str:
    """Return the digest by which the request of a secret is found."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_of(request: TestimonyRequest) -> str:
    """Return the whole address of the page on which the witness answers.

    It is "" where the key of the site is no longer the one that made the secret: a link that was sent still works.
    """
    token = token_of(request)
    if digest_of(token) != request.token_digest:
        return ""
    return settings.SITE_URL + reverse("testimony_give", kwargs={"key": token})
