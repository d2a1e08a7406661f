"""Appeals, complaints and malpractice: who raises, reads and decides them, by which steps, and who is told."""

import datetime
import re
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments.models import Judgement
from assessments.proof.rows import row_faults
from centres.models import Membership, Role
from centres.services.people import person_add, role_end
from notices.models import Notice
from notices.near_dates import cases_due_tell
from record.errors import ChangedMeanwhile, InvalidTransition
from record.models import Event
from tests.append_only import assert_append_only
from tests.cast import join
from verification.cases.permissions import why_not_handle
from verification.cases.services import CaseSaid, StepSaid, case_raise, case_step
from verification.models import Case, CaseKind, CaseOutcome, CaseStep, CaseStepKind
from verification.models.cases import ENDING, PROCEDURES
from verification.visits.services import visit_end

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
A_DAY = datetime.timedelta(days=1)
Step = CaseStepKind


def said_of(kind, centre, **more):
    return CaseSaid(kind=kind, words="I showed this twice.", received_on=centre.today, **more)


def raised(kind, actor, centre, **more):
    return case_raise(centre=centre, actor=actor, form_key=uuid.uuid4(), said=said_of(kind, centre, **more))


def take(case, actor, kind, *, words="It was looked at.", outcome=None, **more):
    case.refresh_from_db()
    said = StepSaid(kind=kind, words=words, outcome=outcome, **more)
    return case_step(case=case, actor=actor, said=said, seen=case.steps.count())


def readers(case, *people):
    return [person.name for person in people if Case.objects.visible_to(person).filter(pk=case.pk)]


def told(person, kind):
    return list(Notice.objects.filter(person=person, kind=kind).values_list("about", flat=True))


@pytest.fixture
def ida(centre, coordinator):
    return join(centre, coordinator, "Ida Verifier", "ida@harbour.example", Role.INTERNAL_VERIFIER)


@pytest.fixture
def cleo(centre, coordinator):
    return join(centre, coordinator, "Cleo Coordinator", "cleo@harbour.example", Role.COORDINATOR)


@pytest.fixture
def appeal(judged_unit, candidate, centre):
    judgement = Judgement.objects.first()
    return raised(CaseKind.APPEAL, candidate, centre, unit=judged_unit, judgement=judgement)


def test_an_appeal_goes_from_the_assessor_over_a_verifier_to_the_panel(appeal, candidate, assessor, coordinator, ida):
    assert appeal.handler == assessor
    assert told(assessor, "case_waits") == ["an appeal in B10"]
    take(appeal, assessor, Step.RECONSIDERED, outcome=CaseOutcome.NOT_UPHELD)
    assert told(candidate, "case_step") == ["an appeal in B10"]
    take(appeal, candidate, Step.TO_VERIFIER, words="")
    assert told(coordinator, "case_waits") == ["an appeal in B10"]
    take(appeal, coordinator, Step.GIVEN, words="", to=ida)
    take(appeal, ida, Step.REVIEWED, outcome=CaseOutcome.IN_PART)
    take(appeal, candidate, Step.TO_PANEL, words="")
    take(appeal, coordinator, Step.DECIDED, outcome=CaseOutcome.UPHELD)
    appeal.refresh_from_db()
    assert appeal.ended_at
    assert appeal.due is None
    chain = appeal.registration.chain
    kinds = [kind for kind in Event.objects.filter(chain=chain).values_list("kind", flat=True) if "case." in kind]
    assert kinds == [f"case.{step.kind}" for step in appeal.steps.order_by("number")]
    assert list(row_faults(chain, appeal.registration)) == []
    assert list(row_faults(appeal.centre.chain, appeal.centre)) == []


def test_nobody_decides_an_appeal_against_their_own_decision(appeal, candidate, assessor, coordinator, centre, ida):
    for role in (Role.INTERNAL_VERIFIER, Role.COORDINATOR):
        person_add(centre=centre, actor=coordinator, name=assessor.name, email=assessor.email, role=role)
    take(appeal, assessor, Step.RECONSIDERED, outcome=CaseOutcome.NOT_UPHELD)
    take(appeal, candidate, Step.TO_VERIFIER, words="")
    assert "judged or signed in this unit" in why_not_handle(assessor, appeal, Step.TO_VERIFIER)
    with pytest.raises(ValidationError, match="Ann Assessor judged or signed in this unit"):
        take(appeal, coordinator, Step.GIVEN, to=assessor)
    for kind, more in ((Step.REVIEWED, {"outcome": CaseOutcome.NOT_UPHELD}), (Step.GIVEN, {"to": ida})):
        with pytest.raises(PermissionDenied):
            take(appeal, assessor, kind, **more)
    take(appeal, coordinator, Step.TO_PANEL)
    with pytest.raises(PermissionDenied):
        take(appeal, assessor, Step.DECIDED, outcome=CaseOutcome.NOT_UPHELD)


