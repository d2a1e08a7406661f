"""Who does what by when: asked, answered, accepted or refused, withdrawn, handed over. Each step is on record."""

import datetime
import json
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from assessments.actions.services import (
    ActionWanted,
    action_accept,
    action_answer,
    action_ask,
    action_hand_over,
    action_refuse,
    action_withdraw,
)
from assessments.models import Action, ActionState, ActionStep, Binding, Signature, StepKind
from assessments.models.actions import MAY_FOLLOW
from assessments.recording_form.document import unit_document
from assessments.signing.services import unit_countersign, unit_sign_off
from assessments.standing.action_record import record_of
from assessments.standing.unit_record import unit_record
from assessments.steps_back.services import unit_return
from centres.models import Membership, Role
from centres.services.people import role_end
from portfolio.models import Capacity, Participation
from portfolio.registrations.services import allocate, registration_create
from record.errors import ChangedMeanwhile, InvalidTransition
from record.models import Event
from tests.assessments.steps import events, give_back, open_version
from tests.at_once import at_once
from tests.cast import PASSWORD, add_evidence, join, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

TOMORROW = datetime.date.today() + datetime.timedelta(days=1)
YESTERDAY = datetime.date.today() - datetime.timedelta(days=2)


@pytest.fixture
def ask(unit, assessor, verifier):
    """Let Ivy ask Ann for something in Pat's unit, or what is said otherwise."""

    def ask(text="Observe her on a busy Saturday.", binding=Binding.ADVICE, due=None, **otherwise):
        wanted = {name: otherwise.pop(name) for name in ("evidence", "criteria") if name in otherwise}
        said = {
            "actor": verifier, "asked_as": Role.INTERNAL_VERIFIER, "owner": assessor, "owned_as": Role.ASSESSOR,
            "unit": unit,
        }  # fmt: skip
        return action_ask(wanted=ActionWanted(text=text, binding=binding, due=due, **wanted), **said | otherwise)

    return ask


def answer(action, actor, words="Done on Saturday.", step=None):
    return action_answer(action=action, actor=actor, words=words, seen=step or action.steps.count())


def state(action):
    return record_of(action).state


def told(action):
    """The kinds of the events that tell of it, in the chain of its portfolio or its centre."""
    kinds = Event.objects.filter(chain=action.chain, kind__startswith="action.").order_by("sequence")
    return list(kinds.values_list("kind", flat=True))


def test_an_action_is_asked_answered_refused_answered_again_and_accepted(ask, unit, assessor, verifier, evidence):
    action = ask(evidence=evidence, criteria=[("performance", 1)], binding=Binding.DATE, due=TOMORROW)
    assert state(action) == ActionState.OPEN
    answer(action, assessor)
    action_refuse(action=action, actor=verifier, words="On a Saturday, please.", seen=2)
    assert state(action) == ActionState.OPEN
    answer(action, assessor, "Observed on Saturday, evidence 4.")
    action_accept(action=action, actor=verifier, seen=4)
    action.refresh_from_db()
    assert (state(action), action.ended_at) == (ActionState.ACCEPTED, action.steps.last().made_at)
    steps = list(action.steps.values_list("kind", "person__name", "words"))
    assert steps == [
        ("asked", verifier.name, ""),
        ("answered", assessor.name, "Done on Saturday."),
        ("refused", verifier.name, "On a Saturday, please."),
        ("answered", assessor.name, "Observed on Saturday, evidence 4."),
        ("accepted", verifier.name, ""),
    ]
    assert told(action) == [f"action.{kind}" for kind, *_ in steps]
    last = json.loads(Event.objects.filter(chain=action.chain).latest("sequence").payload.body)
    assert (last["action"], last["also"]) == (action.told(), [{"action_step": action.steps.last().told()}])


def test_every_state_says_what_may_follow():
    assert set(MAY_FOLLOW) == set(ActionState)
    assert set().union(*MAY_FOLLOW.values()) == set(StepKind) - {StepKind.ASKED}


@pytest.mark.parametrize("words", ["", " \n ", "x" * 5001])
def test_an_action_and_an_answer_have_words_and_not_too_many(ask, assessor, words):
    with pytest.raises(ValidationError):
        ask(text=words)
    assert not Action.objects.exists()
    action = ask()
    with pytest.raises(ValidationError):
        answer(action, assessor, words)
    assert (state(action), action.steps.count()) == (ActionState.OPEN, 1)


