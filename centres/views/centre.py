"""A coordinator's page about the centre itself: what its pages call people."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from centres.forms import WordsForm
from centres.http import SignedInRequest
from centres.interrupted import form_data
from centres.services.people import centre_words_set
from centres.views.lookup import coordinated_centre_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: SignedInRequest, centre: UUID) -> HttpResponse:
    """Show the words of the centre, and choose others."""
    at = coordinated_centre_or_404(request, centre)
    form = WordsForm(form_data(request), initial={name: getattr(at, name) for name in WordsForm.base_fields})
    if request.method == "POST" and form.is_valid():
        centre_words_set(centre=at, actor=request.user, **form.cleaned_data)
        messages.success(request, "Saved. The pages of the centre say it so from now on.")
        return redirect("centres:centre", centre=centre)
    return render(request, "centres/centre.html", {"centre": at, "form": form})