def test_who_countersigned_does_not_answer_the_appeal(verified_unit, candidate, verifier, centre):
    appeal = raised(CaseKind.APPEAL, candidate, centre, unit=verified_unit)
    assert "signed in this unit" in why_not_handle(verifier, appeal, Step.TO_VERIFIER)


def test_a_verifier_who_only_is_allocated_may_answer_it(appeal, verifier):
    assert why_not_handle(verifier, appeal, Step.TO_VERIFIER) == ""


def test_appeals_are_read_by_whose_they_are_who_is_asked_and_who_visits(
    appeal, candidate, assessor, verifier, coordinator, outsider, visit, sampled, eve, ida
):
    assert readers(appeal, candidate, assessor, verifier, coordinator, outsider, eve, ida) == [
        "Pat Candidate", "Ann Assessor", "Cora Coordinator", "Eve Lashley"
    ]  # fmt: skip
    visit_end(visit=visit, actor=coordinator)
    assert readers(appeal, eve) == []


def test_malpractice_is_read_by_coordinators_and_who_handles_it(
    unit, candidate, assessor, verifier, coordinator, cleo, centre, sampled, eve, ida
):
    everybody = (candidate, assessor, verifier, coordinator, cleo, eve, ida)
    case = raised(CaseKind.MALPRACTICE, verifier, centre, registration=unit.registration, about=candidate)
    assert case.chain == centre.chain
    assert readers(case, *everybody) == ["Cora Coordinator", "Cleo Coordinator"]
    assert told(coordinator, "case_waits") == ["a confidential matter"]
    take(case, coordinator, Step.GIVEN, to=ida)
    assert readers(case, *everybody) == ["Cora Coordinator", "Cleo Coordinator", "Ida Verifier"]
    with pytest.raises(ValidationError, match="Only coordinators say who else reads this"):
        take(case, ida, Step.LOOKED_INTO, to=assessor)
    take(case, ida, Step.LOOKED_INTO, to=ida)
    take(case, coordinator, Step.REPORTED)
    assert readers(case, ida) == []  # given to nobody: nobody but the coordinators
    take(case, cleo, Step.CONCLUDED, outcome=CaseOutcome.NOT_UPHELD)
    assert told(candidate, "case_step") == []
    of_staff = raised(CaseKind.MALPRACTICE, cleo, centre, about=coordinator)
    assert readers(of_staff, coordinator, cleo) == ["Cleo Coordinator"]
    assert list(row_faults(centre.chain, centre)) == []


def test_a_complaint_about_the_coordinator_is_the_verifiers(
    registration, candidate, coordinator, assessor, centre, ida
):
    case = raised(CaseKind.COMPLAINT, candidate, centre, registration=registration, about=coordinator)
    assert readers(case, candidate, coordinator, assessor, ida) == ["Pat Candidate", "Ida Verifier"]
    with pytest.raises(PermissionDenied):
        take(case, coordinator, Step.ACKNOWLEDGED)
    for kind in (Step.ACKNOWLEDGED, Step.LOOKED_INTO):
        take(case, ida, kind)
    take(case, ida, Step.ANSWERED, outcome=CaseOutcome.UPHELD)
    assert told(candidate, "case_step") == ["a complaint"] * 3


