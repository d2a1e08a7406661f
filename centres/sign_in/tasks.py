"""Letters about signing in, sent after the page has answered, which says the same for an address that nobody has."""

import logging
from datetime import datetime, timedelta

from allauth.account import app_settings as account_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from centres.models import Centre, User

logger = logging.getLogger("countersign.mail")

TRIES_AT_MOST = 6


@task()
def told_of_second_step(person: int, tried: int = 0) -> None:
    """Tell somebody that their second step was taken away by another."""
    user = User.objects.filter(pk=person).first()
    if user and not _sent("second_step_reset", user, {"user": user}) and tried < TRIES_AT_MOST:
        told_of_second_step.using(run_after=_later(tried)).enqueue(person, tried + 1)


@task()
def password_link_send(email: str, tried: int = 0) -> None:
    """Send a link for a new password to this address, if somebody has it; if it cannot be sent, try again later."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        return
    key = account_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    context = {
        "user": user,
        "password_reset_url": settings.SITE_URL + path,  # whatever host name the request used
        "centres": Centre.objects.visible_to(user).order_by("name"),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
    }
    if not _sent("password_link", user, context) and tried < TRIES_AT_MOST:
        password_link_send.using(run_after=_later(tried)).enqueue(email, tried + 1)


def _sent(letter: str, user: User, context: dict[str, object]) -> bool:
    try:
        send_mail(
            subject=render_to_string(f"centres/email/{letter}_subject.txt", context).strip(),
            message=render_to_string(f"centres/email/{letter}.txt", context),
            from_email=None,
            recipient_list=[user.email],
        )
    except OSError as error:  # smtplib's errors are such
        logger.error("A letter about signing in could not be sent: %s", type(error).__name__)
        return False
    return True


def _later(tried: int) -> datetime:
    return timezone.now() + timedelta(minutes=2**tried)
