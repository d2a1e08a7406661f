"""Sends e-mails that wait: what a server refuses is given up, and where it does not answer they are tried again."""

import datetime
import logging
from smtplib import SMTPRecipientsRefused, SMTPSenderRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from portfolio.models.tried_mail import PROBLEM_AT_MOST, TriedMail

logger = logging.getLogger("countersign.mail")

GIVEN_UP_AFTER = datetime.timedelta(days=3)  # without an answer of the mail server
PAUSES = tuple(datetime.timedelta(minutes=minutes) for minutes in (2, 10, 30, 60, 120))  # before the next tries


def mail_try(letter: TriedMail, message: EmailMessage) -> None:
    """Send the message of a letter, and note that it went, when it is tried again, or that it is given up."""
    letter.tries += 1
    # The same at each try: where a server took it and was too slow to say so, most mailboxes show it once.
    message.extra_headers["Message-ID"] = f"<{letter.uuid}@{urlsplit(settings.SITE_URL).hostname}>"
    try:
        message.send()
    except SMTPRecipientsRefused as refusal:
        why = f"The mail server refused the address {', '.join(message.to)}."
        mail_not_sent(letter, why, is_final=is_refused_for_good(refusal))
    except SMTPSenderRefused:
        mail_not_sent(letter, "The mail server refused the address of this site, EMAIL_FROM.")
    except OSError as error:  # as smtplib's errors are
        logger.warning("Letter %s could not be sent: %s", letter.uuid, error)
        mail_not_sent(letter, "The mail server did not take it.")
    else:
        letter.sent_at, letter.problem = timezone.now(), ""
        letter.save(update_fields=["tries", "sent_at", "problem"])


def mail_not_sent(letter: TriedMail, problem: str, *, is_final: bool = False) -> None:
    """Note why a letter did not go, and when it is tried again; if it is final, or has been for days, it is not."""
    now = timezone.now()
    letter.problem = problem[:PROBLEM_AT_MOST]
    if is_final or now - letter.made_at >= GIVEN_UP_AFTER:
        letter.given_up_at = now
        logger.error("Letter %s is given up: %s", letter.uuid, problem)
    letter.next_try_at = now + pause_after(letter.tries)
    letter.save(update_fields=["tries", "problem", "given_up_at", "next_try_at"])


def is_refused_for_good(refusal: SMTPRecipientsRefused) -> bool:
    """Whether the server never takes the address. Below 500 servers ask to be tried again, as of unknown senders."""
    return all(code >= 500 for code, _ in refusal.recipients.values())


def pause_after(tries: int) -> datetime.timedelta:
    """How long to wait after so many tries."""
    return PAUSES[max(min(tries, len(PAUSES)), 1) - 1]
