"""The coordinator's pages: how a registration stands, what is pending, and unit certificates for who leaves early."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from assessments.endings.services import certificate_claim
from assessments.models import UnitProgress
from portfolio.models import Registration, RegistrationStanding, UnitCertificate
from record.proof import chain_faults
from tests.portfolio.files.typed import address, words
from tests.portfolio.office import an_award, set_rules
from tests.portfolio.registrations.endings import stand

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def standing_url(unit) -> str:
    return address("assessments:registration_standing", unit.registration, portfolio=unit.registration.uuid)


def certificates_url(unit) -> str:
    return address("assessments:unit_certificates", unit.registration, portfolio=unit.registration.uuid)


def withdrawn(unit, **changed):
    today = unit.registration.centre.today.isoformat()
    return {"seen": "active", "state": "withdrawn", "day": today, "reason": "She moved away."} | changed


def test_it_warns_of_what_is_pending_and_withdraws(signed_in, submitted_unit):
    url = standing_url(submitted_unit)
    page = words(signed_in.get(url))
    assert "B10 is submitted, and not signed off." in page
    assert "wait for an answer of the assessor." in page
    assert "It cannot be completed yet. Not verified yet: B10." in page
    page = words(signed_in.post(url, withdrawn(submitted_unit), follow=True))
    assert "This registration was withdrawn on" in page
    assert "Add evidence" not in page


def test_a_second_press_is_done_once_and_who_was_too_late_is_told(signed_in, unit):
    url = standing_url(unit)
    signed_in.post(url, withdrawn(unit))
    assert "it was done once" in words(signed_in.post(url, withdrawn(unit), follow=True))
    page = words(signed_in.post(url, withdrawn(unit, reason="Another.")))
    assert "How this registration stands changed since you opened the page. It is withdrawn now." in page
    assert "Another." in page
    assert RegistrationStanding.objects.count() == 1


def test_the_list_of_candidates_shows_the_active_and_others_where_they_are_asked_for(signed_in, unit, coordinator):
    stand(unit.registration, coordinator, "withdrawn")
    url = address("portfolio:registrations", unit.registration)
    assert "Pat Candidate" not in words(signed_in.get(url))
    for wanted in ("withdrawn", "all"):
        assert "Pat Candidate" in words(signed_in.get(url, {"standing": wanted}))
    assert "Pat Candidate" not in words(signed_in.get(url, {"standing": "suspended"}))


def test_nothing_waits_on_first_pages(client, submitted_unit, coordinator, candidate, assessor):
    stand(submitted_unit.registration, coordinator, "suspended")
    client.force_login(assessor)
    [(home, _)] = client.get("/").context["sections"]
    assert (home.lines, home.heat.rows) == ((), ())
    client.force_login(coordinator)
    [(home, _)] = client.get("/").context["sections"]
    assert (home.stuck, home.has_units) == ((), False)
    client.force_login(candidate)
    answer = client.get("/")
    [(home, _)] = answer.context["sections"]
    assert "Nothing is due now" in words(answer)
    assert "Your portfolio" in words(answer)
    assert (home.next, [line.unit.code for line in home.lines]) == (None, ["B10"])
    assert UnitProgress.objects.get().turn == "rests"


def test_unit_certificates_are_noted_once_the_registration_ended_early(signed_in, verified_unit, coordinator):
    url = certificates_url(verified_unit)
    assert "they are noted here once the registration is withdrawn or transferred" in words(signed_in.get(url))
    stand(verified_unit.registration, coordinator, "transferred")
    award = an_award(verified_unit.revision)
    Registration.objects.filter(pk=verified_unit.registration_id).update(qualification=award)
    set_rules(verified_unit.registration.centre, coordinator, award, direct_claims=False)
    page = words(signed_in.get(url))
    assert "Before you claim one: The centre has no direct claims" in page
    assert "Signed off by Ann Assessor" in page
    assert "Countersigned by Ivy Verifier" in page
    prefix = str(verified_unit.versions.get().uuid)
    form = {"do": f"claim {prefix}", f"{prefix}-number": "UC 7", f"{prefix}-day": "2999-01-01"}
    assert "This day is in the future" in words(signed_in.post(url, form))
    today = verified_unit.registration.centre.today
    form |= {f"{prefix}-day": today.isoformat()}
    for _ in range(2):  # pressed twice, it is noted once
        noted = words(signed_in.post(url, form, follow=True))
        assert "Claimed: UC 7" in noted
        assert "no direct claims" not in noted  # there is nothing to claim any more
    assert UnitCertificate.objects.count() == 1
    back = {"do": f"take_back {prefix}", f"{prefix}-reason": "Another number."}
    assert "Taken back B10: UC 7" in words(signed_in.post(url, back, follow=True))
    assert "This was taken back already." in words(signed_in.post(url, back, follow=True))
    assert not chain_faults(verified_unit.registration.chain)
    printed = signed_in.get(certificates_url(verified_unit).replace("unit-certificates/", "units.pdf"))
    assert printed.content.startswith(b"%PDF")


def test_no_certificate_is_noted_for_what_is_not_verified_or_before_it_was(verified_unit, coordinator):
    registration, version = verified_unit.registration, verified_unit.versions.get()
    said = {"registration": registration, "version": version, "actor": coordinator, "number": "UC 7"}
    with pytest.raises(ValidationError, match="for those who leave early"):
        certificate_claim(**said, day=registration.centre.today)
    stand(registration, coordinator, "withdrawn")
    with pytest.raises(ValidationError, match="countersigned on"):
        certificate_claim(**said, day=registration.centre.today - datetime.timedelta(days=1))
