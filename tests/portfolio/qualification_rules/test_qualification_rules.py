"""What the awarding body says of a qualification is on record, and warns who goes against it."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.signing.services import unit_submit
from portfolio.models import Capacity, QualificationRules, Registration
from portfolio.qualification_rules.warnings import Act, rule_warnings
from portfolio.services.participations import participate
from record.models import Event
from tests.assessments.pages import address, html_of, signed_in, text_of
from tests.cast import PASSWORD, add_evidence, claim_in_bulk, seen
from tests.portfolio.importing.spreadsheets import KIM, xlsx_file
from tests.portfolio.office import set_rules
from tests.portfolio.qualified import unit_in

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

DAY = datetime.date(2026, 3, 2)
SANCTION = {"sanction": "x", "sanction_since": datetime.date(2026, 1, 1)}
PAST = {"register_by": DAY, "certify_by": DAY, "sanction": "More samples.", "sanction_since": DAY}
SAID = {"seen": "0", "direct_claims": "no", "register_by": "2026-03-02", "certify_by": "2027-03-02"}


def edit_page(centre, qualification):
    return reverse(
        "portfolio:qualification_rules", args=[centre.uuid, qualification.framework.code, qualification.code]
    )


@pytest.mark.parametrize(
    ("said", "act", "warned"),
    [
        ({"register_by": DAY}, Act.REGISTRATION, []),  # the last day counts
        ({"register_by": DAY - datetime.timedelta(1)}, Act.REGISTRATION, ["The last day for registrations"]),
        ({"register_by": DAY - datetime.timedelta(1)}, Act.SIGN_OFF, []),
        ({"certify_by": DAY - datetime.timedelta(1)}, Act.SIGN_OFF, ["The last day for certificates"]),
        ({"sanction": "No claims.", "sanction_since": DAY}, Act.SIGN_OFF, ["a sanction on this qualification: No"]),
        ({"sanction": "No claims.", "sanction_since": DAY + datetime.timedelta(1)}, Act.SIGN_OFF, []),
        (SANCTION | {"sanction_until": DAY}, Act.REGISTRATION, ["until 2 March 2026: x"]),
        (SANCTION | {"sanction_until": DAY - datetime.timedelta(1)}, Act.REGISTRATION, []),
    ],
)  # fmt: skip
def test_what_goes_against_them_is_said(said, act, warned):
    found = rule_warnings(QualificationRules(direct_claims=True, **said), act=act, day=DAY)
    assert len(found) == len(warned)
    assert all(words in sentence for words, sentence in zip(warned, found, strict=True))


@pytest.mark.parametrize("act", Act)
def test_without_direct_claims_who_countersigns_or_claims_is_told(act):
    found = rule_warnings(QualificationRules(direct_claims=False), act=act, day=DAY)
    assert any("no direct claims" in said for said in found) == (act in {Act.COUNTERSIGNATURE, Act.CERTIFICATE})


def test_the_coordinator_says_them_and_each_change_is_on_record(qualified, centre, coordinator):
    browser, url = signed_in(coordinator), edit_page(centre, qualified.qualification)
    listed = text_of(browser.get(reverse("portfolio:qualifications", args=[centre.uuid])))
    assert "Q2 Service" in listed
    assert "1 registered" in listed
    answer = browser.post(url, SAID, follow=True)
    assert "No direct claims Registration until 2 March 2026 Certificates until 2 March 2027" in text_of(answer)
    stale = browser.post(url, SAID | {"direct_claims": "yes"})
    assert "This was changed since you opened the page." in text_of(stale)
    browser.post(url, SAID)  # the same again
    assert QualificationRules.objects.count() == 1
    browser.post(url, SAID | {"seen": "1", "direct_claims": "yes"})
    assert list(QualificationRules.objects.order_by("number").values_list("direct_claims", flat=True)) == [False, True]
    assert Event.objects.filter(chain=centre.chain, kind="qualification_rules.set").count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"direct_claims": ""}, "Choose one of the two."),
        ({"certify_by": "2026-03-01"}, "This is before the last day for registrations."),
        ({"sanction": "No claims."}, "Say since when it holds."),
        ({"sanction_until": "2026-03-02"}, "Say what the sanction is, or take its dates out."),
        (
            {"sanction": "x", "sanction_since": "2026-03-02", "sanction_until": "2026-03-01"},
            "It would end before it begins.",
        ),
        ({"register_by": "x"}, "Give a date, such as 22/11/2026."),
    ],
)
def test_what_they_cannot_say_is_refused_beside_its_field(qualified, centre, coordinator, wrong, said):
    answer = signed_in(coordinator).post(edit_page(centre, qualified.qualification), SAID | wrong)
    assert said in text_of(answer)
    assert not QualificationRules.objects.exists()


def test_the_service_refuses_the_same(qualified, centre, coordinator, assessor):
    of: dict[str, Any] = {"centre": centre, "qualification": qualified.qualification}
    with pytest.raises(PermissionDenied):
        set_rules(actor=assessor, **of)
    with pytest.raises(ValidationError, match="since when it holds"):
        set_rules(actor=coordinator, sanction="No claims.", **of)
    assert signed_in(coordinator).get(edit_page(centre, qualified.qualification) + "x").status_code == 404


def test_registering_against_them_warns_and_is_not_refused(qualified, centre, coordinator, candidate):
    set_rules(centre, coordinator, qualified.qualification, **PAST)
    browser = signed_in(coordinator)
    url = reverse("portfolio:registration_add", args=[centre.uuid]) + "?qualification=cvq:Q2"
    shown = browser.get(url)
    assert "The last day for registrations on this qualification was 2 March 2026." in text_of(shown)
    assert "a sanction on this qualification: More samples." in text_of(shown)
    key = html_of(shown).partition('name="form_key" value="')[2].partition('"')[0]
    browser.post(url, {"candidate": candidate.uuid, "number": "", "form_key": key})
    assert Registration.objects.filter(qualification=qualified.qualification).count() == 2


def test_signing_against_them_is_pointed_out_on_the_page(qualified, centre, coordinator, candidate, assessor):
    unit = unit_in(qualified, "M1")
    participate(unit=unit, actor=candidate, capacity=Capacity.CANDIDATE)
    claim_in_bulk(unit, [add_evidence(qualified, candidate)])
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    set_rules(centre, coordinator, qualified.qualification, **PAST)
    shown = text_of(signed_in(assessor).get(address("sign", unit)))
    assert "The last day for certificates of this qualification was 2 March 2026." in shown
    assert "a sanction on this qualification: More samples." in shown
    assert "The last day for registrations" not in shown


def test_recording_a_certificate_warns_before_and_of_the_day_that_is_said(qualified, centre, coordinator):
    browser, url = signed_in(coordinator), reverse("portfolio:particulars", args=[centre.uuid, qualified.uuid])
    set_rules(centre, coordinator, qualified.qualification, direct_claims=False, certify_by=DAY)
    last_day = "The last day for certificates of this qualification was 2 March 2026."
    page = browser.get(url)
    assert f"Before you claim its certificate: {last_day}" in text_of(page)
    typed = {field.name: field.value() or "" for field in page.context["form"]}
    saved = text_of(browser.post(url, typed | {"seen": "0", "claimed_on": "2026-03-02"}, follow=True))
    assert "Certificate claimed: The centre has no direct claims" in saved
    assert "Certificate claimed: The last day" not in saved  # it counts itself
    assert "Before you claim" not in text_of(browser.get(url))


def test_an_import_warns_before_it_starts(qualification, assessor, verifier, centre, coordinator):
    set_rules(centre, coordinator, qualification, **PAST)
    file = {"file": SimpleUploadedFile("people.xlsx", xlsx_file(KIM))}
    shown = text_of(signed_in(coordinator).post(reverse("portfolio:imports", args=[centre.uuid]), file, follow=True))
    assert "Q2 Service: The last day for registrations on this qualification was 2 March 2026." in shown


def test_the_coordinator_s_home_shows_a_sanction_while_it_holds(qualified, centre, coordinator):
    set_rules(centre, coordinator, qualified.qualification, **PAST)
    assert "Q2 Service: The awarding body has put a sanction" in text_of(signed_in(coordinator).get("/"))
    set_rules(centre, coordinator, qualified.qualification)
    assert "sanction" not in text_of(signed_in(coordinator).get("/"))
