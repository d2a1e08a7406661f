"""The pages on which a name and an address are corrected: the coordinator's, one's own, and that of the link."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from centres.candidate_numbers.services import number_correct
from centres.corrections.forms import OwnCorrectionForm, PersonCorrectionForm
from centres.corrections.models import Correction
from centres.corrections.services import (
    SIGN_IN_FIRST,
    YOUR_OWN,
    SignInFirst,
    correction_confirm,
    is_let_in_by,
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
from centres.sign_in.password_again import password_again, require_password
from centres.views.lookup import coordinated_centre_or_404

CORRECTED = "Corrected. What was signed keeps what it says."


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: SignedInRequest, centre: UUID, membership: UUID) -> HttpResponse:
    """Correct a person of the centre; of somebody who belongs elsewhere too, ask them to confirm it."""
    at = coordinated_centre_or_404(request, centre)
    held = get_object_or_404(Membership.objects.current().select_related("user"), centre=at, uuid=membership)
    if held.user == request.user:
        messages.info(request, YOUR_OWN)
        return redirect("account_change")
    form = PersonCorrectionForm(form_data(request), person=held.user, centre=at)
    if request.method == "POST" and form.is_valid():
        try:
            is_done = _correct(at, request.user, held.user, form)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, CORRECTED if is_done else _asked(at, request.user, held.user))
            is_new = form.cleaned_data["email"].lower() != held.user.email
            if is_done and is_new and not held.user.has_usable_password():
                messages.warning(request, "A link that went to the old address works no more: send them a new one.")
            return redirect("centres:people", centre=centre)
    context = {"centre": at, "person": held.user, "form": form, "is_only_here": is_only_of(held.user, at)}
    context["is_at_once"] = is_let_in_by(at, held.user)
    return render(request, "centres/corrections/correct.html", context)


@transaction.atomic
def _correct(centre: Centre, actor: User, person: User, form: PersonCorrectionForm) -> bool:
    """Correct all that was changed, or nothing; return whether it is done. Raises ValidationError."""
    said = form.cleaned_data | {"centre": centre, "actor": actor, "person": person}
    number = said.pop("number", "")
    if "number" in form.changed_data:
        number_correct(centre=centre, actor=actor, person=person, number=number, reason=said["reason"])
        if not {"name", "email"} & set(form.changed_data):
            return True
    return person_correct(**said)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: SignedInRequest) -> HttpResponse:
    """Let a person ask for their own new name or address; a link confirms it."""
    form = OwnCorrectionForm(form_data(request), person=request.user)
    mails = mail_is_sent()  # a link that is shown to who asks would not prove that the address is theirs
    if request.method == "POST" and mails and form.is_valid():
        said = form.cleaned_data
        try:
            with password_again(request):
                require_password(request.user, said["password"])
                asked = own_correction_ask(person=request.user, name=said["name"], email=said["email"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            sent = f"A link was sent to {asked.email}. Open it while you are signed in, and confirm the change."
            messages.success(request, "Changed. What was signed keeps what it says." if asked.done_at else sent)
            return redirect("account")
    return render(request, "centres/corrections/change.html", {"form": form, "mails": mails})


def _asked(centre: Centre, actor: User, person: User) -> str:
    """Say that somebody has to confirm it themselves: they are sent a link, or given one."""
    if mail_is_sent(centre):
        return f"{person} was sent a link to confirm it. Until then everything stays as it is."
    wanted = Correction.objects.filter(user=person, centre=centre, asked_by=actor, done_at=None).latest("pk")
    link = to_hand_over(confirming_link(wanted), to=person.name, does="confirm it")
    return f"Until {person} has confirmed it everything stays as it is. {link}"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """Show whoever has the link what it confirms, and do it when its person says so: a mail server may open it too."""
    found = Correction.objects.select_related("user", "centre").filter(digest=Correction.digest_of(key)).first()
    wanted = found if found and is_open(found) else None
    is_theirs = bool(wanted and wanted.user == request.user)
    refused = [SIGN_IN_FIRST] if wanted and not is_theirs else []
    if request.method == "POST":
        try:
            person = request.user if request.user.is_authenticated else None
            correction_confirm(key, actor=person, session_key=request.session.session_key)
        except SignInFirst as refusal:
            refused = refusal.messages
        except ValidationError as refusal:
            refused, wanted = refusal.messages, None
        else:
            messages.success(request, "Your name and address are changed. What was signed keeps what it says.")
            return redirect("account")
    context = {"correction": wanted, "refused": refused, "is_theirs": is_theirs}
    return render(request, "centres/corrections/confirm.html", context)
