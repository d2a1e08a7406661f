"""Sends links for new passwords after the page has answered, which says the same for an address that nobody has."""

import logging
from datetime import timedelta

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
    try:
        send_mail(
            subject=render_to_string("centres/email/password_link_subject.txt", context).strip(),
            message=render_to_string("centres/email/password_link.txt", context),
            from_email=None,
            recipient_list=[user.email],
        )
    except OSError as error:  # smtplib's errors are such
        logger.error("A link for a new password could not be sent: %s", type(error).__name__)
        if tried < TRIES_AT_MOST:
            later = timezone.now() + timedelta(minutes=2**tried)
            password_link_send.using(run_after=later).enqueue(email, tried + 1)
