"""The three signatures: who gives them, when, under what, and what they leave behind."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessments.models import FinalForm, PinnedEvidence, Signature, Stage
from assessments.recording_form.document import DECLARATIONS
from assessments.signing.services import gone_in_words, unit_countersign, unit_sign_off, unit_submit
from assessments.standing.unit_record import unit_record
from assessments.standing.worked_out import bring_up_to_date
from assessments.steps_back.services import unit_withdraw
from centres.models import Role
from centres.services.people import person_add
from portfolio.files.services import bytes_store
from portfolio.models import Allocation, Capacity, Claim, EvidenceFile, Participation
from portfolio.models.evidence import stored_path
from record.canonical import utc
from record.errors import ChangedMeanwhile, InvalidTransition
from record.models import CanonicalDocument
from record.services.documents import document_faults
from tests.assessments.cells.test_judgements import correct
from tests.assessments.steps import answer, events, give_back, judge, open_version
from tests.at_once import at_once
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, claim_make, judge_in_bulk, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# Who signs what, in which state, and where it leads.
SIGNING = {
    "claimed_unit": (unit_submit, "candidate", "submitted", Stage.SUBMISSION),
    "judged_unit": (unit_sign_off, "assessor", "assessed", Stage.SIGN_OFF),
    "assessed_unit": (unit_countersign, "verifier", "verified", Stage.COUNTERSIGNATURE),
}
PEOPLE = ["candidate", "assessor", "verifier", "coordinator", "outsider"]


@pytest.fixture(params=SIGNING)
def to_sign(request):
    """A unit with the service that signs it now and the person who may."""
    service, who, state, stage = SIGNING[request.param]
    return request.getfixturevalue(request.param), service, request.getfixturevalue(who), state, stage


def assert_nothing_was_signed(unit, state, signatures):
    assert open_version(unit).state == state
    assert Signature.objects.count() == signatures
    assert CanonicalDocument.objects.count() == signatures
    events(unit)


def test_a_signature_freezes_the_unit_and_moves_it_on(to_sign):
    unit, service, actor, state, stage = to_sign
    before, shown = events(unit), seen(unit)
    signature = service(unit=unit, actor=actor, password=PASSWORD, seen=shown)
    version = open_version(unit)
    assert (version.state, getattr(version, f"{state}_at")) == (state, signature.signed_at)
    assert (signature.stage, signature.signer.user, signature.declaration) == (stage, actor, DECLARATIONS[stage])
    assert document_faults(signature.document) == []
    assert json.loads(signature.document.body)["signing"]["stage"] == stage
    assert events(unit) == [*before, f"unit.{state}"]


def test_nobody_else_signs(to_sign, request):
    unit, service, actor, _, _ = to_sign
    state, signatures = open_version(unit).state, Signature.objects.count()
    for who in PEOPLE:
        other = request.getfixturevalue(who)
        if other != actor:
            with pytest.raises(PermissionDenied):
                service(unit=unit, actor=other, password=PASSWORD, seen=seen(unit))
    assert_nothing_was_signed(unit, state, signatures)


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " "])
def test_a_wrong_password_signs_nothing(to_sign, password):
    unit, service, actor, _, _ = to_sign
    state, signatures = open_version(unit).state, Signature.objects.count()
    with pytest.raises(ValidationError, match="not your password"):
        service(unit=unit, actor=actor, password=password, seen=seen(unit))
    assert_nothing_was_signed(unit, state, signatures)


def test_what_was_changed_since_the_page_was_shown_is_not_signed(to_sign, candidate, centre):
    unit, service, actor, _, _ = to_sign
    state, signatures, shown = open_version(unit).state, Signature.objects.count(), seen(unit)
    Claim.objects.filter(pk=unit_record(unit).claims[0].claim.pk).update(where="somewhere else")
    bring_up_to_date([unit])
    with pytest.raises(ChangedMeanwhile, match="changed since you opened"):
        service(unit=unit, actor=actor, password=PASSWORD, seen=shown)
    assert_nothing_was_signed(unit, state, signatures)


@pytest.fixture
def letter(evidence, settings, tmp_path):
    """Where the bytes of a file of evidence 1 lie."""
    settings.FILES_DIR, settings.INCOMING_DIR = tmp_path / "files", tmp_path / "incoming"
    stored = bytes_store(centre=evidence.registration.centre, content=b"Dear Pat")
    version = evidence.versions.get()
    EvidenceFile.objects.create(
        version=version, stored_file=stored, name="thanks.txt", position=1, content_type="text/plain"
    )
    return stored_path(stored)


@pytest.mark.parametrize("becomes", ["gone", "cut short"])
def test_nothing_is_signed_while_the_bytes_of_a_claimed_file_are_gone(letter, becomes, to_sign):
    unit, service, actor, after, _ = to_sign
    state, signatures = open_version(unit).state, Signature.objects.count()
    whole = letter.read_bytes()
    letter.unlink() if becomes == "gone" else letter.write_bytes(whole[:5])

    with pytest.raises(ValidationError, match=r"content of “thanks[.]txt” of evidence 1"):
        service(unit=unit, actor=actor, password=PASSWORD, seen=seen(unit))
    assert_nothing_was_signed(unit, state, signatures)

    letter.write_bytes(whole)
    service(unit=unit, actor=actor, password=PASSWORD, seen=seen(unit))
    assert open_version(unit).state == after


def test_the_bytes_of_a_file_that_is_not_claimed_hinder_no_signature(letter, unit, candidate):
    other = add_evidence(unit.registration, candidate, title="Another log")
    claim_in_bulk(unit, [other])
    letter.unlink()
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))


def test_many_files_that_are_gone_are_named_in_part():
    said = gone_in_words([(number, f"{number}.txt") for number in range(1, 13)])
    assert "“10.txt” of evidence 10, 2 more. Nothing" in said


def test_a_second_press_of_the_button_signs_nothing_more(to_sign):
    unit, service, actor, state, _ = to_sign
    shown = seen(unit)
    service(unit=unit, actor=actor, password=PASSWORD, seen=shown)
    signatures = Signature.objects.count()
    with pytest.raises(InvalidTransition, match="nothing for you to sign"):
        service(unit=unit, actor=actor, password=PASSWORD, seen=shown)
    assert_nothing_was_signed(unit, state, signatures)


@pytest.mark.parametrize(
    ("state", "service", "who"),
    [
        ("submitted_unit", unit_submit, "candidate"),
        ("assessed_unit", unit_submit, "candidate"),
        ("verified_unit", unit_submit, "candidate"),
        ("claimed_unit", unit_sign_off, "assessor"),
        ("assessed_unit", unit_sign_off, "assessor"),
        ("verified_unit", unit_sign_off, "assessor"),
        ("claimed_unit", unit_countersign, "verifier"),
        ("judged_unit", unit_countersign, "verifier"),
        ("verified_unit", unit_countersign, "verifier"),
    ],
)
def test_no_signature_is_given_in_another_state(state, service, who, request):
    unit = request.getfixturevalue(state)
    before, signatures = open_version(unit).state, Signature.objects.count()
    with pytest.raises(InvalidTransition):
        service(unit=unit, actor=request.getfixturevalue(who), password=PASSWORD, seen=seen(unit))
    assert_nothing_was_signed(unit, before, signatures)


def test_a_unit_without_a_claim_is_not_submitted(unit, evidence, candidate):
    with pytest.raises(ValidationError, match="Nothing is claimed"):
        unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))


def test_a_unit_with_gaps_may_be_submitted_but_not_signed_off(unit, evidence, candidate, assessor):
    criterion = unit.revision.criteria.filter(is_tickable=True).first()
    claim_make(unit=unit, evidence=evidence, criterion=criterion, where="", actor=candidate)
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    judge_in_bulk(unit, assessor)
    with pytest.raises(ValidationError, match="Not claimed: ") as refusal:
        unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    assert open_version(unit).state == "submitted"
    assert len(refusal.value.messages) == 1


def test_a_unit_that_is_not_judged_through_is_not_signed_off(submitted_unit, assessor):
    with pytest.raises(ValidationError) as refusal:
        unit_sign_off(unit=submitted_unit, actor=assessor, password=PASSWORD, seen=seen(submitted_unit))
    assert refusal.value.messages[0].startswith("Waiting for a judgement: B10.1.1 to B10.1.3, ")
    assert refusal.value.messages[1].startswith("The assessor has not stated")


def test_the_comment_and_the_time_are_the_same_in_the_row_and_in_the_document(judged_unit, assessor):
    signature = unit_sign_off(
        unit=judged_unit, actor=assessor, password=PASSWORD, seen=seen(judged_unit), comment=" Good.\r\nRene\u0301e "
    )
    assert signature.comment == "Good.\nRenée"
    signing = json.loads(signature.document.body)["signing"]
    assert signing["comment"] == "Good.\nRenée"
    assert signing["at"] == utc(signature.signed_at)  # to the second, which documents tell


def test_a_comment_that_cannot_be_kept_signs_nothing(judged_unit, assessor):
    with pytest.raises(ValidationError):
        unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=seen(judged_unit), comment="x" * 5001)
    assert_nothing_was_signed(judged_unit, "submitted", 1)


def test_the_countersignature_orders_the_final_form_with_the_same_transaction(assessed_unit, verifier):
    with pytest.raises(RuntimeError), transaction.atomic():
        unit_countersign(unit=assessed_unit, actor=verifier, password=PASSWORD, seen=seen(assessed_unit))
        raise RuntimeError("the power goes")
    assert (FinalForm.objects.count(), DBTaskResult.objects.count()) == (0, 0)
    assert_nothing_was_signed(assessed_unit, "assessed", 2)
    signature = unit_countersign(unit=assessed_unit, actor=verifier, password=PASSWORD, seen=seen(assessed_unit))
    assert FinalForm.objects.get().signature == signature
    assert DBTaskResult.objects.get().args_kwargs == {"args": [str(signature.uuid)], "kwargs": {}}


def test_the_submission_pins_what_was_claimed_and_a_return_lets_go_of_it(submitted_unit, evidence, candidate, assessor):
    correct(evidence, candidate, title="The log, complete")
    assert unit_record(submitted_unit).evidence[0].version.number == 1
    give_back(submitted_unit, assessor)
    assert unit_record(submitted_unit).evidence[0].version.number == 2


def test_the_sign_off_pins_the_assessors_own_record_and_its_withdrawal_lets_go_of_that_alone(
    judged_unit, evidence, candidate, assessor
):
    own = add_evidence(judged_unit.registration, assessor, title="Observation", kind="observation")
    criterion = judged_unit.revision.criteria.filter(is_tickable=True).first()
    claim_make(unit=judged_unit, evidence=own, criterion=criterion, where="", actor=assessor)
    unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=seen(judged_unit))
    correct(own, assessor, title="Observation, with the date")
    correct(evidence, candidate, title="The log, complete")
    assert [piece.version.number for piece in unit_record(judged_unit).evidence] == [1, 1]
    unit_withdraw(unit=judged_unit, actor=assessor, reason="A date.", stamp=open_version(judged_unit).stamp)
    assert [piece.version.number for piece in unit_record(judged_unit).evidence] == [1, 2]
    unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=seen(judged_unit))
    assert PinnedEvidence.objects.count() == 3
    assert [piece.version.number for piece in unit_record(judged_unit).evidence] == [1, 2]


def test_who_judged_does_not_countersign_whatever_the_allocation_says(
    assessed_unit, assessor, verifier, coordinator, centre
):
    person_add(centre=centre, actor=coordinator, name="", email=assessor.email, role=Role.INTERNAL_VERIFIER)
    Allocation.objects.filter(candidate_unit=assessed_unit).update(ended_at=timezone.now())
    Allocation.objects.create(
        candidate_unit=assessed_unit, user=assessor, capacity=Capacity.INTERNAL_VERIFIER, began_at=timezone.now()
    )
    bring_up_to_date([assessed_unit])
    with pytest.raises(ValidationError, match="taken part in this unit as its assessor"):
        unit_countersign(unit=assessed_unit, actor=assessor, password=PASSWORD, seen=seen(assessed_unit))
    assert_nothing_was_signed(assessed_unit, "assessed", 2)


def test_the_database_takes_a_signature_only_from_the_capacity_of_its_stage(assessed_unit, assessor):
    given = Signature.objects.get(stage=Stage.SIGN_OFF)
    document = CanonicalDocument.objects.create(body="{}", digest="0" * 64, key=given.document.key, signature="",
                                                created_at=timezone.now())  # fmt: skip
    with pytest.raises(IntegrityError, match="capacity of its stage"), transaction.atomic():
        Signature.objects.create(
            unit_version=given.unit_version,
            stage=Stage.COUNTERSIGNATURE,
            signer=Participation.objects.get(user=assessor),
            document=document,
            declaration="",
            signed_at=timezone.now(),
        )


def test_the_database_takes_one_standing_signature_a_stage(submitted_unit):
    given = Signature.objects.get()
    document = CanonicalDocument.objects.create(body="{}", digest="0" * 64, key=given.document.key, signature="",
                                                created_at=timezone.now())  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(
            unit_version=given.unit_version,
            stage=given.stage,
            signer=given.signer,
            document=document,
            declaration="",
            signed_at=timezone.now(),
        )


# --- At once ------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_presses_of_the_button_at_once_sign_once(judged_unit, assessor):
    shown = seen(judged_unit)
    results = at_once(*[lambda: unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=shown)] * 2)
    assert [isinstance(result, Signature) for result in results].count(True) == 1
    assert [isinstance(result, InvalidTransition) for result in results].count(True) == 1
    assert events(judged_unit).count("unit.assessed") == 1


@pytest.mark.django_db(transaction=True)
def test_a_sign_off_and_a_claim_at_once_leave_nothing_signed_unseen(judged_unit, evidence, assessor):
    own = add_evidence(judged_unit.registration, assessor, title="Observation", kind="observation")
    criterion = judged_unit.revision.criteria.filter(is_tickable=True).first()
    shown = seen(judged_unit)
    signed, claimed = at_once(
        lambda: unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=shown),
        lambda: claim_make(unit=judged_unit, evidence=own, criterion=criterion, where="", actor=assessor),
    )
    if isinstance(claimed, InvalidTransition):
        assert signed.stage == Stage.SIGN_OFF
    else:
        assert isinstance(signed, ChangedMeanwhile)
    events(judged_unit)


def test_a_judgement_between_page_and_signature_is_seen(judged_unit, assessor):
    shown = seen(judged_unit)
    judge(unit=judged_unit, actor=assessor, answers=[answer(judged_unit, 0, "not_yet", "No.")])
    with pytest.raises(ChangedMeanwhile):
        unit_sign_off(unit=judged_unit, actor=assessor, password=PASSWORD, seen=shown)
