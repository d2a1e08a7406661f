"""Once a registration has ended, every service that claims, judges, submits or signs refuses by the same check."""

import uuid

import pytest
from django.urls import reverse

from assessments.actions.services import ActionWanted, action_answer, action_ask
from assessments.feedback.services import feedback_give
from assessments.judging.services import statements_set
from assessments.models import Action, Binding
from assessments.not_shown.services import not_shown_state
from assessments.signing.services import (
    countersignature_confirm,
    sign_off_confirm,
    unit_countersign,
    unit_sign_off,
    unit_submit,
)
from assessments.steps_back.services import unit_reopen, unit_return, unit_take_back, unit_withdraw
from centres.models import Role
from portfolio.evidence.services import EvidenceDetails, evidence_correct, evidence_remove
from portfolio.open_registrations import RegistrationEnded
from portfolio.registrations.services import units_add
from portfolio.registrations.unit_choice import unit_choose, unit_set_aside
from portfolio.testimony.services import standing_accept
from record.models import Event
from standards.published import published_content
from tests.assessments.observations.records import said_of, sign
from tests.assessments.plans.sheets import sign as sign_sheet
from tests.cast import PASSWORD, add_evidence, claims_make
from tests.portfolio.registrations.endings import stand
from tests.portfolio.testimony.asked import ask, give, take_down
from verification.sampling.planning import planned_add
from verification.sampling.services import SamplingFinding, unit_sample

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SIGNS = {"password": PASSWORD, "seen": "x"}
DETAILS = EvidenceDetails(title="Log", kind="work_product", setting="real_job", happened_from=None)  # type: ignore[arg-type]
FOUND = SamplingFinding(looked_at={}, tests={}, agrees=True, words="")
ACTS = {
    "claim": lambda w: claims_make(
        unit=w.unit, evidence=w.evidence, actor=w.pat, wanted={w.unit.revision.criteria.first(): ""}
    ),
    "state": lambda w: statements_set(unit=w.unit, actor=w.ann, statements=[]),
    "submit": lambda w: unit_submit(unit=w.unit, actor=w.pat, **SIGNS),
    "sign off": lambda w: unit_sign_off(unit=w.unit, actor=w.ann, **SIGNS),
    "confirm the sign-off": lambda w: sign_off_confirm(unit=w.unit, actor=w.ann, **SIGNS),
    "countersign": lambda w: unit_countersign(unit=w.unit, actor=w.ivy, **SIGNS),
    "confirm the countersignature": lambda w: countersignature_confirm(unit=w.unit, actor=w.ivy, **SIGNS),
    "return": lambda w: unit_return(unit=w.unit, actor=w.ann, reason="x", stamp=1),
    "take back": lambda w: unit_take_back(unit=w.unit, actor=w.pat, reason="x", stamp=1),
    "withdraw": lambda w: unit_withdraw(unit=w.unit, actor=w.ann, reason="x", stamp=1),
    "reopen": lambda w: unit_reopen(unit=w.unit, actor=w.ivy, reason="x", stamp=1),
    "record": lambda w: sign(w.ann, said_of(w.unit)),
    "plan": lambda w: sign_sheet(w.ann, w.unit),
    "say it is not shown": lambda w: not_shown_state(
        unit=w.unit, actor=w.ann, item=published_content(w.unit.revision).unit.performance[0], reason="x"
    ),
    "give feedback": lambda w: feedback_give(unit=w.unit, actor=w.ann, words="Good."),
    "answer an action": lambda w: action_answer(action=w.action, actor=w.ann, words="Done.", seen=1),
    "add evidence": lambda w: add_evidence(w.registration, w.pat),
    "correct evidence": lambda w: evidence_correct(
        evidence=w.evidence, actor=w.pat, seen=1, details=DETAILS, keep=[], staged=[]
    ),
    "remove evidence": lambda w: evidence_remove(evidence=w.evidence, actor=w.pat),
    "ask a witness": lambda w: ask(w.registration, w.pat),
    "answer for a witness": lambda w: give(w.asked),
    "take a witness down": lambda w: take_down(w.registration, w.ann),
    "accept an expert": lambda w: standing_accept(witness=w.asked.witness, actor=w.ann, reason="x"),
    "add a unit": lambda w: units_add(registration=w.registration, actor=w.cora, revisions=[w.unit.revision]),
    "choose a unit": lambda w: unit_choose(registration=w.registration, actor=w.cora, revision=w.unit.revision),
    "set a unit aside": lambda w: unit_set_aside(unit=w.unit, actor=w.cora),
    "plan a sample": lambda w: planned_add(unit=w.unit, actor=w.ivy, reason="x"),
    "sample": lambda w: unit_sample(unit=w.unit, actor=w.ivy, seen="x", form_key=uuid.uuid4(), finding=FOUND),
}


class World:
    """A withdrawn portfolio, its people, and what there was in it before."""

    def __init__(self, unit, evidence, people):
        self.unit, self.evidence, self.registration = unit, evidence, unit.registration
        self.pat, self.ann, self.ivy, self.cora = people
        self.asked = ask(self.registration, self.pat)
        self.action: Action = action_ask(
            actor=self.ivy,
            asked_as=Role.INTERNAL_VERIFIER,
            owner=self.ann,
            owned_as=Role.ASSESSOR,
            unit=unit,
            wanted=ActionWanted(text="Look.", binding=Binding.ADVICE),
        )
        stand(self.registration, self.cora, "withdrawn")


@pytest.fixture
def world(claimed_unit, evidence, candidate, assessor, verifier, coordinator):
    return World(claimed_unit, evidence, (candidate, assessor, verifier, coordinator))


def refusal_of(act, world) -> str:
    """The sentence with which an act is refused, or what came of it instead."""
    try:
        act(world)
    except RegistrationEnded as refusal:
        return " ".join(refusal.messages)
    except Exception as other:
        return repr(other)
    return "It was done."


def test_every_service_refuses_by_the_one_check_and_writes_nothing(world):
    events = Event.objects.count()
    sentence = (
        "The registration of Pat Candidate was withdrawn, so the portfolio is read only until the coordinator takes it "
        "up again. Nothing was changed."
    )
    assert {name: refusal_of(act, world) for name, act in ACTS.items()} == dict.fromkeys(ACTS, sentence)
    assert Event.objects.count() == events


def test_who_presses_a_button_after_it_was_withdrawn_is_told_why(world, client):
    client.force_login(world.pat)
    url = reverse("assessments:sign", kwargs={"centre": world.registration.centre.uuid, "unit": world.unit.uuid})
    answer = client.post(url, {"password": PASSWORD, "seen": "x"})
    assert answer.status_code == 403
    assert "The registration of Pat Candidate was withdrawn" in answer.content.decode()


def test_taken_up_again_it_goes_on(world):
    stand(world.registration, world.cora, "active", reason="Back again.")
    add_evidence(world.registration, world.pat)
