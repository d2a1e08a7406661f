"""The request that views behind the sign-in get."""

from django.http import HttpRequest

from centres.models import User


class SignedInRequest(HttpRequest):
    """A request of somebody who is signed in; LoginRequiredMiddleware lets no other through."""

    user: User
