"""The coordinator's pages about the people of the centre."""

import logging
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.forms import PersonForm
from centres.guardians.services import consent_is_wanting
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.invitations.mailing import UNSENT, mail_is_sent
from centres.invitations.models import Invitation
from centres.invitations.services import invitations_shown
from centres.invitations.telling import tell_invited
from centres.lists.page import listed
from centres.models import ROLES_WITH_AWARD, Centre, Membership, Role, User
from centres.people_list import PeopleFilter, PeopleTable
from centres.selectors import is_last_coordinator, people_of, with_roles
from centres.services.joining import person_join
from centres.services.people import invitation_send, role_end
from centres.views.lookup import coordinated_centre_or_404

logger = logging.getLogger(__name__)


@require_safe
def people(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """List who is in the centre, and in which roles; on a page, or as a file."""
    at = coordinated_centre_or_404(request, centre)
    filters = PeopleFilter(request.GET, queryset=people_of(at), centre=at)
    found = listed(
        request, filters, PeopleTable, rows=partial(with_roles, at), file_name=f"{at.name} people {at.today}"
    )
    if isinstance(found, HttpResponse):
        return found
    return render(request, "centres/people.html", {"centre": at, "listed": found, "invitations": invitations_shown(at)})


@require_safe
def person(request: SignedInRequest, centre: UUID, person: UUID) -> HttpResponse:
    """Show a person of the centre, and what a coordinator can do about them."""
    at = coordinated_centre_or_404(request, centre)
    [found] = with_roles(at, [get_object_or_404(people_of(at), uuid=person)])
    return render(request, "centres/person.html", {"centre": at, "record": found})


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Add a person, or give one a further role, and send them the link with which they come in."""
    at = coordinated_centre_or_404(request, centre)
    form = PersonForm(form_data(request), centre=at)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = person_join(centre=at, actor=request.user, **said | {"role": Role(said["role"])})
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            if said["eighteen_on"]:
                messages.warning(request, _consent_to_come(at, made))
            if said["number"]:
                messages.success(request, f"{made.user} is added. Now print the code with which they come in.")
                return redirect("centres:codes", centre=centre)
            if isinstance(made, Invitation):
                tell_invited(request, made)
                return _onward(request, at, made.user, Role(made.role))
            _tell_added(request, made)
            if made.user.name != said["name"]:  # otherwise nobody would notice a mistyped address
                known = f"{made.user.email} belongs to {made.user}, who stays so named."
                messages.warning(request, f"{known} If you meant somebody else, end this role and add them anew.")
            return _onward(request, at, made.user, Role(made.role))
    return render(request, "centres/person_add.html", {"centre": at, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: SignedInRequest, centre: UUID, membership: UUID) -> HttpResponse:
    """Ask whether to end a role, and end it."""
    held = _membership(request, centre, membership)
    form_data(request)  # says that nothing was done, when their session had ended
    refused = []
    if request.method == "POST":
        try:
            role_end(membership=held, actor=request.user)
        except ValidationError as refusal:
            refused = refusal.messages
        else:
            role = held.role_word
            messages.success(request, f"{held.user} is no {role} here any more.")
            still_in = Centre.objects.visible_to(request.user).filter(uuid=centre).exists()
            return redirect("centres:people", centre=centre) if still_in else redirect("home")
    context = {"membership": held, "refused": refused, "is_last": is_last_coordinator(held)}
    return render(request, "centres/role_end.html", context)


def _membership(request: SignedInRequest, centre: UUID, membership: UUID) -> Membership:
    at = coordinated_centre_or_404(request, centre)
    visible = Membership.objects.current().visible_to(request.user).select_related("user", "centre")
    return get_object_or_404(visible, centre=at, uuid=membership)


def _onward(request: SignedInRequest, centre: Centre, person: User | None, role: Role) -> HttpResponse:
    """Lead to the awards of who is staff now; else back to the list. Nobody has a page who is only asked yet."""
    if person is None or role not in ROLES_WITH_AWARD:
        return redirect("centres:people", centre=centre.uuid)
    messages.info(request, "Now put their award on record: until then somebody confirms what they sign.")
    return redirect("centres:staff_person", centre=centre.uuid, person=person.uuid)


def _consent_to_come(centre: Centre, made: Invitation | Membership) -> str:
    """What is to be done about who is under 18: the day was kept unless they are only asked yet."""
    if made.user is None:
        first = "They are asked first, so the day is not kept yet. Once they have accepted, record it"
    elif consent_is_wanting(made.user, centre):
        first = "They are under 18. Now record a guardian's consent"
    else:
        first = "They are under 18, and a guardian has consented. See it"
    return f"{first} under People, their name, Age."


def _tell_added(request: SignedInRequest, membership: Membership) -> None:
    """Say, and write, that somebody who is in the centre has a further role."""
    person = membership.user
    given = f"{person} is {membership.role_word} here now"
    if not mail_is_sent(membership.centre):
        messages.success(request, f"{given}. {UNSENT} They have an account: tell them yourself.")
        return
    try:
        invitation_send(membership=membership)
    except OSError:
        logger.exception("An invitation could not be sent")
        messages.warning(request, f"{person} has the role, but the e-mail that says so could not be sent just now.")
    else:
        messages.success(request, f"{given}, and is told so at {person.email}.")
