"""Lets the assessor of a story plan and review, and the candidate say what they think of the plan."""

import datetime
import uuid

from assessments.models import MetHow, SheetKind
from assessments.plans.said import Covered, Line, SheetSaid
from assessments.plans.services import sheet_answer, sheet_sign
from assessments.plans.templates import sheet_headings
from centres.demo import DEMO_PASSWORD
from centres.models import Role, User
from demo.codes import criteria_by_code
from demo.stories import PlanOrReview
from portfolio.models import CandidateUnit


def plan_or_review(step: PlanOrReview, *, unit: CandidateUnit, actor: User, today: datetime.date) -> None:
    """Sign it on the day of the story; what it plans lies in the days after `today`."""
    registration = unit.registration
    kind = SheetKind(step.kind)
    asks = sheet_headings(registration.centre, kind)
    said = SheetSaid(
        kind=kind,
        title=asks.title,
        held_on=registration.centre.today,
        how=MetHow.IN_PERSON,
        present="",
        sections=[(heading, words) for (heading, _), words in zip(asks.headings, step.words, strict=True)],
        lines=[
            Line(
                by=Role.CANDIDATE,
                due=today + datetime.timedelta(days=planned.in_days),
                text=planned.text,
                method=planned.method,
                place=planned.place,
                bring=planned.bring,
                covers=[Covered(unit=unit, criteria=_keys(unit, planned.codes))] if planned.method else (),
            )
            for planned in step.lines
        ],
        next_review=today + datetime.timedelta(days=step.next_review) if step.next_review else None,
    )
    key = uuid.uuid4()
    signed = sheet_sign(registration=registration, actor=actor, password=DEMO_PASSWORD, form_key=key, said=said)
    if step.agreed:
        sheet_answer(sheet=signed, actor=registration.candidate, agrees=True, words=step.agreed)


def _keys(unit: CandidateUnit, codes: str) -> list[tuple[str, int]]:
    criteria = criteria_by_code(unit.revision)
    return [(criteria[code].kind, criteria[code].position) for code in codes.split()]
