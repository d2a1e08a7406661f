"""The pages on which a name and an address are corrected: the coordinator's, one's own, and that of the link."""

from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centres.corrections.forms import OwnCorrectionForm, PersonCorrectionForm
from centres.corrections.models import Correction
from centres.corrections.services import (
    SignInFirst,
    correction_confirm,
    is_only_of,
    is_open,
    own_correction_ask,
    person_correct,
)
from centres.corrections.tasks import confirming_link
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.invitations.mailing import mail_is_sent, to_hand_over
from centres.models import Centre, Membership, User
from centres.views.lookup import coordinated_centre_or_404

WRONG_PASSWORD = "This is not the password you have now."  # noqa: S105
CORRECTED = "Corrected. What was signed keeps what it says."
TOO_MANY = "That was too many tries. Wait a minute."


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: SignedInRequest, centre: UUID, membership: UUID) -> HttpResponse:
    """Correct a person of the centre; of somebody who belongs elsewhere too, ask them to confirm it."""
    at = coordinated_centre_or_404(request, centre)
    held = get_object_or_404(Membership.objects.current().select_related("user"), centre=at, uuid=membership)
    form = PersonCorrectionForm(form_data(request), person=held.user)
    if request.method == "POST" and form.is_valid():
        try:
            is_done = person_correct(centre=at, actor=request.user, person=held.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, CORRECTED if is_done else _asked(at, request.user, held.user))
            return redirect("centres:people", centre=centre)
    context = {"centre": at, "person": held.user, "form": form, "is_only_here": is_only_of(held.user, at)}
    return render(request, "centres/corrections/correct.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest) -> HttpResponse:
    """Let a person ask for their own new name or address; a link confirms it."""
    form = OwnCorrectionForm(form_data(request), person=request.user)
    mails = mail_is_sent()  # a link that is shown to who asks would not prove that the address is theirs
    if request.method == "POST" and mails and form.is_valid():
        said = form.cleaned_data
        if not ratelimit.consume(request, action="reauthenticate", user=request.user):
            form.add_error("password", TOO_MANY)
        elif not request.user.check_password(said["password"]):
            form.add_error("password", WRONG_PASSWORD)
        else:
            try:
                asked = own_correction_ask(person=request.user, name=said["name"], email=said["email"])
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, f"A link was sent to {asked.email}. Open it, and the change is made.")
                return redirect("account")
    return render(request, "centres/corrections/change.html", {"form": form, "mails": mails})


def _asked(centre: Centre, actor: User, person: User) -> str:
    """Say that somebody of another centre as well has to confirm it: they are sent a link, or given one."""
    belongs = f"{person} belongs to another centre as well"
    if mail_is_sent(centre):
        return f"{belongs}, and was sent a link to confirm it."
    wanted = Correction.objects.filter(user=person, centre=centre, asked_by=actor, done_at=None).latest("pk")
    return f"{belongs}. {to_hand_over(confirming_link(wanted), to=person.name, does='confirm it')}"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Show whoever has the link what it confirms, and do it when they say so: a mail server may open links too."""
    found = Correction.objects.select_related("user", "centre").filter(digest=Correction.digest_of(key)).first()
    wanted = found if found and is_open(found) else None
    refused: list[str] = []
    if request.method == "POST":
        try:
            correction_confirm(key, actor=request.user if request.user.is_authenticated else None)
        except SignInFirst as refusal:
            refused = refusal.messages
        except ValidationError as refusal:
            refused, wanted = refusal.messages, None
        else:
            messages.success(request, "Your name and address are changed. What was signed keeps what it says.")
            return redirect("account" if request.user.is_authenticated else "account_login")
    context = {"correction": wanted, "refused": refused}
    return render(request, "centres/corrections/confirm.html", context)
