"""Whether links go by e-mail."""

from django.conf import settings

from centres.models import Centre

KEPT_IN_FILES = "django.core.mail.backends.filebased.EmailBackend"  # where no mail server is set up


def mail_is_sent(centre: Centre) -> bool:
    """Whether links go by e-mail; without a mail server, and in the demo, they are shown to be handed over."""
    return settings.EMAIL_BACKEND != KEPT_IN_FILES and not centre.is_demo
