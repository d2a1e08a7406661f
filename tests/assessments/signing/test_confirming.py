"""What an assessor or a verifier signs who holds no award on the day is confirmed by another, who does."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import FinalForm, Signature, Stage, UnitProgress
from assessments.proof.check import RecordCheck
from assessments.recording_form.document import unit_document
from assessments.recording_form.form import recording_form
from assessments.recording_form.services import final_form_render
from assessments.signing.services import (
    countersignature_confirm,
    sign_off_confirm,
    unit_countersign,
    unit_sign_off,
    unit_submit,
)
from assessments.standing.readiness import readiness
from assessments.standing.unit_record import unit_record
from assessments.steps_back.services import unit_reopen, unit_withdraw
from centres.models import Membership, Role, User
from centres.permissions import holds_award
from portfolio.models import Capacity
from portfolio.registrations.services import allocate
from record.errors import ChangedMeanwhile, InvalidTransition
from record.services.documents import document_freeze
from tests.assessments.home.test_stuck import stuck_in
from tests.assessments.pages import address, signed_in, text_of, units_actions
from tests.assessments.steps import events, last_told, open_version
from tests.cast import PASSWORD, disqualify, join, qualify, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def holds_none(user, coordinator) -> None:
    disqualify(coordinator, user)


def holds_it_now(user, coordinator) -> None:
    membership = Membership.objects.get(user=user)
    qualify(membership.centre, coordinator, user, Role(membership.role))


@pytest.fixture
def mentor(unit, centre, coordinator) -> User:
    """Mo, a further assessor of Pat's B10, who holds the award."""
    mo = join(centre, coordinator, "Mo Mentor", "mo@harbour.example", Role.ASSESSOR)
    allocate(unit=unit, actor=coordinator, user=mo, capacity=Capacity.ASSESSOR, leads=False)
    return mo


@pytest.fixture
def senior(unit, centre, coordinator) -> User:
    """Sia, a further internal verifier of Pat's B10, who holds the award."""
    sia = join(centre, coordinator, "Sia Senior", "sia@harbour.example", Role.INTERNAL_VERIFIER)
    allocate(unit=unit, actor=coordinator, user=sia, capacity=Capacity.INTERNAL_VERIFIER, leads=False)
    return sia


@pytest.fixture
def signed_off(judged_unit, assessor, coordinator):
    """Ann holds no award, and has signed B10 off."""
    holds_none(assessor, coordinator)
    unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=seen(judged_unit))
    return judged_unit


@pytest.fixture
def countersigned(assessed_unit, verifier, coordinator):
    """Ivy holds no award, and has countersigned B10."""
    holds_none(verifier, coordinator)
    unit_countersign(unit=assessed_unit, actor=verifier, password=PASSWORD, seen=seen(assessed_unit))
    return assessed_unit


def said(unit, actor, **more):
    return {"unit": unit, "actor": actor, "password": PASSWORD, "seen": seen(unit), **more}


def test_who_holds_the_award_signs_for_good(assessed_unit):
    given = Signature.objects.get(stage=Stage.SIGN_OFF)
    assert not given.needs_confirmation
    assert json.loads(given.document.body)["signing"]["needs_confirmation"] is False
    assert Stage.SIGN_OFF_CONFIRMED in unit_record(assessed_unit).signed


def test_whether_an_award_was_held_is_frozen_with_the_signature(signed_off, assessor, coordinator):
    given = Signature.objects.get(stage=Stage.SIGN_OFF)
    assert given.needs_confirmation
    assert json.loads(given.document.body)["signing"]["needs_confirmation"] is True
    holds_it_now(assessor, coordinator)
    assert holds_award(assessor, signed_off.registration.centre, Role.ASSESSOR)
    assert unit_record(signed_off).unconfirmed == given


def test_a_sign_off_that_waits_for_its_confirmation_is_assessed_and_not_countersigned(signed_off, verifier):
    assert open_version(signed_off).state == "assessed"
    with pytest.raises(ValidationError, match="An assessor who holds the award has not confirmed the sign-off"):
        unit_countersign(**said(signed_off, verifier))
    facts = unit_record(signed_off).facts
    missing = [one.sentence for one in readiness(facts, Stage.COUNTERSIGNATURE)]
    assert missing == ["An assessor who holds the award has not confirmed the sign-off."]
    assert readiness(facts, Stage.SIGN_OFF_CONFIRMED) == []


