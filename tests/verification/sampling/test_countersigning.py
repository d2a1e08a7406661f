"""Countersigning several units with one password, and releasing what the plan left out."""

import json
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import FinalForm, Signature, Stage
from assessments.proof.check import RecordCheck
from assessments.recording_form.form import recording_form
from assessments.recording_form.words import initials
from assessments.signing.services import unit_countersign, unit_release
from portfolio.interests.services import interest_declare, interest_withdraw
from portfolio.models import InterestKind, Registration, State
from tests.assessments.pages import text_of
from tests.assessments.steps import open_version
from tests.cast import PASSWORD, make_assessed, seen
from tests.portfolio.office import agree, an_award, set_rules
from verification.models import PlannedSample
from verification.sampling.countersigning import AT_ONCE, Basis, units_countersign, waiting_of, waiting_units
from verification.sampling.declared import sampled_in_full
from verification.sampling.planning import plan_make, plan_propose, planned_add, planned_leave_out

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def basis(centre, verifier):
    [one] = waiting_of(waiting_units(centre, verifier), centre)
    return one.basis


def make_plan(centre, verifier):
    proposal = plan_propose(centre=centre, verifier=verifier)
    assert proposal
    return plan_make(centre=centre, actor=verifier, seen=proposal.digest)


def countersign(centre, verifier, unit, password=PASSWORD):
    return units_countersign(centre=centre, actor=verifier, password=password, seen={unit.uuid: seen(unit)})


@pytest.fixture
def left_out(assessed_unit, centre, verifier, choose):
    """Pat's unit, which a plan considered and did not choose."""
    choose(centre, interim_share=10)
    make_plan(centre, verifier)
    return assessed_unit


def test_on_what_a_unit_can_be_signed_follows_the_plan_and_the_samples(assessed_unit, centre, verifier, choose, sample):
    assert basis(centre, verifier) == Basis.UNPLANNED
    choose(centre, interim_share=10)
    make_plan(centre, verifier)
    assert basis(centre, verifier) == Basis.LEFT_OUT
    planned = planned_add(unit=assessed_unit, actor=verifier, reason="A new workplace.")
    assert basis(centre, verifier) == Basis.PLANNED
    planned_leave_out(planned=planned, actor=verifier, reason="Too far away.")
    assert basis(centre, verifier) == Basis.LEFT_OUT
    sample(assessed_unit, agrees=False, words="One day only.")
    assert basis(centre, verifier) == Basis.DISAGREED
    sample(assessed_unit)
    assert basis(centre, verifier) == Basis.SAMPLED


def test_a_plan_from_before_the_sign_off_left_nothing_out(judged_unit, centre, verifier, assessor, choose):
    choose(centre, summative_share=10)
    make_plan(centre, verifier)
    make_assessed(judged_unit, assessor)
    assert basis(centre, verifier) == Basis.UNPLANNED
    [done] = countersign(centre, verifier, judged_unit)
    assert done.signature is None
    assert open_version(judged_unit).state == State.ASSESSED


def test_a_release_declares_it_and_the_form_says_so(left_out, centre, verifier):
    [done] = countersign(centre, verifier, left_out)
    signature = done.signature
    assert signature.released_by_plan_of == centre.today
    assert "I have not sampled this unit" in signature.declaration
    document = json.loads(signature.document.body)
    form = recording_form(document, digest=signature.document.digest)
    assert form.satisfaction.startswith("Not sampled: plan of ")
    assert "internal verifier" not in form.satisfaction
    assert FinalForm.objects.filter(signature=signature).exists()
    assert open_version(left_out).state == State.VERIFIED
    assert list(RecordCheck(with_files=False).faults()) == []
    signature.pk, signature.uuid, signature.stage = None, uuid.uuid4(), Stage.SUBMISSION
    signature._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        signature.save()  # no other signature releases: the database refuses it


def test_what_was_sampled_is_countersigned_as_ever_and_the_form_says_what_it_was(
    assessed_unit, centre, verifier, sample
):
    record = sample(assessed_unit, words="Judged as I would have.")
    [done] = countersign(centre, verifier, assessed_unit)
    document = json.loads(done.signature.document.body)
    [told] = document["sampled"]
    assert told["claims"] == [str(one.claim.uuid) for one in record.claims.order_by("pk")]
    assert record.words not in done.signature.document.body
    form = recording_form(document, digest=done.signature.document.digest)
    [sampled] = next(piece.sampled for piece in form.pieces.pieces if piece.sampled)
    assert sampled.startswith(initials(verifier.name))
    assert done.signature.released_by_plan_of is None
    assert "I have verified the assessment" in done.signature.declaration
    assert "released_by_plan_of" not in done.signature.told()


