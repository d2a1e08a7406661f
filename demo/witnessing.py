"""Lets the candidate of a story ask witnesses, lets these answer, and the assessor say what is made of it."""

import datetime
import uuid
from collections.abc import Iterable

from centres.models import User
from demo.stories import AskWitness, WitnessAnswers
from portfolio.models import Evidence, Reached, Registration, TestimonyRequest, Witness
from portfolio.testimony.giving import Given, testimony_give
from portfolio.testimony.services import standing_accept, testimony_ask, testimony_note
from standards.evidence_kinds import Setting
from standards.models import Criterion


def ask(step: AskWitness, *, registration: Registration, actor: User, criteria: Iterable[Criterion]) -> None:
    """Ask somebody new for these criteria, by a link."""
    testimony_ask(
        registration=registration,
        actor=actor,
        form_key=uuid.uuid4(),
        words=step.words,
        criteria=[str(criterion.uuid) for criterion in criteria],
        setting=Setting.REAL_JOB,
        name=step.name,
        email=step.email,
    )


def answer(step: WitnessAnswers, *, registration: Registration, day: datetime.date) -> Evidence:
    """Let a witness who was asked tick all that they were asked for, from a device of their own."""
    waiting = TestimonyRequest.objects.waiting()
    request = waiting.select_related("witness", "asked_by").get(
        witness__registration=registration, witness__name=step.name
    )
    given = Given(
        name=step.name,
        role=step.role,
        relation=step.relation,
        is_expert=step.is_expert,
        contact=step.contact,
        words=step.words,
        place=step.place,
        happened_from=day,
        criteria=request.criteria,
    )
    return testimony_give(request=request, given=given, person=None).evidence


def accept(name: str, reason: str, *, registration: Registration, actor: User, day: datetime.date) -> None:
    """Let the assessor ring a witness, and accept them as an expert."""
    witness = Witness.objects.get(registration=registration, name=name)
    testimony = witness.evidence.get().testimony
    words = "They gave this themselves, and remembered the day."
    testimony_note(testimony=testimony, actor=actor, words=words, reached=Reached.TELEPHONE, reached_on=day)
    standing_accept(witness=witness, actor=actor, reason=reason)
