"""All components of the pages together, for those who develop."""

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms.boundfield import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.pictures import Happened
from assessments.progress import Progress
from portfolio.models import State


class SampleForm(forms.Form):
    """One field of each sort. None of them has the focus: the page is to open at its top."""

    bound_field_class = BoundField

    words = forms.CharField(label="A few words", help_text="What it is, and what you did.")
    more = forms.CharField(
        label="More words (may stay empty)", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    one = forms.ChoiceField(label="One of several", choices=[("", "Choose…"), ("a", "The first"), ("b", "The second")])
    some = forms.MultipleChoiceField(
        label="Some of several",
        choices=[("a", "The first"), ("b", "The second")],
        widget=forms.CheckboxSelectMultiple,
    )
    day = forms.DateField(label="A day", widget=forms.DateInput(attrs={"type": "date"}))


@login_not_required
@require_safe
def design(request: HttpRequest) -> HttpResponse:
    """Show all components together; where nobody develops there is no such page."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "design.html", _samples())


def _samples() -> dict[str, Any]:
    began = datetime.datetime(2026, 9, 1, 9, tzinfo=datetime.UTC)
    happened = [
        ("began", "Began", 0),
        ("submitted", "Submitted", 30),
        ("back", "Returned to the candidate", 34),
        ("submitted", "Submitted", 52),
        ("signed_off", "Signed off", 60),
        ("countersigned", "Countersigned", 75),
    ]
    return {
        "bars": [
            ("A unit in work", Progress(total=30, met=8, waiting=6, returned=1)),
            ("A portfolio", Progress(total=214, met=120, waiting=3, returned=12)),
            ("Just begun", Progress(total=30)),
            ("Done", Progress(total=30, met=30)),
        ],
        "happened": [
            Happened(kind=kind, words=words, at=began + datetime.timedelta(days=days)) for kind, words, days in happened
        ],
        "states": list(State),
        "outcomes": ["empty", "claimed", "met", "partly", "not_yet"],
        "colours": ["accent", "good", "wait", "part", "bad", "surface", "page", "line", "line-strong", "quiet"],
        "form": SampleForm(),
        "refused": SampleForm({"words": "", "one": "b", "day": "yesterday"}, auto_id="refused_%s"),
    }
