"""Nonsense, people who leave, and plans for nobody: each has an answer that a person understands."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from assessments.actions.services import ActionWanted, action_ask
from assessments.models import Binding
from centres.models import Membership, Role
from centres.services.people import role_end
from portfolio.models import Capacity
from portfolio.registrations.services import allocate
from tests.assessments.pages import signed_in, text_of
from tests.cast import disqualify, join, make_assessed
from verification.models import SamplingPlan
from verification.sampling.figures import figures_of
from verification.sampling.planning import plan_make, plan_propose, planned_add

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# What nobody types, in an address and in a form: nothing, too much, the wrong kind, what a database refuses.
NONSENSE = ("", "x", "\0", "-1", "9" * 30, "%", "a" * 5000, "00000000-0000-0000-0000-000000000000")
ASKED = ("find", "assessor", "show", "after", "page", "portfolio", "evidence")
SENT = (
    "seen", "form_key", "unit", "units", "looked", "shown", "method", "tests", "decision", "words", "all_hold",
    "password", "do", "due", "reason", "summative_share", "interim_share", "every_months", "new_months",
    "due_days", "risk_notes",
)  # fmt: skip


@pytest.mark.long
def test_nonsense_in_an_address_or_a_form_gets_an_answer(assessed_unit, centre, verifier):
    planned = planned_add(unit=assessed_unit, actor=verifier, reason="A new workplace.")
    pages = {
        "board": {}, "plan": {}, "countersign": {}, "figures": {}, "sampling_policy": {},
        "sample": {"unit": assessed_unit.uuid}, "plan_add": {"unit": assessed_unit.uuid},
        "planned": {"planned": planned.uuid},
    }  # fmt: skip
    browser = signed_in(verifier)
    for name, named in pages.items():
        page = reverse(f"verification:{name}", kwargs={"centre": centre.uuid, **named})
        for said in NONSENSE:
            assert browser.get(page, dict.fromkeys(ASKED, said)).status_code == 200, (name, said[:20])
            assert browser.post(page, dict.fromkeys(SENT, said)).status_code in {200, 302, 405}, (name, said[:20])


def test_a_plan_for_nobody_says_so_and_is_not_made(centre, coordinator, verifier, choose):
    choose(centre, summative_share=20)
    page = signed_in(verifier).get(reverse("verification:plan", args=[centre.uuid]))
    assert "You verify no unit yet in which something is claimed" in text_of(page)
    proposal = plan_propose(centre=centre, verifier=verifier)
    assert proposal
    with pytest.raises(ValidationError, match="You verify no unit yet"):
        plan_make(centre=centre, actor=verifier, seen=proposal.digest)
    assert not SamplingPlan.objects.exists()


def test_what_an_assessor_leaves_open_is_told_to_the_coordinator(unit_to_confirm, centre, coordinator, verifier):
    unit, assessor, mentor = unit_to_confirm
    action_ask(
        actor=verifier, asked_as=Role.INTERNAL_VERIFIER, owner=assessor, owned_as=Role.ASSESSOR, unit=unit,
        wanted=ActionWanted(text="Say where it was seen.", binding=Binding.ADVICE),
    )  # fmt: skip
    home = text_of(signed_in(coordinator).get("/"))
    assert "Asked of people who hold the role no more" not in home
    for person in (mentor, assessor):
        role_end(membership=Membership.objects.get(user=person, role=Role.ASSESSOR), actor=coordinator)
    home = text_of(signed_in(coordinator).get("/"))
    assert "Asked of people who hold the role no more" in home
    assert "Say where it was seen." in home
    assert "Waiting for a confirming signature" in home


@pytest.fixture
def unit_to_confirm(judged_unit, assessor, centre, coordinator):
    """Ann, who holds no award, has signed off; Mona could confirm it."""
    mentor = join(centre, coordinator, "Mona Mentor", "mona@harbour.example", Role.ASSESSOR)
    allocate(unit=judged_unit, actor=coordinator, user=mentor, capacity=Capacity.ASSESSOR, leads=False)
    disqualify(coordinator, assessor)
    return make_assessed(judged_unit, assessor), assessor, mentor


def test_who_assessed_and_left_is_still_planned_for_and_counted(
    assessed_unit,
    centre,
    coordinator,
    assessor,
    verifier,
    choose,
    sample,
):
    role_end(membership=Membership.objects.get(user=assessor), actor=coordinator)
    choose(centre, new_in_full=True)
    proposal = plan_propose(centre=centre, verifier=verifier)
    assert proposal
    assert [one.reasons for one in proposal.chosen] == [("assessor without an award",)]
    sample(assessed_unit)
    assert [(one.name, one.agreed) for one in figures_of(centre, verifier=verifier).assessors] == [("Ann Assessor", 1)]


def test_what_a_verifier_planned_and_left_is_on_the_board_of_the_next(assessed_unit, centre, coordinator, verifier):
    planned_add(unit=assessed_unit, actor=verifier, reason="A new workplace.")
    role_end(membership=Membership.objects.get(user=verifier), actor=coordinator)
    ida = join(centre, coordinator, "Ida", "ida@harbour.example", Role.INTERNAL_VERIFIER)
    allocate(unit=assessed_unit, actor=coordinator, user=ida, capacity=Capacity.INTERNAL_VERIFIER)
    board = signed_in(ida).get(reverse("verification:board", args=[centre.uuid]), {"show": "planned"})
    assert "Pat Candidate" in text_of(board)
