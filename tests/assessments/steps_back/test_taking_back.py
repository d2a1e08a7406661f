"""The candidate takes back what they have submitted, as long as nobody has worked on it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.models import Return, Signature, UnitProgress
from assessments.proof.check import RecordCheck
from assessments.signing.services import unit_submit
from assessments.steps_back.services import unit_return, unit_take_back
from portfolio.models import Claim
from record.errors import ChangedMeanwhile, InvalidTransition
from standards.models import Criterion
from tests.assessments.pages import signed_in, text_of
from tests.assessments.steps import events, last_told, open_version
from tests.cast import PASSWORD, add_evidence, claim_make, judge_in_bulk, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def take_back(unit, actor, stamp=None):
    return unit_take_back(unit=unit, actor=actor, stamp=open_version(unit).stamp if stamp is None else stamp)


def url(unit, route="take_back"):
    return reverse(f"assessments:{route}", kwargs={"centre": unit.registration.centre.uuid, "unit": unit.uuid})


def test_it_is_collected_again_and_the_signature_counts_no_more(submitted_unit, candidate):
    step = take_back(submitted_unit, candidate)

    assert open_version(submitted_unit).state == "collecting"
    assert (step.kind, step.from_state, step.reason, step.author.user) == ("taken_back", "submitted", "", candidate)
    assert Signature.objects.get().superseded_at == step.made_at
    assert events(submitted_unit)[-1] == "unit.taken_back"
    assert last_told(submitted_unit)["return"] == step.told()
    assert UnitProgress.objects.get(candidate_unit=submitted_unit).turn == "candidate"
    assert list(RecordCheck().faults()) == []


def test_it_is_submitted_and_taken_back_again(submitted_unit, candidate):
    take_back(submitted_unit, candidate)
    unit_submit(unit=submitted_unit, actor=candidate, password=PASSWORD, seen=seen(submitted_unit))
    take_back(submitted_unit, candidate)

    assert Return.objects.count() == 2


def record(unit, assessor):
    add = add_evidence(unit.registration, assessor)
    claim_make(
        unit=unit,
        evidence=add,
        criterion=Criterion.objects.filter(revision=unit.revision, kind="performance")[0],
        where="",
        actor=assessor,
    )


@pytest.mark.parametrize("work", [judge_in_bulk, record], ids=["judged", "recorded"])
def test_once_somebody_has_worked_on_it_the_candidate_asks_them(submitted_unit, candidate, assessor, work):
    work(submitted_unit, assessor)
    before = events(submitted_unit)
    with pytest.raises(InvalidTransition, match="Ask them to return it to you"):
        take_back(submitted_unit, candidate)

    assert events(submitted_unit) == before
    client = signed_in(candidate)
    unit_page = text_of(client.get(url(submitted_unit, "unit")))
    assert "Take it back" not in unit_page
    assert "Ask them to return it to you" in unit_page
    assert "Ask them to return it to you" in text_of(client.get(url(submitted_unit), follow=True))


def test_what_was_judged_before_it_was_submitted_holds_nothing_up(claimed_unit, candidate, assessor):
    judge_in_bulk(claimed_unit, assessor)
    unit_submit(unit=claimed_unit, actor=candidate, password=PASSWORD, seen=seen(claimed_unit))

    assert take_back(claimed_unit, candidate).kind == "taken_back"


@pytest.mark.parametrize("who", ["assessor", "verifier", "coordinator", "outsider"])
def test_only_the_candidate_takes_it_back(submitted_unit, who, request):
    with pytest.raises(PermissionDenied):
        take_back(submitted_unit, request.getfixturevalue(who))


@pytest.mark.parametrize("state", ["claimed_unit", "assessed_unit", "verified_unit"])
def test_only_what_is_submitted_is_taken_back(state, request, candidate):
    unit = request.getfixturevalue(state)
    with pytest.raises(InvalidTransition):
        take_back(unit, candidate)


def test_a_page_that_is_out_of_date_changes_nothing(submitted_unit, candidate, assessor):
    stamp = open_version(submitted_unit).stamp
    unit_return(unit=submitted_unit, actor=assessor, reason="One more occasion.", stamp=stamp)
    with pytest.raises(ChangedMeanwhile):
        take_back(submitted_unit, candidate, stamp)


def test_one_press_on_a_page_that_asks_nothing(submitted_unit, candidate, assessor):
    client = signed_in(candidate)
    assert "Take it back" in text_of(client.get(url(submitted_unit, "unit")))
    page = client.get(url(submitted_unit))
    assert ("You can change evidence and claims again." in text_of(page), "reason" in page.context["form"].fields) == (
        True,
        False,
    )

    stamp = {"stamp": open_version(submitted_unit).stamp}
    said = text_of(client.post(url(submitted_unit), stamp, follow=True))
    assert "Taken back. You can change evidence and claims again." in said
    assert "Taken back by the candidate" in said
    assert "it was done once" in text_of(client.post(url(submitted_unit), stamp, follow=True))  # pressed twice
    assert Return.objects.count() == 1

    # Nobody is told that it came back to them.
    assert "came back" not in text_of(client.get("/"))
    assert Claim.objects.filter(withdrawn_at=None).exists()
    assert "came back" not in text_of(signed_in(assessor).get("/"))