def test_another_who_holds_the_award_confirms_and_the_unit_goes_on(signed_off, mentor, verifier):
    given = sign_off_confirm(**said(signed_off, mentor, comment="I agree."))
    assert UnitProgress.objects.get(pk=signed_off).since == given.signed_at  # the verifier's wait begins with it
    assert (given.stage, given.needs_confirmation) == ("sign_off_confirmed", False)
    assert open_version(signed_off).state == "assessed"
    assert events(signed_off)[-1] == "unit.sign_off_confirmed"
    assert last_told(signed_off)["signature"] == given.told()
    assert json.loads(given.document.body)["signatures"][-1]["needs_confirmation"] is True
    unit_countersign(**said(signed_off, verifier))
    assert FinalForm.objects.count() == 1
    assert list(RecordCheck().faults()) == []


def test_nobody_confirms_who_may_not(signed_off, assessor, mentor, candidate, verifier, coordinator, outsider):
    for actor in (assessor, candidate, verifier, coordinator, outsider):
        with pytest.raises(PermissionDenied):
            sign_off_confirm(**said(signed_off, actor))
    holds_none(mentor, coordinator)
    with pytest.raises(PermissionDenied):
        sign_off_confirm(**said(signed_off, mentor))
    assert not Signature.objects.filter(stage=Stage.SIGN_OFF_CONFIRMED).exists()


def test_nor_once_the_lead_holds_the_award_themselves(signed_off, assessor, coordinator):
    holds_it_now(assessor, coordinator)
    with pytest.raises(PermissionDenied):
        sign_off_confirm(**said(signed_off, assessor))


def test_it_wants_the_password_and_what_was_seen(signed_off, mentor):
    with pytest.raises(ValidationError, match="That is not your password"):
        sign_off_confirm(**said(signed_off, mentor) | {"password": "wrong"})
    with pytest.raises(ChangedMeanwhile):
        sign_off_confirm(**said(signed_off, mentor) | {"seen": "0" * 64})


def test_what_asks_for_no_confirmation_gets_none(assessed_unit, mentor):
    with pytest.raises(InvalidTransition, match="Nothing in this unit waits for a confirmation"):
        sign_off_confirm(**said(assessed_unit, mentor))


def test_the_database_takes_no_confirmation_of_oneself(signed_off):
    given = Signature.objects.get(stage=Stage.SIGN_OFF)
    with (
        pytest.raises(IntegrityError, match="a confirmation is of a signature that somebody else gave"),
        transaction.atomic(),
    ):
        Signature.objects.create(
            unit_version=given.unit_version,
            stage=Stage.SIGN_OFF_CONFIRMED,
            signer=given.signer,
            document=document_freeze(document={}),
            declaration="",
            signed_at=timezone.now(),
        )


def test_a_step_back_supersedes_the_confirmation_too(signed_off, assessor, mentor):
    sign_off_confirm(**said(signed_off, mentor))
    unit_withdraw(unit=signed_off, actor=assessor, reason="A date.", stamp=open_version(signed_off).stamp)
    standing = Signature.objects.filter(superseded_at__isnull=True)
    assert [given.stage for given in standing] == ["submission"]
    unit_sign_off(**said(signed_off, assessor))
    assert unit_record(signed_off).unconfirmed
    sign_off_confirm(**said(signed_off, mentor))
    assert list(RecordCheck().faults()) == []


@pytest.mark.long
def test_no_final_form_is_made_before_the_countersignature_is_confirmed(countersigned, senior, candidate):
    assert open_version(countersigned).state == "verified"
    assert not FinalForm.objects.exists()
    assert list(RecordCheck().faults()) == []
    given = countersignature_confirm(**said(countersigned, senior))
    assert FinalForm.objects.get().signature == given
    final_form_render(signature=given.uuid)
    form = FinalForm.objects.get()
    assert form.rendered_at
    page = signed_in(candidate).get(address("form", countersigned))
    assert page["Content-Type"] == "application/pdf"
    assert "draft" not in page["Content-Disposition"]
    assert list(RecordCheck().faults()) == []


