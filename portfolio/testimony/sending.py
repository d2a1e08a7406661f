"""Says on the page what becomes of a request that was made or is sent again."""

from django.contrib import messages

from centres.http import SignedInRequest
from portfolio.models import TestimonyRequest


def say_sent(request: SignedInRequest, asked: TestimonyRequest) -> None:
    """Say that the link goes by e-mail, or else that it is to be shared."""
    witness = asked.witness
    by_mail = f"{witness} gets the link at {witness.email} in a moment."
    by_hand = f"Here is the link for {witness}. Share it, or hand over this device."
    messages.success(request, by_mail if asked.letters.exists() else by_hand)
