"""What others said to a candidate: answers that give a reason, and units that came back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from assessments.models import Judgement, Return
from centres.models import Membership, Role, User
from portfolio.models import CandidateUnit
from standards.content import anchor
from standards.models import full_code

FEEDBACK_AT_MOST = 10


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """One thing that was said: by whom, when, of what, and where on the unit's page it belongs."""

    at: datetime
    by: str
    centre: int
    unit: UUID
    code: str  # of the unit
    about: str  # "B10.1.1, evidence 2", or what happened to the unit
    words: str
    outcome: str = ""  # of an answer
    anchor: str = ""
    step: int | None = None  # the primary key of a step back


def feedback_for(user: User) -> list[Feedback]:
    """The latest that came in on the person's own units, the newest first, in two queries."""
    centres = Membership.objects.current().filter(user=user, role=Role.CANDIDATE).values("centre_id")
    own = CandidateUnit.objects.filter(registration__candidate=user, registration__centre__in=centres)
    said = [*_answers(own), *_steps_back(own)]
    return sorted(said, key=lambda one: one.at, reverse=True)[:FEEDBACK_AT_MOST]


def _answers(units: QuerySet[CandidateUnit]) -> list[Feedback]:
    answers = (
        Judgement.objects.filter(claim__candidate_unit__in=units, claim__withdrawn_at__isnull=True)
        .exclude(reason="")
        .order_by("-made_at", "-pk")
        .values_list(
            "made_at",
            "author__user__name",
            "claim__candidate_unit__registration__centre",
            "claim__candidate_unit__uuid",
            "claim__candidate_unit__revision__unit__code",
            "outcome",
            "reason",
            "claim__evidence__number",
            "claim__criterion__kind",
            "claim__criterion__position",
            "claim__criterion__code",
            "claim__criterion__parent__code",
        )
    )
    return [
        Feedback(
            at=at,
            by=by,
            centre=centre,
            unit=unit,
            code=unit_code,
            about=f"{_named(unit_code, full_code(code, parent or ''))}, evidence {number}",
            outcome=outcome,
            words=words,
            anchor=anchor(kind, position),
        )
        for at, by, centre, unit, unit_code, outcome, words, number, kind, position, code, parent in answers[
            :FEEDBACK_AT_MOST
        ]
    ]


def _steps_back(units: QuerySet[CandidateUnit]) -> list[Feedback]:
    """What took a unit back to its candidate; what passes between assessor and verifier is theirs."""
    steps = (
        Return.objects.filter(unit_version__candidate_unit__in=units)
        .filter(kind__in=[Return.Kind.RETURNED, Return.Kind.REOPENED])
        .exclude(from_state="assessed")
        .order_by("-made_at", "-pk")
        .values_list(
            "pk",
            "kind",
            "made_at",
            "author__user__name",
            "unit_version__candidate_unit__registration__centre",
            "unit_version__candidate_unit__uuid",
            "unit_version__candidate_unit__revision__unit__code",
            "reason",
        )
    )
    return [
        Feedback(
            at=at,
            by=by,
            centre=centre,
            unit=unit,
            code=code,
            about="Came back to you" if kind == Return.Kind.RETURNED else "Reopened",
            words=words,
            step=pk,
        )
        for pk, kind, at, by, centre, unit, code, words in steps[:FEEDBACK_AT_MOST]
    ]


def _named(unit_code: str, code: str) -> str:
    """The code of a criterion, with the unit's where it does not begin with it."""
    return code if code.startswith(unit_code) else f"{unit_code} {code}".strip()
