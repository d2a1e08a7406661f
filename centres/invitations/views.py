"""The pages of an invitation: the coordinator's, and the one to which its link leads."""

from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.invitations.forms import FirstPasswordForm
from centres.invitations.mailing import mail_is_sent
from centres.invitations.models import Invitation
from centres.invitations.services import (
    chooses_password,
    invitation_accept,
    invitation_accept_new,
    invitation_decline,
    invitation_for,
    invitation_of,
    invitation_renew,
    invitation_withdraw,
    is_for,
)
from centres.invitations.tasks import link_of
from centres.invitations.telling import tell_invited
from centres.models import Membership
from centres.sign_in.log import new_password_noted
from centres.views.lookup import coordinated_centre_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: SignedInRequest, centre: UUID, invitation: UUID) -> HttpResponse:
    """Show an invitation of the centre; send a new link (`do` is "again") or withdraw it ("withdraw")."""
    at = coordinated_centre_or_404(request, centre)
    found = get_object_or_404(Invitation.objects.select_related("centre", "user"), centre=at, uuid=invitation)
    form_data(request)  # says that nothing was done, when their session had ended
    if request.method == "POST":
        try:
            if request.POST.get("do") == "withdraw":
                invitation_withdraw(invitation=found, actor=request.user)
                messages.success(request, f"The invitation of {found.name} is withdrawn. Its link works no more.")
                return redirect("centres:people", centre=centre)
            tell_invited(request, invitation_renew(invitation=found, actor=request.user))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return redirect("centres:invitation", centre=centre, invitation=invitation)
    mails = mail_is_sent(at)
    shows_link = found.is_open and not mails
    context = {"centre": at, "invitation": found, "link": link_of(found) if shows_link else "", "mails": mails}
    return render(request, "centres/invitations/invitation.html", context)


@require_POST
def invite(request: SignedInRequest, centre: UUID, membership: UUID) -> HttpResponse:
    """Send a new link to who has a role here and has never come in."""
    at = coordinated_centre_or_404(request, centre)
    visible = Membership.objects.current().visible_to(request.user).select_related("user", "centre")
    held = get_object_or_404(visible, centre=at, uuid=membership)
    try:
        tell_invited(request, invitation_for(membership=held, actor=request.user))
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("centres:people", centre=centre)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Ask whoever has the link: accept, or decline (`do` is "decline"). A mail server may open links, so POST answers.

    Until they sign in, it says nothing of whoever has the address but what the coordinator typed.
    """
    found = invitation_of(key)
    person = request.user if request.user.is_authenticated else None
    form = FirstPasswordForm(request.POST if request.method == "POST" and "password1" in request.POST else None)
    refused: list[str] = []
    if request.method == "POST" and found:
        if not ratelimit.consume(request, action="reset_password_from_key"):
            return render(request, "429.html", status=429)
        try:
            if request.POST.get("do") == "decline":
                at = invitation_decline(key=key, actor=person)
                return render(request, "centres/invitations/declined.html", {"centre": at})
            if person:
                at = invitation_accept(key=key, actor=person)
                messages.success(request, f"You are in {at} now.")
                return redirect("home")
            if form.is_valid():
                person = invitation_accept_new(key=key, password=form.cleaned_data["password1"])
                new_password_noted(request=request, user=person)
                messages.success(request, f"You are in {found.centre} now.")
                record_authentication(request, person, method="password")
                return perform_login(request, person)
        except ValidationError as refusal:
            refused, found = refusal.messages, invitation_of(key)
    context = {
        "invitation": found,
        "form": form,
        "refused": refused,
        "chooses_password": found and chooses_password(found),
        "is_theirs": bool(found and person and is_for(found, person)),
        "back": request.path,
    }
    return render(request, "centres/invitations/answer.html", context)
