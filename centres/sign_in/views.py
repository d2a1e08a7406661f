"""A person's own page about their account, and the coordinator's about who came in."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from centres.corrections.services import correction_withdraw, corrections_open, is_only_of
from centres.http import SignedInRequest
from centres.models import Membership
from centres.sign_in.devices import in_words
from centres.sign_in.log import sign_in_noted
from centres.sign_in.models import SignIn, SignInWhat
from centres.sign_in.second_step import steps_of
from centres.views.lookup import coordinated_centre_or_404

SHOWN = 20  # on the person's own page
ON_A_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedInRequest) -> HttpResponse:
    """Show where the person is signed in and when they came in of late; sign them out elsewhere.

    `end` is the number of one of their sessions, or "others" for all but this one; `withdraw` is a change of their name
    or address that waits to be confirmed.
    """
    if request.method == "POST" and "withdraw" in request.POST:
        asked = [one for one in corrections_open(request.user) if str(one.uuid) == request.POST["withdraw"]]
        is_done = any(correction_withdraw(correction=one, actor=request.user) for one in asked)
        messages.success(request, "Withdrawn. Its link works no more." if is_done else "It did not wait any more.")
        return redirect("account")
    if not UserSession.objects.filter(session_key=request.session.session_key).exists():
        UserSession.objects.create_from_request(request)  # it began before sessions were listed
    sessions = UserSession.objects.purge_and_list(request.user)
    sessions.sort(key=lambda one: (not one.is_current(), -one.created_at.timestamp()))
    if request.method == "POST":
        wanted = request.POST.get("end", "")
        ended = [one for one in sessions if not one.is_current() and wanted in {"others", str(one.pk)}]
        for one in ended:
            one.end()
            sign_in_noted(request, request.user, SignInWhat.ENDED)
        messages.success(request, "Signed out there." if ended else "That was signed out already.")
        return redirect("account")
    context = {
        "sessions": [(one, in_words(one.user_agent)) for one in sessions],
        "corrections": corrections_open(request.user),
        "steps": steps_of(request.user),
        "sign_ins": SignIn.objects.filter(user=request.user)[:SHOWN],
    }
    return render(request, "centres/sign_in/account.html", context)


@require_safe
def sign_ins(request: SignedInRequest, centre: UUID, membership: UUID) -> HttpResponse:
    """Show the coordinator when a person of the centre came in, or was refused; `?before=` is where a page ends."""
    at = coordinated_centre_or_404(request, centre)
    held = get_object_or_404(Membership.objects.current().select_related("user"), centre=at, uuid=membership)
    is_elsewhere = not is_only_of(held.user, at)
    found = SignIn.objects.none() if is_elsewhere else SignIn.objects.filter(user=held.user)
    if before := request.GET.get("before", ""):
        try:
            found = found.filter(pk__lt=int(before))
        except ValueError as error:
            raise Http404 from error
    shown = list(found.order_by("-pk")[: ON_A_PAGE + 1])
    following = shown[ON_A_PAGE - 1].pk if len(shown) > ON_A_PAGE else None
    context = {
        "centre": at,
        "person": held.user,
        "is_elsewhere": is_elsewhere,
        "sign_ins": shown[:ON_A_PAGE],
        "following": following,
    }
    return render(request, "centres/sign_in/sign_ins.html", context)
