"""The page that answers "what next?", for each role that a person holds."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.home.person import homes_of
from centres.context import shell_of
from centres.http import SignedInRequest


@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Show what waits for the person, by centre and role."""
    sections = homes_of(request.user, shell_of(request).memberships, request.GET.get)
    several = len({section.centre.pk for section in sections}) > 1
    return render(request, "assessments/home/home.html", {"sections": sections, "several_centres": several})