def test_a_wrong_password_signs_nothing_nor_do_too_many_units(left_out, centre, verifier):
    with pytest.raises(ValidationError, match="not your password"):
        countersign(centre, verifier, left_out, password="wrong")
    many = {uuid.UUID(int=number): "" for number in range(AT_ONCE + 1)}
    with pytest.raises(ValidationError, match=f"At most {AT_ONCE}"):
        units_countersign(centre=centre, actor=verifier, password=PASSWORD, seen=many)
    assert not Signature.objects.filter(stage=Stage.COUNTERSIGNATURE).exists()


def test_a_unit_of_somebody_else_is_not_signed(left_out, centre, assessor, coordinator):
    for person in (assessor, coordinator):
        [done] = countersign(centre, person, left_out)
        assert done.refused
    assert open_version(left_out).state == State.ASSESSED


def test_the_page_signs_what_is_ticked_with_one_password(client, left_out, centre, verifier, coordinator):
    client.force_login(verifier)
    award = an_award(left_out.revision)
    Registration.objects.filter(pk=left_out.registration_id).update(qualification=award)
    set_rules(centre, coordinator, award, direct_claims=False)
    agree(left_out.registration, coordinator)
    page = reverse("verification:countersign", args=[centre.uuid])
    here = f"{page}?portfolio={left_out.registration.uuid}"
    shown = client.get(here)
    assert b"The centre has no direct claims for this qualification" in shown.content
    assert b"left out by the plan of" in shown.content
    assert "Adjusted: Reader" in text_of(shown)
    [line] = shown.context["lines"]
    sent = {"unit": str(left_out.uuid), f"seen-{left_out.uuid}": line.seen, "password": PASSWORD}
    assert b"Tick the units that you sign." in client.post(here, {"password": PASSWORD}).content
    assert b"That is not your password" in client.post(here, sent | {"password": "x"}).content
    stale = client.post(here, sent | {f"seen-{left_out.uuid}": "old"}, follow=True)
    assert b"changed since you opened the page" in stale.content
    done = client.post(here, sent, follow=True)
    assert b"Signed 1 unit, 1 of them released without a sample." in done.content
    twice = client.post(here, sent, follow=True)
    assert b"was not signed" in twice.content
    assert Signature.objects.filter(stage=Stage.COUNTERSIGNATURE).count() == 1
    assert not PlannedSample.objects.exists()


def test_with_a_family_interest_the_plan_chooses_all_and_nothing_is_released(
    left_out, centre, verifier, assessor, choose, sample
):
    interest_declare(
        registration=left_out.registration,
        actor=assessor,
        person=assessor,
        kind=InterestKind.FAMILY,
        words="Her brother.",
    )
    assert basis(centre, verifier) == Basis.INTEREST
    with pytest.raises(ValidationError, match="a declared interest of Ann Assessor"):
        unit_release(unit=left_out, actor=verifier, password=PASSWORD, seen=seen(left_out), plan_of=centre.today)
    with pytest.raises(ValidationError, match="sampled before it is countersigned"):
        unit_countersign(unit=left_out, actor=verifier, password=PASSWORD, seen=seen(left_out))
    proposal = plan_propose(centre=centre, verifier=verifier)
    assert proposal
    [chosen] = proposal.chosen  # of nothing else, by this policy
    assert chosen.reasons == ("a declared interest of Ann Assessor",)
    sample(left_out)
    [done] = countersign(centre, verifier, left_out)
    assert done.signature.released_by_plan_of is None


def test_what_was_assessed_while_an_interest_held_is_sampled_though_it_was_withdrawn(
    judged_unit, verifier, assessor, coordinator
):
    unit = judged_unit
    about = {"registration": unit.registration, "actor": coordinator, "person": assessor, "words": "Her brother."}
    held = interest_declare(**about, kind=InterestKind.FAMILY)
    make_assessed(unit, assessor)
    interest_withdraw(interest=held, actor=coordinator, why="Another Pat.")
    with pytest.raises(ValidationError, match="sampled before it is countersigned: a declared interest of Ann"):
        unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))


def test_what_was_assessed_before_an_interest_that_was_withdrawn_is_not(assessed_unit, assessor, coordinator):
    about = {"registration": assessed_unit.registration, "actor": coordinator, "person": assessor, "words": "Hers."}
    held = interest_declare(**about, kind=InterestKind.FAMILY)
    assert sampled_in_full([assessed_unit.pk])
    interest_withdraw(interest=held, actor=coordinator, why="Another Pat.")
    assert sampled_in_full([assessed_unit.pk]) == {}
