"""What a coordinator is told of an invitation, and where its link goes."""

from django.contrib import messages

from centres.http import SignedInRequest
from centres.invitations.mailing import mail_is_sent, to_hand_over
from centres.invitations.models import Invitation
from centres.invitations.tasks import link_of
from centres.sign_in.log import sign_in_noted
from centres.sign_in.models import SignInWhat


def tell_invited(request: SignedInRequest, invitation: Invitation) -> None:
    """Say that somebody is invited: the same whether or not anybody has the address."""
    said = f"{invitation.name} is invited as {invitation.role_word}."
    if mail_is_sent(invitation.centre):
        messages.success(request, f"{said} A link is on its way to {invitation.email}.")
        return
    messages.success(request, f"{said} {to_hand_over(link_of(invitation), to=invitation.name, does='come in')}")
    if invitation.user:
        sign_in_noted(request, invitation.user, SignInWhat.LINK)
