"""What others said to a candidate: answers that give a reason, and units that came back."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from assessments.models import Judgement, Outcome, Return
from centres.models import Membership, Role, User
from portfolio.models import CandidateUnit, Claim
from standards.content import anchor

FEEDBACK_AT_MOST = 10


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """One thing that was said: by whom, when, of what, and where on the unit's page it belongs."""

    at: datetime
    by: User
    unit: CandidateUnit
    about: str  # "B10.1.1, evidence 2", or what happened to the unit
    outcome: Outcome | None  # of an answer
    words: str
    anchor: str = ""
    step: Return | None = None  # where it is one


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
        .select_related(
            "author__user",
            "claim__evidence",
            "claim__criterion__parent",
            "claim__candidate_unit__revision__unit",
            "claim__candidate_unit__registration__centre",
        )
        .order_by("-made_at", "-pk")
    )
    return [
        Feedback(
            at=answer.made_at,
            by=answer.author.user,
            unit=answer.claim.candidate_unit,
            about=_about(answer.claim),
            outcome=Outcome(answer.outcome),
            words=answer.reason,
            anchor=anchor(answer.claim.criterion.kind, answer.claim.criterion.position),
        )
        for answer in answers[:FEEDBACK_AT_MOST]
    ]


def _steps_back(units: QuerySet[CandidateUnit]) -> list[Feedback]:
    """What took a unit back to its candidate; what passes between assessor and verifier is theirs."""
    steps = (
        Return.objects.filter(unit_version__candidate_unit__in=units)
        .filter(kind__in=[Return.Kind.RETURNED, Return.Kind.REOPENED])
        .exclude(from_state="assessed")
        .select_related(
            "author__user",
            "unit_version__candidate_unit__revision__unit",
            "unit_version__candidate_unit__registration__centre",
        )
        .order_by("-made_at", "-pk")
    )
    return [
        Feedback(
            at=step.made_at,
            by=step.author.user,
            unit=step.unit_version.candidate_unit,
            about="Came back to you" if step.kind == Return.Kind.RETURNED else "Reopened",
            outcome=None,
            words=step.reason,
            step=step,
        )
        for step in steps[:FEEDBACK_AT_MOST]
    ]


def _about(claim: Claim) -> str:
    """The criterion by its code (with the unit's, where it does not begin with it), and the piece."""
    unit, code = claim.candidate_unit.revision.unit.code, claim.criterion.full_code
    named = code if code.startswith(unit) else f"{unit} {code}".strip()
    return f"{named}, evidence {claim.evidence.number}"
