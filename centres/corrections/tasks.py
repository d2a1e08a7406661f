"""The letters about corrections, sent after the page has answered and tried again."""

import logging
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from centres.corrections.models import CONFIRMED_WITHIN, Correction

logger = logging.getLogger("countersign.mail")

TRIES_AT_MOST = 6


@task()
def confirming_link_send(correction: int, tried: int = 0) -> None:
    """Send the link that confirms a correction. Its key is made here: only its digest is kept."""
    wanted = Correction.objects.select_related("user", "centre").filter(pk=correction, done_at=None).first()
    if wanted is None:
        return
    key = secrets.token_urlsafe(24)
    wanted.digest = Correction.digest_of(key)
    wanted.save(update_fields=["digest"])
    context = {
        "correction": wanted,
        "link": settings.SITE_URL + reverse("correction_confirm", kwargs={"key": key}),
        "days": CONFIRMED_WITHIN.days,
    }
    if not _sent("confirming", wanted.email, context) and tried < TRIES_AT_MOST:
        confirming_link_send.using(run_after=_later(tried)).enqueue(correction, tried + 1)


@task()
def told_of_correction(address: str, name: str, tried: int = 0) -> None:
    """Tell the old address that the account has another one now."""
    if not _sent("corrected", address, {"name": name}) and tried < TRIES_AT_MOST:
        told_of_correction.using(run_after=_later(tried)).enqueue(address, name, tried + 1)


def _sent(letter: str, address: str, context: dict[str, object]) -> bool:
    try:
        send_mail(
            subject=render_to_string(f"centres/email/{letter}_subject.txt", context).strip(),
            message=render_to_string(f"centres/email/{letter}.txt", context),
            from_email=None,
            recipient_list=[address],
        )
    except OSError as error:  # smtplib's errors are such
        logger.error("A letter about a correction could not be sent: %s", type(error).__name__)
        return False
    return True


def _later(tried: int) -> datetime:
    return timezone.now() + timedelta(minutes=2**tried)