def test_a_unit_whose_countersignature_waits_can_be_reopened_and_then_asks_for_all_of_them(
    countersigned, verifier, senior, candidate, assessor
):
    unit_reopen(unit=countersigned, actor=verifier, reason="A date.", stamp=open_version(countersigned).stamp)
    assert not Signature.objects.filter(superseded_at__isnull=True).exists()
    unit_submit(**said(countersigned, candidate))
    unit_sign_off(**said(countersigned, assessor))
    unit_countersign(**said(countersigned, verifier))
    countersignature_confirm(**said(countersigned, senior))
    assert FinalForm.objects.count() == 1


def test_the_form_shows_who_confirmed(countersigned, senior):
    form = recording_form(unit_document(unit_record(countersigned)), digest=None)
    assert [(line.label, line.name) for line in form.signatures] == [
        ("Candidate’s signature", "Pat Candidate"),
        ("Assessor’s signature", "Ann Assessor"),
        ("Internal verifier’s signature", "Ivy Verifier"),
        ("Confirmed by a verifier with the award", ""),
    ]
    given = countersignature_confirm(**said(countersigned, senior))
    document = json.loads(given.document.body)
    form = recording_form(document, digest=given.document.digest)
    assert not form.is_draft
    assert form.signatures[-1].name == "Sia Senior"
    assert form.signatures[-1].signed == given.document.digest[:12]


def test_a_countersignature_to_be_confirmed_prints_as_a_draft(countersigned):
    given = Signature.objects.get(stage=Stage.COUNTERSIGNATURE)
    assert recording_form(json.loads(given.document.body), digest=given.document.digest).is_draft


def test_the_record_is_checked_for_a_confirmation_that_is_missing_or_that_nothing_asks_for(signed_off, mentor):
    given = sign_off_confirm(**said(signed_off, mentor))
    other = "other signatures stand in it than that asks for"
    Signature.objects.filter(pk=given.pk).update(superseded_at=timezone.now())
    assert not any(other in fault for fault in RecordCheck().faults())  # it waits again
    Signature.objects.filter(stage=Stage.SIGN_OFF).update(superseded_at=timezone.now())
    assert any(other in fault for fault in RecordCheck().faults())


# --- Pages ------------------------------------------------------------------------------------------


def test_the_pages_lead_from_the_sign_off_to_its_confirmation(judged_unit, assessor, mentor, verifier, coordinator):
    holds_none(assessor, coordinator)
    browser, page = signed_in(assessor), address("sign", judged_unit)
    shown = browser.get(page)
    assert "Then an assessor who holds the award confirms it." in text_of(shown)
    answered = browser.post(page, {"password": PASSWORD, "seen": shown.context["seen"]}, follow=True)
    waits = "Ann Assessor signed this unit off, and no assessor’s award of theirs was on record that day."
    assert waits in text_of(answered)
    assert "sign" not in units_actions(browser.get(address("unit", judged_unit)))
    assert "sign" not in units_actions(signed_in(verifier).get(address("unit", judged_unit)))

    browser = signed_in(mentor)
    assert "signed off: confirm it 30 of 30 met Confirm" in text_of(browser.get("/"))
    assert "Confirm the sign-off" in text_of(browser.get(address("unit", judged_unit)))
    shown = browser.get(page)
    assert "confirm the sign-off of the assessor, who works towards theirs" in text_of(shown)
    answered = browser.post(page, {"password": PASSWORD, "seen": shown.context["seen"]}, follow=True)
    assert "Signed. The code" in text_of(answered)
    assert waits not in text_of(answered)
    assert "Sign-off confirmed by Mo Mentor" in text_of(answered)
    again = browser.post(page, {"password": PASSWORD, "seen": "x"}, follow=True)
    assert "You pressed the button twice" in text_of(again)
    assert "sign" in units_actions(signed_in(verifier).get(address("unit", judged_unit)))


