"""Sends a request to its witness, and says on the page what became of it."""

import logging

from django.contrib import messages

from centres.http import SignedInRequest
from portfolio.models import TestimonyRequest
from portfolio.testimony.services import request_send

logger = logging.getLogger(__name__)


def send_and_say(request: SignedInRequest, asked: TestimonyRequest) -> None:
    """Send the link where there is an address, and say what became of it."""
    witness = asked.witness
    try:
        is_sent = request_send(request=asked)
    except OSError:
        logger.exception("A request to a witness could not be sent")
        messages.warning(
            request, "The request is saved, but the e-mail could not be sent just now. Share the link below yourself."
        )
    else:
        by_mail = f"{witness} was sent the link to {witness.email}."
        by_hand = f"Here is the link for {witness}. Share it, or hand over this device."
        messages.success(request, by_mail if is_sent else by_hand)
