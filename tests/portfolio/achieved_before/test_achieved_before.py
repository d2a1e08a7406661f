"""Units achieved before: recorded, checked by an assessor, agreed by a verifier, counted, and taken back."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from portfolio.achieved_before.services import (
    AchievedSaid,
    achieved_before_check,
    achieved_before_record,
    achieved_before_take_back,
)
from portfolio.evidence.services import evidence_remove
from portfolio.interests.services import interest_declare
from portfolio.models import AchievedBefore, AchievedBeforeCheck, InterestKind
from portfolio.registrations.choosing import unit_choice
from portfolio.registrations.unit_choice import unit_choose
from record.proof import chain_faults
from tests.cast import PASSWORD, add_evidence, claim_in_bulk
from tests.portfolio.files.typed import address, another_unit, words
from tests.portfolio.qualified import revision_of, unit_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

SAID: dict[str, Any] = {
    "where": "certificate",
    "day": datetime.date(2024, 5, 2),
    "shown_by": "The certificate.",
    "number": "UC 7",
}


def record(registration, actor, code="M1", **changed) -> AchievedBefore:
    said = SAID | changed
    revision = said.pop("revision", None) or revision_of(code)
    said["certificate_number"] = said.pop("number")
    return achieved_before_record(registration=registration, actor=actor, revision=revision, said=AchievedSaid(**said))


def check(achieved, person, password=PASSWORD) -> AchievedBeforeCheck:
    return achieved_before_check(achieved=achieved, actor=person, password=password)


def test_it_counts_once_an_assessor_has_checked_it_and_needs_no_grid(qualified, coordinator, assessor, verifier):
    achieved = record(qualified, coordinator)
    before = unit_choice(qualified)
    check(achieved, assessor)
    check(achieved, verifier)
    after = unit_choice(qualified)
    assert before.combination and after.combination
    assert before.combination.progress == "0 of 2 units are verified."
    assert after.combination.progress == "0 of 2 units are verified, and 1 was achieved before."
    assert [offered.revision.unit.code for offered in after.achieved] == ["M1"]
    assert unit_in(qualified, "M1").set_aside_at is not None
    assert [one.capacity for one in achieved.checks.all()] == ["assessor", "internal_verifier"]
    assert not chain_faults(qualified.chain)


def test_the_evidence_that_shows_it_stays(qualified, coordinator, candidate):
    piece = add_evidence(qualified, candidate)
    achieved = record(qualified, coordinator, evidence=piece)
    with pytest.raises(ValidationError, match="shows that a unit was achieved before"):
        evidence_remove(evidence=piece, actor=candidate)
    achieved_before_take_back(achieved=achieved, actor=coordinator, reason="Typed wrongly.")
    evidence_remove(evidence=piece, actor=candidate)


def test_who_has_declared_an_interest_checks_nothing(qualified, coordinator, assessor):
    about = {"registration": qualified, "actor": coordinator, "person": assessor}
    interest_declare(**about, kind=InterestKind.FAMILY, words="Her brother.")
    with pytest.raises(PermissionDenied):
        check(record(qualified, coordinator), assessor)


def test_the_rule_is_met_by_units_achieved_before(qualified, coordinator, assessor):
    for code in ("M1", "M2", "O1"):
        check(record(qualified, coordinator, code), assessor)
    choice = unit_choice(qualified)
    assert choice.combination
    assert choice.combination.is_complete


def test_a_unit_with_claims_goes_on_here(qualified, coordinator, candidate, assessor):
    claimed_later = record(qualified, coordinator, "M2")
    for code in ("M1", "M2"):
        claim_in_bulk(unit_in(qualified, code), [add_evidence(qualified, candidate)])
    with pytest.raises(ValidationError, match="Criteria of M1 are claimed in this portfolio"):
        record(qualified, coordinator)
    with pytest.raises(ValidationError, match="Criteria of M2 are claimed in this portfolio"):
        check(claimed_later, assessor)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": datetime.date(2999, 1, 1)}, "in the future"),
        ({"day": datetime.date(24, 1, 1)}, "all four digits"),
        ({"shown_by": ""}, "cannot be blank"),
        ({"number": ""}, "Give the number of the certificate"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(qualified, coordinator, changed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        record(qualified, coordinator, **changed)
    assert not AchievedBefore.objects.exists()


def test_it_is_refused_for_a_unit_outside_the_rule_twice_and_with_evidence_of_another(
    qualified, coordinator, registration, candidate
):
    with pytest.raises(ValidationError, match="is not a unit of this registration"):
        record(qualified, coordinator, revision=another_unit())
    with pytest.raises(ValidationError, match="This evidence is not in the portfolio"):
        record(qualified, coordinator, evidence=add_evidence(registration, candidate))
    record(qualified, coordinator)
    with pytest.raises(ValidationError, match="recorded as achieved before already"):
        record(qualified, coordinator)


def test_who_checks_is_an_assessor_with_their_password_and_another_than_who_agrees(
    qualified, candidate, coordinator, assessor, verifier, outsider
):
    with pytest.raises(PermissionDenied):
        record(qualified, candidate)
    achieved = record(qualified, assessor)
    for person in (candidate, coordinator, verifier, outsider):
        with pytest.raises(PermissionDenied):
            check(achieved, person)
    with pytest.raises(ValidationError, match="not your password"):
        check(achieved, assessor, "wrong")
    check(achieved, assessor)
    with pytest.raises(PermissionDenied):
        check(achieved, assessor)


def test_taken_back_it_counts_no_more_and_the_unit_can_be_taken_again(qualified, coordinator, assessor):
    achieved = record(qualified, coordinator)
    check(achieved, assessor)
    with pytest.raises(ValidationError, match="M1 was achieved before"):
        unit_choose(registration=qualified, actor=coordinator, revision=revision_of("M1"))
    with pytest.raises(ValidationError):
        achieved_before_take_back(achieved=achieved, actor=coordinator, reason="")
    achieved_before_take_back(achieved=achieved, actor=coordinator, reason="The certificate is another's.")
    achieved_before_take_back(achieved=achieved, actor=coordinator, reason="Twice.")
    unit_choose(registration=qualified, actor=coordinator, revision=revision_of("M1"))
    assert unit_in(qualified, "M1").set_aside_at is None
    assert not unit_choice(qualified).achieved


def test_the_pages_take_it_all(client, qualified, coordinator, assessor):
    client.force_login(coordinator)
    url = address("portfolio:achieved_before_add", qualified, portfolio=qualified.uuid)
    form = {"unit": str(revision_of("M1").unit.uuid), "where": "certificate", "day": "2024-05-02", "shown_by": "Seen."}
    assert "Give the number of the certificate." in words(client.post(url, form))
    page = words(client.post(url, form | {"certificate_number": "UC 7"}, follow=True))
    assert "It does not count yet: an assessor checks first what shows it." in page
    achieved = AchievedBefore.objects.get()
    units = address("portfolio:units", qualified, portfolio=qualified.uuid)
    assert "Achieved before, to be checked" in words(client.get(units))
    here = address("portfolio:achieved_before", qualified, achieved=achieved.uuid)
    assert client.post(here, {"do": "check", "password": PASSWORD}).status_code == 403  # no assessor
    client.force_login(assessor)
    assert "That is not your password" in words(client.post(here, {"do": "check", "password": "wrong"}))
    assert "Checked by Ann Assessor" in words(client.post(here, {"do": "check", "password": PASSWORD}, follow=True))
    assert "Take it back" in words(client.post(here, {"do": "take_back", "reason": ""}))
    portfolio = address("assessments:portfolio", qualified, portfolio=qualified.uuid)
    assert "Achieved before: M1 Unit M1 (CVQ)" in words(client.get(portfolio))