def test_a_day_that_is_over_is_refused_and_a_date_that_is_missing(ask):
    for binding, due, words in (
        (Binding.ADVICE, YESTERDAY, "This day is over"),
        (Binding.DATE, None, "Say by which day"),
    ):
        with pytest.raises(ValidationError, match=words):
            ask(binding=binding, due=due)
    assert ask(binding=Binding.SIGN_OFF, due=TOMORROW).due == TOMORROW


def test_what_it_is_about_belongs_to_the_unit(ask, centre, coordinator, b10):
    with pytest.raises(ValidationError, match="no such criterion"):
        ask(criteria=[("performance", 999)])
    other = join(centre, coordinator, "Otto", "otto@harbour.example", Role.CANDIDATE)
    elsewhere = registration_create(centre=centre, actor=coordinator, candidate=other, number="", revisions=[b10])
    with pytest.raises(ValidationError, match="not in the portfolio"):
        ask(evidence=add_evidence(elsewhere, other))
    assert not Action.objects.exists()


def test_only_who_works_there_asks_and_is_asked(ask, candidate, coordinator, outsider, assessor):
    for actor, role in ((candidate, Role.CANDIDATE), (outsider, Role.ASSESSOR), (assessor, Role.INTERNAL_VERIFIER)):
        with pytest.raises(PermissionDenied):
            ask(actor=actor, asked_as=role)
    with pytest.raises(ValidationError, match="does not work here"):
        ask(owner=outsider)
    assert not Action.objects.exists()


def test_only_the_owner_answers_and_only_who_asked_settles(ask, unit, assessor, verifier, candidate, coordinator):
    action = ask()
    for other in (verifier, candidate, coordinator):
        with pytest.raises(PermissionDenied):
            answer(action, other)
    answer(action, assessor)
    for other in (assessor, candidate, coordinator):
        for settle in (action_accept, action_withdraw):
            with pytest.raises(PermissionDenied):
                settle(action=action, actor=other, seen=2)
    assert state(action) == ActionState.ANSWERED


def test_another_of_the_role_settles_it_once_the_first_has_left(ask, unit, centre, coordinator, assessor, verifier):
    action = ask()
    answer(action, assessor)
    ida = join(centre, coordinator, "Ida", "ida@harbour.example", Role.INTERNAL_VERIFIER)
    allocate(unit=unit, actor=coordinator, user=ida, capacity=Capacity.INTERNAL_VERIFIER, leads=False)
    with pytest.raises(PermissionDenied):
        action_accept(action=action, actor=ida, seen=2)
    role_end(membership=Membership.objects.get(user=verifier), actor=coordinator)
    action_accept(action=action, actor=ida, seen=2)
    assert state(action) == ActionState.ACCEPTED


def test_a_coordinator_gives_it_to_somebody_else_once_its_owner_has_left(
    ask, unit, centre, coordinator, assessor, candidate
):
    action = ask()
    bob = join(centre, coordinator, "Bob", "bob@harbour.example", Role.ASSESSOR)
    with pytest.raises(PermissionDenied):  # Ann still works on it
        action_hand_over(action=action, actor=coordinator, to=bob, seen=1)
    assert not Action.objects.without_owner().exists()
    role_end(membership=Membership.objects.get(user=assessor), actor=coordinator)
    assert [*Action.objects.without_owner()] == [action]
    with pytest.raises(ValidationError, match="Bob does not work here as assessor now"):
        action_hand_over(action=action, actor=coordinator, to=bob, seen=1)
    allocate(unit=unit, actor=coordinator, user=bob, capacity=Capacity.ASSESSOR)
    action_hand_over(action=action, actor=coordinator, to=bob, seen=1)
    action.refresh_from_db()
    assert (action.owner, action.steps.last().to, state(action)) == (bob, bob, ActionState.OPEN)
    assert not Action.objects.without_owner().exists()
    answer(action, bob)
    event = Event.objects.get(kind="action.handed_over")
    assert json.loads(event.payload.body)["action"]["owner"] == str(bob.uuid)


def test_nothing_more_is_said_of_what_has_ended(ask, assessor, verifier):
    action = ask()
    action_withdraw(action=action, actor=verifier, words="No longer needed.", seen=1)
    with pytest.raises(InvalidTransition, match="was withdrawn"):
        answer(action, assessor)
    with pytest.raises(InvalidTransition):
        action_withdraw(action=action, actor=verifier, seen=2)
    assert (state(action), action.steps.count()) == (ActionState.WITHDRAWN, 2)