def to_countersign(user) -> str:
    return text_of(signed_in(user).get("/")).partition("To countersign")[2]


def test_no_verifier_finds_it_in_their_queue_until_then(signed_off, mentor, verifier):
    assert "Nothing waits for you" in to_countersign(verifier)
    sign_off_confirm(**said(signed_off, mentor))
    assert "Nothing waits for you" not in to_countersign(verifier)


def test_a_verifier_with_the_award_finds_what_they_can_confirm(countersigned, senior, verifier, candidate):
    assert "Nothing waits for you" in to_countersign(verifier)
    assert "Pat Candidate: B10" in to_countersign(senior)
    assert "Confirm B10 of Pat Candidate" in to_countersign(senior)
    assert "Download the form" not in text_of(signed_in(candidate).get("/"))
    countersignature_confirm(**said(countersigned, senior))
    assert "Nothing waits for you" in to_countersign(senior)


def test_what_waits_for_a_confirmation_is_stuck(signed_off, mentor, centre):
    [group] = stuck_in(centre)
    assert (group.reason, [held.who for held in group.units]) == ("unconfirmed", ["the sign-off"])
    sign_off_confirm(**said(signed_off, mentor))
    assert stuck_in(centre) == []


def test_a_countersignature_that_waits_is_stuck_too(countersigned, senior, centre):
    [group] = stuck_in(centre)
    assert (group.reason, [held.who for held in group.units]) == ("unconfirmed", ["the countersignature"])
    countersignature_confirm(**said(countersigned, senior))
    assert stuck_in(centre) == []


def test_an_award_that_comes_between_judging_and_signing_counts(judged_unit, assessor, coordinator):
    holds_none(assessor, coordinator)
    page = signed_in(assessor).get(address("sign", judged_unit))
    assert "Then an assessor who holds the award confirms it." in text_of(page)
    holds_it_now(assessor, coordinator)
    unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=page.context["seen"])
    assert unit_record(judged_unit).unconfirmed is None


def test_one_that_ends_between_them_does_not(judged_unit, assessor, coordinator):
    seen_before = seen(judged_unit)
    holds_none(assessor, coordinator)
    unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=seen_before)
    assert unit_record(judged_unit).unconfirmed


def test_one_that_comes_before_the_confirmation_leaves_it_wanted_unless_they_sign_again(
    signed_off, assessor, coordinator, mentor, verifier
):
    holds_it_now(assessor, coordinator)
    assert "Nothing waits for you" in to_countersign(verifier)
    assert "sign_off_confirmed" in str(signed_in(mentor).get(address("sign", signed_off)).context["stage"])
    unit_withdraw(unit=signed_off, actor=assessor, reason="I hold it now.", stamp=open_version(signed_off).stamp)
    unit_sign_off(**said(signed_off, assessor))
    assert "Nothing waits for you" not in to_countersign(verifier)


def test_who_loses_the_award_confirms_no_more_and_does_not_find_it_at_home(signed_off, mentor, coordinator):
    assert "confirm it" in text_of(signed_in(mentor).get("/"))
    holds_none(mentor, coordinator)
    assert "confirm it" not in text_of(signed_in(mentor).get("/"))


# --- The coordinator learns of it -------------------------------------------------------------------


def test_who_allocates_learns_that_nobody_confirms_and_what_to_do(unit, centre, coordinator, assessor):
    browser, page = signed_in(coordinator), reverse("portfolio:allocate", args=[centre.uuid, unit.uuid])
    assert "can confirm" not in text_of(browser.get(page))
    holds_none(assessor, coordinator)
    nobody = "Ann Assessor holds no award on record as assessor, and nobody who works on this unit can confirm"
    assert nobody in text_of(browser.get(page))
    assert "Nobody else here could: put another’s award on record" in text_of(browser.get(page))
    mo = join(centre, coordinator, "Mo Mentor", "mo@harbour.example", Role.ASSESSOR)
    assert "Let somebody who holds one work on it too: Mo Mentor." in text_of(browser.get(page))
    allocate(unit=unit, actor=coordinator, user=mo, capacity=Capacity.ASSESSOR, leads=False)
    assert nobody not in text_of(browser.get(page))
