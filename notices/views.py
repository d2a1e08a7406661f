"""A person's notices: all of them, one of them, and how they come."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from centres.http import SignedInRequest
from notices.forms import HowForm
from notices.selectors import how_told, notices_of
from notices.services import notice_choice_set, notices_put_away

ON_A_PAGE = 50


@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    """List what the person was told, the newest first."""
    page = Paginator(notices_of(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    form = HowForm(initial={"how": how_told(request.user)})
    return render(request, "notices/notices.html", {"page": page, "form": form, "now": timezone.now()})


@require_safe
def notice(request: SignedInRequest, notice: UUID) -> HttpResponse:
    """Lead from a letter to the page that its notice is about, if that is still open to the person."""
    found = get_object_or_404(notices_of(request.user), uuid=notice)
    if notices_of(request.user).still_open(request.user).filter(pk=found.pk).exists():
        return redirect(found.path)
    messages.info(request, "What it is about is not open to you any more, so it cannot be shown.")
    return redirect("notices:notices")


@require_POST
def put_away(request: SignedInRequest) -> HttpResponse:
    """Note that the person has seen what the page showed them."""
    until = parse_datetime(request.POST.get("until", ""))
    if until is None or timezone.is_naive(until):
        until = timezone.now()
    notices_put_away(person=request.user, until=until)
    return redirect("home")


@require_POST
def choose(request: SignedInRequest) -> HttpResponse:
    """Keep how the person wants to be told."""
    form = HowForm(request.POST)
    if form.is_valid():
        notice_choice_set(person=request.user, how=form.cleaned_data["how"])
        messages.success(request, "Saved. It holds for everything from now on.")
    else:
        messages.error(request, "Choose one of the three ways. Nothing was changed.")
    return redirect("notices:notices")