def test_an_answer_from_a_page_that_does_not_show_the_refusal_changes_nothing(ask, assessor, verifier):
    action = ask()
    answer(action, assessor)
    action_refuse(action=action, actor=verifier, words="Not this one.", seen=2)
    with pytest.raises(ChangedMeanwhile, match="It is open again"):
        answer(action, assessor, step=1)
    assert state(action) == ActionState.OPEN


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_leave_one(ask, assessor):
    action = ask()
    results = at_once(
        lambda: action_answer(action=action, actor=assessor, words="One.", seen=1),
        lambda: action_answer(action=action, actor=assessor, words="Two.", seen=1),
    )
    assert len([one for one in results if isinstance(one, InvalidTransition)]) == 1, results
    assert action.steps.filter(kind="answered").count() == 1
    assert told(action) == ["action.asked", "action.answered"]


@pytest.mark.django_db(transaction=True)
def test_accepted_and_refused_at_once_by_two_it_is_one_of_both(ask, unit, centre, coordinator, assessor, verifier):
    action = ask()
    ida, ian = (join(centre, coordinator, name, f"{name}@harbour.example", Role.INTERNAL_VERIFIER) for name in "12")
    for other in (ida, ian):
        allocate(unit=unit, actor=coordinator, user=other, capacity=Capacity.INTERNAL_VERIFIER, leads=False)
    role_end(membership=Membership.objects.get(user=verifier), actor=coordinator)  # so that others settle it
    answer(action, assessor)
    results = at_once(
        lambda: action_accept(action=Action.objects.get(), actor=ida, seen=2),
        lambda: action_refuse(action=Action.objects.get(), actor=ian, words="On a Saturday, please.", seen=2),
    )
    [refused] = [one for one in results if isinstance(one, InvalidTransition | ChangedMeanwhile)]
    [step] = [one for one in results if isinstance(one, ActionStep)]
    assert "already" in str(refused) or "is done" in str(refused) or "is open again" in str(refused)
    assert action.steps.get(number=3) == step
    assert (Action.objects.get().ended_at is not None) == (step.kind == StepKind.ACCEPTED)
    assert told(action)[2:] == [f"action.{step.kind}"]


# --- Who reads it -------------------------------------------------------------------------------------------------


def test_a_candidate_reads_what_is_asked_of_them_and_nothing_that_verifiers_ask_of_others(
    ask, candidate, assessor, verifier, coordinator, outsider
):
    of_ann = ask()
    of_pat = ask(owner=candidate, owned_as=Role.CANDIDATE, actor=assessor, asked_as=Role.ASSESSOR)
    planned = ask(owner=assessor, actor=assessor, asked_as=Role.ASSESSOR, for_candidate=True)
    assert {*Action.objects.visible_to(candidate)} == {of_pat, planned}
    for staff in (assessor, verifier, coordinator):
        assert {*Action.objects.visible_to(staff)} == {of_ann, of_pat, planned}
    assert not Action.objects.visible_to(outsider).exists()
    with pytest.raises(ValidationError, match="not for candidates to read"):
        ask(for_candidate=True)


def test_an_action_of_staff_belongs_to_the_centre_and_its_chain(
    ask, centre, coordinator, candidate, assessor, outsider
):
    of_staff = {"actor": coordinator, "asked_as": Role.COORDINATOR, "unit": None, "centre": centre}
    action = ask(**of_staff)
    assert action.chain == centre.chain
    assert told(action) == ["action.asked"]
    assert [*Action.objects.visible_to(assessor)] == [*Action.objects.visible_to(coordinator)] == [action]
    for other in (candidate, outsider):
        assert not Action.objects.visible_to(other).exists()
    for refused in ({"for_candidate": True}, {"binding": Binding.SIGN_OFF}):
        with pytest.raises(ValidationError):
            ask(**of_staff | refused)
    role_end(membership=Membership.objects.get(user=assessor), actor=coordinator)
    assert [*Action.objects.without_owner()] == [action]
    assert not Action.objects.visible_to(assessor).exists()


def test_an_action_of_a_portfolio_is_for_whoever_works_in_it(ask, registration, assessor, verifier, outsider, unit):
    action = ask(unit=None, registration=registration)
    assert action.chain == registration.chain
    assert not Action.objects.without_owner().exists()
    answer(action, assessor)
    action_accept(action=action, actor=verifier, seen=2)
    assert [*Action.objects.visible_to(verifier)] == [action]
    assert not Action.objects.visible_to(outsider).exists()
    assert not Action.objects.open().exists()


