"""The page of a piece of evidence."""

from datetime import timedelta

import pytest
from django.urls import reverse

from centres.services.people import role_end
from portfolio.addresses import claims_address
from portfolio.evidence.services import EvidenceDetails, evidence_correct, evidence_remove
from portfolio.files.services import file_stage
from portfolio.files.uploads import IncomingFile
from portfolio.models import EvidenceFile
from tests.cast import add_evidence, claim_in_bulk
from tests.portfolio.files.arrivals import pdf
from tests.portfolio.files.typed import address, queries_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(evidence) -> str:
    return address("portfolio:evidence", evidence.registration, evidence=evidence.uuid)


@pytest.fixture
def signed_in(client, candidate, unit):
    client.force_login(candidate)
    return client


def correct(evidence, actor, **said):
    latest = evidence.versions.latest("number")
    was = {name: getattr(latest, name) for name in EvidenceDetails.__dataclass_fields__}
    staged = [
        file_stage(
            registration=evidence.registration, user=actor, incoming=IncomingFile.from_content("log <1>.pdf", pdf())
        )
    ]
    return evidence_correct(
        evidence=evidence,
        actor=actor,
        seen=latest.number,
        details=EvidenceDetails(**was | said),
        keep=list(latest.files.all()),
        staged=staged,
    )


def test_it_shows_what_the_piece_says(signed_in, url):
    page = words(signed_in.get(url))
    for said in [
        "Evidence 1",
        "Complaints log of the counter, March",
        "Work product",
        "Real job, paid or voluntary",
        "2 March 2026",
        "Filing cabinet 3, customer service desk",
        "Shows how I dealt with complaints",
        "Nothing is claimed yet.",
    ]:
        assert said in page, said


def test_its_files_are_named_and_handed_out(signed_in, url, evidence, candidate):
    correct(evidence, candidate)
    page = signed_in.get(url)
    file = EvidenceFile.objects.get()
    assert reverse("portfolio:file_download", args=[evidence.registration.centre.uuid, file.uuid]) in (
        page.content.decode()
    )
    assert "log <1>.pdf PDF document, " in words(page)


def test_it_tells_what_changed_when(signed_in, url, evidence, candidate):
    correct(evidence, candidate, title="Log of <March>", setting="simulation")
    page = words(signed_in.get(url))
    history = page.partition("What changed when")[2]
    assert "Version 2" in history
    assert "before: Complaints log of the counter, March now: Log of <March>" in history
    assert "before: Real job, paid or voluntary now: Simulation" in history
    assert "File added log <1>.pdf" in history
    assert "Version 1" in history.partition("Version 2")[2]


def test_it_says_where_it_is_claimed_and_what_no_longer_counts(signed_in, url, unit, evidence, candidate):
    claim_in_bulk(unit, [evidence])
    page = signed_in.get(url)
    assert "Claimed: B10.1.1, B10.1.2" in words(page)
    assert claims_address(unit.registration.centre.uuid, evidence.uuid, unit.uuid) in page.content.decode()
    assert "no longer count" not in words(page)
    correct(evidence, candidate, setting="simulation")
    assert "no longer count: B10 takes evidence of this from a real job" in words(signed_in.get(url))


@pytest.mark.parametrize("person", ["candidate", "assessor", "verifier", "coordinator"])
def test_only_who_made_it_is_offered_to_change_it(person, client, url, unit, request):
    client.force_login(request.getfixturevalue(person))
    html = client.get(url).content.decode()
    assert ("/correct/" in html) == ("/remove/" in html) == (person == "candidate")


def test_a_removed_piece_says_so(signed_in, url, evidence, candidate):
    evidence_remove(evidence=evidence, actor=candidate)
    html = signed_in.get(url).content.decode()
    assert "This evidence was removed on" in html
    assert "/correct/" not in html


def test_times_are_those_of_the_centre(signed_in, url, centre, evidence):
    centre.time_zone = "Pacific/Kiritimati"
    centre.save()
    at = evidence.versions.get().made_at + timedelta(hours=14)
    assert f"{at.day} {at:%B %Y, %H:%M}" in words(signed_in.get(url))


def test_outsiders_find_nothing(client, url, outsider, unit):
    client.force_login(outsider)
    assert client.get(url).status_code == 404


def test_who_is_no_assessor_any_more_finds_nothing(client, url, assessor, unit, coordinator, centre):
    role_end(membership=assessor.memberships.get(centre=centre), actor=coordinator)
    client.force_login(assessor)
    assert client.get(url).status_code == 404


def test_it_is_only_looked_at(signed_in, url):
    assert signed_in.post(url).status_code == 405


@pytest.mark.long
def test_it_takes_as_many_queries_with_ten_times_the_data(signed_in, url, unit, evidence, candidate):
    claim_in_bulk(unit, [evidence])
    correct(evidence, candidate)
    before = queries_of(signed_in, url)
    for number in range(10):
        correct(evidence, candidate, title=f"Words {number}")
        add_evidence(unit.registration, candidate)
    assert queries_of(signed_in, url) == before <= 17


@pytest.mark.parametrize(("who", "offered"), [("candidate", True), ("assessor", False), ("coordinator", False)])
def test_a_candidate_adds_the_next_piece_from_here(who, offered, client, url, unit, request):
    client.force_login(request.getfixturevalue(who))
    page = client.get(url)
    add = address("portfolio:evidence_add", unit.registration, portfolio=unit.registration.uuid)
    assert (f'href="{add}"' in page.content.decode()) == offered


def test_who_is_no_candidate_of_the_centre_any_more_is_not_offered_to_add(signed_in, url, coordinator, candidate):
    role_end(membership=candidate.memberships.get(), actor=coordinator)
    assert "Add evidence" not in words(signed_in.get(url))


@pytest.mark.parametrize("made_by", ["candidate", "assessor"])
@pytest.mark.parametrize(
    ("state", "who", "offered"),
    [
        ("unit", "candidate", True),
        ("unit", "assessor", True),
        ("unit", "verifier", False),
        ("submitted_unit", "candidate", False),
        ("submitted_unit", "assessor", True),
        ("assessed_unit", "assessor", False),
    ],
)
def test_whoever_may_claim_in_a_unit_is_offered_to_say_what_the_piece_shows(
    state, who, offered, made_by, client, request
):
    unit = request.getfixturevalue(state)
    piece = add_evidence(unit.registration, request.getfixturevalue(made_by), kind="observation")
    client.force_login(request.getfixturevalue(who))
    page = words(client.get(address("portfolio:evidence", unit.registration, evidence=piece.uuid)))
    assert ("Say what it shows in B10" in page) == offered
