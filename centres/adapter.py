"""How sign-in differs from what django-allauth does by itself."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: a coordinator adds people."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
