"""What others said to a candidate: answers with a reason, feedback, and units that came back."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from assessments.history.steps import StepBack, is_for_candidate
from assessments.home.listed_units import ListedUnit
from assessments.models import Feedback, Judgement, Standing
from assessments.models.status import Status
from portfolio.models.evidence_number import evidence_number
from record.prepared import prepared
from standards.published import published_contents_of

FEEDBACK_AT_MOST = 10


@dataclass(frozen=True, kw_only=True)
class SaidToCandidate:
    """One thing that was said: by whom, when, about what, and where on the unit's page it is."""

    at: datetime
    by: str
    centre: int
    unit: UUID
    code: str  # of the unit
    about: str  # "B10.1.1, evidence 2", or what happened to the unit
    words: str
    status: Status | None = None  # of an answer
    anchor: str = ""
    step: int | None = None  # the primary key of a step back
    is_new: bool = False  # to the candidate


def feedback_on(
    units: Iterable[ListedUnit], steps: Iterable[tuple[int, StepBack]], *, looked_at: datetime | None
) -> list[SaidToCandidate]:
    """The latest feedback on a candidate's units, the newest first, in three queries.

    `steps` are steps back, each with its unit's primary key; those of other units are ignored. What was said since the
    candidate `looked_at` it last is new.
    """
    own = {unit.pk: unit for unit in units}
    said = [*_answers(own), *_given(own), *_came_back(own, steps)]
    latest = sorted(said, key=lambda one: one.at, reverse=True)[:FEEDBACK_AT_MOST]
    return [replace(one, is_new=looked_at is None or one.at > looked_at) for one in latest]


def _answers(units: Mapping[int, ListedUnit]) -> Iterable[SaidToCandidate]:
    """The last answer to each claim that stands, or else the last one on an earlier version of its evidence."""
    wordings = published_contents_of({unit.revision for unit in units.values()})
    for at, by, pk, outcome, words, number, criterion in _last_answers(units):
        unit = units[pk]
        about = wordings[unit.revision].criterion_by_pk[criterion]
        yield SaidToCandidate(
            at=at,
            by=by,
            centre=unit.centre,
            unit=unit.uuid,
            code=unit.code,
            about=f"{_named(unit.code, about.full_code)}, evidence {evidence_number(number)}",
            status=Status(outcome),
            words=words,
            anchor=about.anchor,
        )


def _given(units: Mapping[int, ListedUnit]) -> Iterable[SaidToCandidate]:
    """What assessors said of a unit or of a piece, beside their answers."""
    for at, by, pk, words, number in _last_given(units):
        unit = units[pk]
        yield SaidToCandidate(
            at=at,
            by=by,
            centre=unit.centre,
            unit=unit.uuid,
            code=unit.code,
            about="Feedback" if number is None else f"Feedback on evidence {evidence_number(number)}",
            words=words,
            anchor="feedback",
        )


@prepared
def _last_answers(units: Collection[int]) -> QuerySet[Judgement, tuple[Any, ...]]:
    last = Standing.objects.filter(candidate_unit__pk__in=units).annotate(last=Coalesce("judgement", "earlier"))
    answers = Judgement.objects.filter(pk__in=last.values("last")).exclude(reason="").order_by("-made_at", "-pk")
    return answers.values_list(
        "made_at", "author__user__name", "claim__candidate_unit", "outcome", "reason", "claim__evidence__number",
        "claim__criterion",
    )[:FEEDBACK_AT_MOST]  # fmt: skip


@prepared
def _last_given(units: Collection[int]) -> QuerySet[Feedback, tuple[Any, ...]]:
    rows = Feedback.objects.filter(candidate_unit__pk__in=units).order_by("-pk")
    return rows.values_list("made_at", "author__user__name", "candidate_unit", "words", "evidence__number")[
        :FEEDBACK_AT_MOST
    ]


def _came_back(units: Mapping[int, ListedUnit], steps: Iterable[tuple[int, StepBack]]) -> Iterable[SaidToCandidate]:
    """What took a unit back to its candidate."""
    for pk, step in steps:
        unit = units.get(pk)
        if unit is None or not is_for_candidate(step.from_state):
            continue
        yield SaidToCandidate(
            at=step.made_at,
            by=step.by,
            centre=unit.centre,
            unit=unit.uuid,
            code=unit.code,
            about="Came back to you" if step.kind == "returned" else "Reopened",
            words=step.reason,
            step=step.pk,
        )


def _named(unit_code: str, code: str) -> str:
    """The code of a criterion, with the unit's code before it unless it begins with that."""
    return code if code.startswith(unit_code) else f"{unit_code} {code}".strip()
