"""Whether links go by e-mail, and what is said where they do not."""

from django.conf import settings

from centres.models import Centre

KEPT_IN_FILES = "django.core.mail.backends.filebased.EmailBackend"  # where no mail server is set up
UNSENT = "No mail server is set up, so nothing was sent."


def mail_is_sent(centre: Centre | None = None) -> bool:
    """Whether links go by e-mail; without a mail server, and in the demo, they are shown to be handed over.

    Without a centre, whether the site has a mail server.
    """
    return settings.EMAIL_BACKEND != KEPT_IN_FILES and not (centre and centre.is_demo)


def to_hand_over(link: str, *, to: str, does: str) -> str:
    """Say that a link was not sent, whom to give it to, and what they do with it."""
    return f"{UNSENT} Give {to} this link to {does}: {link}"
