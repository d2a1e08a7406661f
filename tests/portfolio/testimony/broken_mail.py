"""A mail server that takes nothing."""

from django.core.mail.backends.base import BaseEmailBackend


class BrokenMail(BaseEmailBackend):
    """Refuses every message."""

    def send_messages(self, email_messages):
        """Refuse them."""
        raise OSError("no mail server")
