"""Looking around in the demo as one of its people, without a password."""

from uuid import UUID

from allauth.account.utils import get_login_redirect_url
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from centres.demo import demo_users
from centres.sign_in.log import sign_in_noted
from centres.sign_in.models import SignInWhat


@login_not_required
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign the visitor in as `person` (a uuid) and go on to `next`.

    404 for anybody who is not in `demo_users`, which is empty unless this is the demo.
    """
    try:
        wanted = UUID(request.POST.get("person", ""))
    except ValueError as error:
        raise Http404 from error
    person = get_object_or_404(demo_users(), uuid=wanted)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    sign_in_noted(request, person, SignInWhat.SIGNED_IN)
    return HttpResponseRedirect(get_login_redirect_url(request))