def test_who_may_raise_what(unit, candidate, assessor, coordinator, outsider, centre):
    registration = unit.registration
    refused = [
        (CaseKind.APPEAL, assessor, {"unit": unit}),
        (CaseKind.APPEAL, outsider, {"unit": unit}),
        (CaseKind.MALPRACTICE, candidate, {"registration": registration}),
        (CaseKind.COMPLAINT, candidate, {}),
    ]
    for kind, person, more in refused:
        with pytest.raises(PermissionDenied):
            raised(kind, person, centre, **more)
    written = raised(CaseKind.APPEAL, coordinator, centre, unit=unit, on_behalf="Pat Candidate")
    assert readers(written, candidate) == ["Pat Candidate"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"received_on": datetime.date(2100, 1, 1)}, "has not come yet"),
        ({"received_on": datetime.date(202, 1, 1)}, "more than ten years ago"),
        ({"words": " \n "}, "This field cannot be blank"),
        ({"words": "x" * 5001}, "at most 5000 characters"),
        ({"kind": CaseKind.APPEAL}, "Raise it from the page of that unit"),
    ],
)
def test_what_cannot_be_raised_is_said(registration, candidate, centre, more, words):
    said = {"kind": CaseKind.COMPLAINT, "words": "Late.", "received_on": centre.today, "registration": registration}
    with pytest.raises(ValidationError, match=re.escape(words)):
        case_raise(centre=centre, actor=candidate, form_key=uuid.uuid4(), said=CaseSaid(**said | more))
    assert not Case.objects.exists()


def test_a_form_sent_twice_raises_it_once(registration, candidate, centre):
    key, said = uuid.uuid4(), said_of(CaseKind.COMPLAINT, centre, registration=registration)
    first = case_raise(centre=centre, actor=candidate, form_key=key, said=said)
    assert case_raise(centre=centre, actor=candidate, form_key=key, said=said) == first
    other = CaseSaid(kind=CaseKind.COMPLAINT, words="Other.", received_on=centre.today, registration=registration)
    with pytest.raises(ValidationError, match="sent already, and it says something else"):
        case_raise(centre=centre, actor=candidate, form_key=key, said=other)
    assert Case.objects.count() == CaseStep.objects.count() == 1


def test_a_step_out_of_turn_changes_nothing(appeal, candidate, assessor, coordinator):
    def refused(error, sentence, actor, kind, seen=1, **more):
        said = StepSaid(kind=kind, **{"words": "Yes."} | more)
        with pytest.raises(error, match=sentence):
            case_step(case=appeal, actor=actor, said=said, seen=seen)

    upheld = {"outcome": CaseOutcome.UPHELD}
    refused(InvalidTransition, "This cannot follow", coordinator, Step.DECIDED, **upheld)
    refused(ChangedMeanwhile, "Nothing was overwritten", assessor, Step.RECONSIDERED, seen=0, **upheld)
    refused(ValidationError, "Say what came of it", assessor, Step.RECONSIDERED)
    refused(ValidationError, "Say what was done", assessor, Step.RECONSIDERED, words=" ", **upheld)
    refused(ValidationError, "it waits for who raised it", assessor, Step.RECONSIDERED, to=assessor, **upheld)
    yesterday = appeal.centre.today - A_DAY
    refused(ValidationError, "from today on, within a year", coordinator, Step.GIVEN, to=assessor, due=yesterday)
    refused(ValidationError, "does not work here as assessor", coordinator, Step.GIVEN, to=coordinator)
    refused(PermissionDenied, None, coordinator, Step.WITHDRAWN)
    assert appeal.steps.count() == 1
    take(appeal, candidate, Step.WITHDRAWN, words="")
    with pytest.raises(InvalidTransition):
        take(appeal, assessor, Step.RECONSIDERED, **upheld)


def test_every_procedure_comes_to_an_end_from_every_step():
    for steps in PROCEDURES.values():
        reached = set(steps) & ENDING
        assert reached == {kind for kind, after in steps.items() if not after}
        for _ in steps:
            reached |= {kind for kind, after in steps.items() if after & reached}
        assert reached == set(steps)


def test_what_is_due_soon_is_told_once_to_whom_it_waits_for(appeal, candidate, assessor, coordinator):
    near = appeal.due - A_DAY
    assert (cases_due_tell(near), cases_due_tell(near)) == (1, 0)
    assert told(assessor, "case_due") == ["an appeal in B10"]
    role_end(membership=Membership.objects.get(user=assessor), actor=coordinator)
    assert cases_due_tell(near) == 1  # who handles it has left
    assert told(coordinator, "case_due") == ["an appeal in B10"]


def test_cases_and_steps_stay_as_they_are(judged_unit, candidate, coordinator, centre):
    judgement = Judgement.objects.first()
    case = raised(CaseKind.APPEAL, candidate, centre, unit=judged_unit, judgement=judgement, about=coordinator)
    assert_append_only(case.steps.get())
    take(case, candidate, Step.WITHDRAWN, words="")
    assert_append_only(Case.objects.get(), may_change=("handler_id", "due"))
