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
from centres.invitations.mailing import mail_is_sent

logger = logging.getLogger("countersign.mail")

TRIES_AT_MOST = 6


def confirming_link(correction: Correction) -> str:
    """Draw the link that confirms a correction, instead of any before: of its key only the digest is kept."""
    key = secrets.token_urlsafe(24)
    correction.digest = Correction.digest_of(key)
    correction.save(update_fields=["digest"])
    return settings.SITE_URL + reverse("correction_confirm", kwargs={"key": key})


@task()
def confirming_link_send(correction: int, tried: int = 0) -> None:
    """Send the link that confirms a correction; where no mail goes, the page has shown it."""
    wanted = Correction.objects.select_related("user", "centre").filter(pk=correction, done_at=None).first()
    if wanted is None or not mail_is_sent(wanted.centre):
        return
    context = {
        "correction": wanted,
        "link": confirming_link(wanted),
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