def test_who_asks_in_a_unit_takes_part_in_it(ask, unit, verifier):
    ask()
    assert Participation.objects.get(candidate_unit=unit, user=verifier).capacity == Capacity.INTERNAL_VERIFIER


# --- Returns and signatures ---------------------------------------------------------------------------------------


def test_a_verifiers_return_holds_up_the_sign_off_until_it_is_answered(assessed_unit, assessor, verifier):
    unit = assessed_unit
    give_back(unit, verifier, reason="Observe her on a busy Saturday, and judge B10.2.4 anew.")
    action = Action.objects.get()
    assert (action.owner, action.binding, action.origin) == (assessor, Binding.SIGN_OFF, "return")
    with pytest.raises(ValidationError, match="Ann Assessor has not answered what Ivy Verifier asked for"):
        unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    shown = seen(unit)
    answer(action, assessor)
    with pytest.raises(ChangedMeanwhile):  # the answer is a part of what is signed
        unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=shown)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    assert state(action) == ActionState.ACCEPTED
    assert events(unit)[-2:] == ["unit.verified", "action.accepted"]
    bodies = [json.loads(one.document.body) for one in Signature.objects.select_related("document").order_by("pk")]
    submission, first, sign_off, countersignature = bodies
    assert submission["actions"] == first["actions"] == []
    for body in (sign_off, countersignature):
        [asked] = body["actions"]
        assert (asked["id"], asked["state"]) == (str(action.uuid), "answered")
        assert [step["words"] for step in asked["steps"]] == ["", "Done on Saturday."]


def test_a_return_asks_for_several_things_each_as_it_binds(assessed_unit, assessor, verifier):
    wanted = [
        ActionWanted(text="The reason."),
        ActionWanted(text="By Friday.", binding=Binding.DATE, due=TOMORROW),
        ActionWanted(text="If you like.", binding=Binding.ADVICE),
    ]
    stamp = open_version(assessed_unit).stamp
    unit_return(unit=assessed_unit, actor=verifier, reason="The reason.", stamp=stamp, wanted=wanted)
    assert [*Action.objects.values_list("text", "binding")] == [
        ("The reason.", "sign_off"), ("By Friday.", "date"), ("If you like.", "advice"),
    ]  # fmt: skip
    answer(Action.objects.get(binding="sign_off"), assessor)
    unit_sign_off(unit=assessed_unit, actor=assessor, password=PASSWORD, seen=seen(assessed_unit))


def test_a_new_return_refuses_the_answer_with_its_reason(assessed_unit, assessor, verifier):
    unit = assessed_unit
    give_back(unit, verifier)
    action = Action.objects.get()
    answer(action, assessor)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    give_back(unit, verifier, reason="It was a Tuesday.")
    last = action.steps.latest("number")
    assert (last.kind, last.words, Action.objects.count()) == ("refused", "It was a Tuesday.", 1)
    with pytest.raises(ValidationError, match="has not answered"):
        unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))


def test_a_new_return_may_take_one_answer_and_ask_for_another_thing(assessed_unit, assessor, verifier):
    unit = assessed_unit
    give_back(unit, verifier)
    action = Action.objects.get()
    answer(action, assessor)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    stamp = open_version(unit).stamp
    unit_return(unit=unit, actor=verifier, reason="And a date.", stamp=stamp, enough={action.uuid: True})
    assert (state(action), Action.objects.latest("pk").text) == (ActionState.ACCEPTED, "And a date.")


def test_an_assessors_return_asks_nobody_of_staff(submitted_unit, assessor):
    give_back(submitted_unit, assessor)
    assert not Action.objects.exists()


def test_the_candidate_signs_only_what_they_may_read(claimed_unit, ask, candidate, assessor):
    ask()
    before = seen(claimed_unit)
    ask()
    assert seen(claimed_unit) == before
    assert unit_document(unit_record(claimed_unit))["actions"] == []
    ask(owner=candidate, owned_as=Role.CANDIDATE, actor=assessor, asked_as=Role.ASSESSOR)
    assert seen(claimed_unit) != before
    assert len(unit_document(unit_record(claimed_unit))["actions"]) == 1


def test_the_database_shows_candidates_nothing_that_verifiers_ask_of_others(ask):
    action = ask()
    action.pk, action.for_candidate = None, True
    action.uuid = uuid.uuid4()
    with pytest.raises(IntegrityError, match="not for candidates"), transaction.atomic():
        action.save(force_insert=True)
    assert ActionStep.objects.count() == 1
