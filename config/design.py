"""A page with all components together, for developers."""

import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms.boundfield import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.history.portfolio import KINDS, came_in
from assessments.history.timeline import Happened, line_a_kind
from assessments.models import Outcome
from assessments.models.status import Status
from assessments.standing.progress import Progress
from portfolio.files.previews import Block, Preview
from portfolio.models import State

NOWHERE = UUID(int=0)  # of what the components name and nobody has made


class SampleForm(forms.Form):
    """One field of each sort. None of them has the focus, so that the page opens at its top."""

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
    """Show all components together; the page exists only while DEBUG is on."""
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
            ("A unit in work", Progress(total=30, met=8, waiting=6, partly=1)),
            ("A portfolio", Progress(total=214, met=120, waiting=3, partly=12)),
            ("Just begun", Progress(total=30)),
            ("Done", Progress(total=30, met=30)),
        ],
        "happened": [
            Happened(kind=kind, words=words, at=began + datetime.timedelta(days=days)) for kind, words, days in happened
        ],
        "drawn": line_a_kind(
            [
                *came_in(began + datetime.timedelta(days=days) for days in (3, 4, 12, 30, 41, 41, 42, 60)),
                *(
                    Happened(kind=kind, words=words, at=began + datetime.timedelta(days=days))
                    for kind, words, days in happened[1:]
                ),
            ],
            kinds=KINDS,
            began=began,
            until=began + datetime.timedelta(days=90),
        ),
        "states": list(State),
        "outcomes": list(Status),
        "colours": ["accent", "good", "wait", "part", "bad", "surface", "page", "line", "line-strong", "quiet"],
        "cells": [
            ("", ""),
            *((status.letter, status.words) for status in Status if status != Status.EMPTY),
            ("", ""),
            ("c", "Waiting"),
        ],
        "outcomes_given": Outcome.choices,
        "centre": NOWHERE,
        "here": NOWHERE,
        "files": [
            _file(2, "complaints.csv", "table in plain text", is_lost=False),
            _file(3, "letter.pdf", "PDF", is_lost=True),
        ],
        "answers": [_answer(1, "met"), _answer(2, "not_yet", reason="Which products were they?"), _answer(3, "")],
        "form": SampleForm(),
        "refused": SampleForm({"words": "", "one": "b", "day": "yesterday"}, auto_id="refused_%s"),
    }


def _file(number: int, name: str, kind: str, *, is_lost: bool) -> SimpleNamespace:
    """A file as `portfolio.files.selectors.file_shown` gives it, of which the text is shown."""
    file = SimpleNamespace(name=name, uuid=NOWHERE, position=number, stored_file=SimpleNamespace(size=48_000))
    anchor = f"file-{number}"
    rows = ((1, ("Day", "Complaints")), (2, ("2 March", "4")))
    preview = Preview(pictures=(), count=0, fault="", blocks=(Block(title="March", lines=(), rows=rows),), first=2)
    return SimpleNamespace(
        anchor=anchor,
        file=file,
        kind=kind,
        look="document",
        removal=None,
        written=None,
        preview=preview,
        has_pages=False,
        is_lost=is_lost,
        opens_as="",
    )


def _answer(number: int, outcome: str, *, reason: str = "") -> SimpleNamespace:
    """Like `assessments.judging.forms.AnswerLine`, for a claim that waits."""
    claim = SimpleNamespace(
        uuid=f"answer-{number}", where=f"page {number}", author=SimpleNamespace(capacity="candidate")
    )
    words = SimpleNamespace(
        anchor=f"performance-{number}", text="Reorganise your work to respond to unexpected demands"
    )
    return SimpleNamespace(
        name=SimpleNamespace(code=f"B10.1.{number}"),
        outcome=outcome,
        reason=reason,
        record=SimpleNamespace(criterion=words, claim=claim, stamp="", status=Status.CLAIMED),
    )
