"""Sends the letter of an invitation after the page has answered, and tries again if the mail server does not take it.

The page says the same, and as fast, whether or not somebody has the address.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from centres.invitations.models import Invitation, InvitationState

logger = logging.getLogger("countersign.mail")

TRIES_AT_MOST = 6


def link_of(invitation: Invitation) -> str:
    """The whole address of the page on which the invitation is answered."""
    return settings.SITE_URL + reverse("invitation_answer", kwargs={"key": invitation.key})


@task(priority=-10)  # an import invites thousands: what somebody waits for goes first
def invitation_letter_send(invitation: int, link_number: int, tried: int = 0) -> None:
    """Send the link, unless it was answered or replaced by a newer one meanwhile."""
    waiting = Invitation.objects.filter(pk=invitation, link_number=link_number, state=InvitationState.WAITING)
    found = waiting.select_related("centre").first()
    if found is None or not found.is_open or found.centre.is_demo:  # nobody gets letters of a demo
        return
    context = {
        "invitation": found,
        "called": found.centre.words,
        "link": link_of(found),
        "until": timezone.localtime(found.until),
    }
    try:
        send_mail(
            subject=render_to_string("centres/email/invited_subject.txt", context).strip(),
            message=render_to_string("centres/email/invited.txt", context),
            from_email=None,
            recipient_list=[found.email],
        )
    except OSError as error:  # smtplib's errors are such
        logger.error("An invitation could not be sent: %s", type(error).__name__)
        if tried < TRIES_AT_MOST:
            later = timezone.now() + timedelta(minutes=2**tried)
            invitation_letter_send.using(run_after=later).enqueue(invitation, link_number, tried + 1)
        return
    found.sent_at = timezone.now()
    found.save(update_fields=["sent_at"])
