"""Steps back: returned, withdrawn, reopened. Always with a reason, and nothing signed is lost."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assessments.models import Outcome, Return, Signature
from assessments.recording_form.services import final_form_render
from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from assessments.standing.unit_record import unit_record
from assessments.steps_back.services import unit_reopen, unit_return, unit_withdraw
from portfolio.models import UnitVersion
from portfolio.models.evidence import stored_path
from record.errors import ChangedMeanwhile, InvalidTransition
from tests.assessments.steps import answer_all, events, last_told, open_version
from tests.at_once import at_once
from tests.cast import PASSWORD, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

# state, service, who may, the state it leads to, which signatures still stand, the event
STEPS = {
    "return to the candidate": ("submitted_unit", unit_return, "assessor", "collecting", [], "unit.returned"),
    "return to the assessor": (
        "assessed_unit", unit_return, "verifier", "submitted", ["submission"], "unit.returned",
    ),
    "withdraw": ("assessed_unit", unit_withdraw, "assessor", "submitted", ["submission"], "unit.withdrawn"),
    "reopen": ("verified_unit", unit_reopen, "verifier", "collecting", [], "unit.reopened"),
}  # fmt: skip
PEOPLE = ["candidate", "assessor", "verifier", "coordinator", "outsider"]
REASON = "The second occasion is missing."


@pytest.fixture(params=STEPS.values(), ids=[*STEPS])
def step(request):
    state, service, who, to, standing, event = request.param
    return request.getfixturevalue(state), service, request.getfixturevalue(who), to, standing, event


def test_a_step_back_is_recorded_and_supersedes_only_what_lies_beyond(step):
    unit, service, actor, to, standing, event = step
    version, before = open_version(unit), events(unit)
    signatures = Signature.objects.count()
    done = service(unit=unit, actor=actor, reason=REASON, stamp=version.stamp)
    assert (done.reason, done.from_state, done.author.user, done.unit_version) == (
        REASON, version.state, actor, version,
    )  # fmt: skip
    assert open_version(unit).state == to
    assert [given.stage for given in unit_record(unit).signatures] == standing
    assert Signature.objects.count() == signatures
    asks = ["action.asked"] if to == "submitted" and service is unit_return else []  # what the verifier wants done
    assert events(unit) == [*before, event, *asks]
    assert asks or last_told(unit)["return"] == done.told()


@pytest.mark.parametrize("reason", ["", " \r\n "])
def test_no_step_back_without_a_reason(step, reason):
    unit, service, actor, *_ = step
    version, before = open_version(unit), events(unit)
    with pytest.raises(ValidationError):
        service(unit=unit, actor=actor, reason=reason, stamp=version.stamp)
    assert (open_version(unit).state, events(unit), Return.objects.count()) == (version.state, before, 0)


def test_nobody_else_takes_it(step, request):
    unit, service, actor, *_ = step
    version = open_version(unit)
    for who in PEOPLE:
        other = request.getfixturevalue(who)
        if other != actor:
            with pytest.raises((PermissionDenied, InvalidTransition)):
                service(unit=unit, actor=other, reason=REASON, stamp=version.stamp)
    assert (open_version(unit).state, Return.objects.count()) == (version.state, 0)


def test_a_page_that_is_out_of_date_changes_nothing(step):
    unit, service, actor, *_ = step
    version = open_version(unit)
    with pytest.raises(ChangedMeanwhile, match="This unit was changed since"):
        service(unit=unit, actor=actor, reason=REASON, stamp=version.stamp - 1)
    assert (open_version(unit).state, Return.objects.count()) == (version.state, 0)


def test_a_second_press_of_the_button_changes_nothing_more(step):
    unit, service, actor, to, *_ = step
    stamp = open_version(unit).stamp
    service(unit=unit, actor=actor, reason=REASON, stamp=stamp)
    with pytest.raises(ValidationError):
        service(unit=unit, actor=actor, reason=REASON, stamp=stamp)
    assert (open_version(unit).state, Return.objects.count()) == (to, 1)


def test_the_step_and_its_event_stand_or_fall_together(step):
    unit, service, actor, *_ = step
    version, before, standing = open_version(unit), events(unit), len(unit_record(unit).signatures)
    with pytest.raises(RuntimeError), transaction.atomic():
        service(unit=unit, actor=actor, reason=REASON, stamp=version.stamp)
        raise RuntimeError("the power goes")
    assert (open_version(unit).state, events(unit)) == (version.state, before)
    assert len(unit_record(unit).signatures) == standing


@pytest.mark.parametrize(
    ("state", "service", "who"),
    [
        ("claimed_unit", unit_return, "assessor"),
        ("assessed_unit", unit_return, "assessor"),
        ("submitted_unit", unit_return, "verifier"),
        ("verified_unit", unit_return, "verifier"),
        ("claimed_unit", unit_withdraw, "assessor"),
        ("submitted_unit", unit_withdraw, "assessor"),
        ("verified_unit", unit_withdraw, "assessor"),
        ("claimed_unit", unit_reopen, "verifier"),
        ("submitted_unit", unit_reopen, "verifier"),
        ("assessed_unit", unit_reopen, "verifier"),
    ],
)
def test_no_step_back_from_another_state(state, service, who, request):
    unit = request.getfixturevalue(state)
    version = open_version(unit)
    with pytest.raises(InvalidTransition, match="Nothing was changed"):
        service(unit=unit, actor=request.getfixturevalue(who), reason=REASON, stamp=version.stamp)
    assert (open_version(unit).state, Return.objects.count()) == (version.state, 0)


def test_a_returned_unit_can_be_submitted_and_signed_again(assessed_unit, candidate, assessor, verifier):
    unit = assessed_unit
    unit_return(unit=unit, actor=verifier, reason=REASON, stamp=open_version(unit).stamp)
    unit_return(unit=unit, actor=assessor, reason=REASON, stamp=open_version(unit).stamp)
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    answer_all(unit)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    record = unit_record(unit)
    assert (record.version.number, record.version.state) == (1, "verified")
    assert [given.stage for given in record.signatures] == ["submission", "sign_off", "countersignature"]
    assert len(record.given) == 5


@pytest.mark.long
def test_a_reopened_unit_goes_on_as_a_new_version_with_its_claims_and_judgements(
    verified_unit, candidate, assessor, verifier
):
    unit = verified_unit
    [signature] = Signature.objects.filter(stage="countersignature")
    final_form_render(signature=signature.uuid)
    signature.final_form.refresh_from_db()
    assert signature.final_form.stored_file is not None
    form = stored_path(signature.final_form.stored_file).read_bytes()
    unit_reopen(unit=unit, actor=verifier, reason=REASON, stamp=open_version(unit).stamp)

    versions = UnitVersion.objects.filter(candidate_unit=unit).order_by("number")
    assert [(version.number, version.state, version.closed_at is None) for version in versions] == [
        (1, "verified", False),
        (2, "collecting", True),
    ]
    record = unit_record(unit)
    assert {claim.outcome for claim in record.claims} == {Outcome.MET}
    assert record.musts[0][1] is not None
    assert record.signatures == ()

    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    again = unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    final_form_render(signature=again.uuid)
    signature.refresh_from_db()
    assert signature.superseded_at is not None
    assert stored_path(signature.final_form.stored_file).read_bytes() == form
    again.final_form.refresh_from_db()
    assert again.final_form.stored_file != signature.final_form.stored_file


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_and_a_countersignature_at_once_leave_one_of_them(assessed_unit, assessor, verifier):
    unit, shown, stamp = assessed_unit, seen(assessed_unit), open_version(assessed_unit).stamp
    results = at_once(
        lambda: unit_withdraw(unit=unit, actor=assessor, reason=REASON, stamp=stamp),
        lambda: unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=shown),
    )
    refused = [result for result in results if isinstance(result, ValidationError)]
    assert len(refused) == 1, results
    assert open_version(unit).state == ("verified" if refused[0] is results[0] else "submitted")
    events(unit)


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_unit_reopened_four_times_at_once_is_reopened_once_and_the_others_are_told(verified_unit, verifier):
    unit, stamp = verified_unit, open_version(verified_unit).stamp
    results = at_once(*[lambda: unit_reopen(unit=unit, actor=verifier, reason=REASON, stamp=stamp)] * 4)
    done = [result for result in results if isinstance(result, Return)]
    told = [result.messages for result in results if isinstance(result, ChangedMeanwhile)]
    sentence = (
        "This unit was changed since you opened the page. It is collecting now. Nothing was overwritten: look at it "
        "again, then decide."
    )
    assert (len(done), told) == (1, [[sentence]] * 3), results
    assert events(unit).count("unit.reopened") == 1
    assert open_version(unit).number == 2
