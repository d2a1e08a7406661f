"""Whose page it is: a page that comes back from the browser's memory asks this before it shows anything.

Going back shows a page as the browser remembers it, without a request: after signing out too, and to the next person
at the same machine. Every page knows for whom it was made, by a code that tells nobody else who that is
(`static/js/remembered_page.js`).
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

NOBODY = ""


@never_cache
@login_not_required
@require_safe
def whose(request: HttpRequest) -> JsonResponse:
    """Answer with the code of the person who is signed in now; "" if nobody is."""
    return JsonResponse({"whose": code_of(request)})


def made_for(request: HttpRequest) -> dict[str, str]:
    """Give every page the code of the person for whom it is made."""
    return {"whose": code_of(request)}


def code_of(request: HttpRequest) -> str:
    """Return a code that is always the same for one person, and different for any two."""
    user: Any = getattr(request, "user", None)  # a request may be refused before anyone asks who it is
    if user is None or not user.is_authenticated:
        return NOBODY
    return salted_hmac("countersign.whose", str(user.uuid), algorithm="sha256").hexdigest()[:32]
