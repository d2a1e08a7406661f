"""What a candidate hands over is put in by somebody else, and stays the candidate's."""

import pytest

from assessments.proof.rows import row_faults
from portfolio.models import Claim, Evidence, Participation
from record.models import Event
from tests.append_only import lifted
from tests.cast import add_evidence, claims_make
from tests.portfolio.files.arrivals import pdf, sent
from tests.portfolio.files.typed import address, evidence_form, words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def url(unit) -> str:
    return address("portfolio:evidence_add", unit.registration, portfolio=unit.registration.uuid)


@pytest.fixture
def paper(unit, candidate, coordinator) -> Evidence:
    """A paper of Pat's that Cora put in."""
    return add_evidence(unit.registration, coordinator, author=candidate)


def page(name: str, piece: Evidence) -> str:
    return address(f"portfolio:{name}", piece.registration, evidence=piece.uuid)


def test_a_coordinator_puts_in_what_is_handed_over_and_is_asked_nothing_about_it(
    client, url, unit, candidate, coordinator
):
    client.force_login(coordinator)
    assert "Whose is it?" not in words(client.get(url))
    typed = evidence_form(location="", relevance="")
    shown = client.post(url, typed | {"chosen": sent("scan.pdf", pdf())}, follow=True)
    assert "Evidence 1 is saved as Pat Candidate's." in words(shown)
    assert "From Pat Candidate, put in by Cora Coordinator" in words(shown)
    assert client.post(url, typed | {"chosen": sent("scan.pdf", pdf())}).status_code == 302  # pressed twice
    piece = Evidence.objects.get()
    version = piece.versions.get()
    assert (piece.author, piece.put_in_by) == (version.author, version.put_in_by) == (candidate, coordinator)
    event = Event.objects.get(chain=unit.registration.chain, kind="evidence.added")
    assert event.actor == coordinator.uuid


def test_an_assessor_says_whose_it_is(client, url, candidate, assessor):
    client.force_login(assessor)
    refused = client.post(url, evidence_form())
    assert "Say whose it is." in words(refused)
    assert "The candidate's, who handed it to me" in words(refused)
    assert "Say whose it is." in words(client.post(url, evidence_form(whose="nobody")))
    typed = evidence_form(whose="handed_over")
    client.post(url, typed)
    piece = Evidence.objects.get()
    assert (piece.author, piece.put_in_by) == (candidate, assessor)
    again = client.post(url, typed | {"whose": "own"})  # another piece, so it is asked about
    assert "This form has saved evidence 1 already." in words(again)


def test_it_is_the_candidates_own(client, paper, candidate):
    client.force_login(candidate)
    assert "put in by Cora Coordinator" in words(client.get(page("evidence", paper)))
    typed = evidence_form(seen="1", title="My letter, both pages")
    client.post(page("evidence_correct", paper), typed)
    version = paper.versions.latest("number")
    assert (version.title, version.author, version.put_in_by) == ("My letter, both pages", candidate, None)
    client.post(page("evidence_remove", paper))
    paper.refresh_from_db()
    assert paper.removed_at


def test_who_put_it_in_corrects_it_until_it_is_claimed(client, unit, paper, candidate, coordinator, b10):
    client.force_login(coordinator)
    client.post(page("evidence_correct", paper), evidence_form(seen="1", title="Letter, upright"))
    version = paper.versions.latest("number")
    assert (version.number, version.author, version.put_in_by) == (2, candidate, coordinator)
    claims_make(unit=unit, evidence=paper, actor=candidate, wanted={b10.criteria.get(code="B10.1.1"): ""})
    for name in ("evidence_correct", "evidence_remove"):
        assert client.post(page(name, paper), evidence_form(seen="2", title="Mine")).status_code == 403
    assert paper.versions.count() == 2


@pytest.mark.parametrize("person", ["assessor", "verifier"])
def test_others_change_nothing_of_it(person, client, paper, request):
    client.force_login(request.getfixturevalue(person))
    assert client.get(page("evidence_correct", paper)).status_code == 403
    assert client.post(page("evidence_remove", paper)).status_code == 403


def test_a_claim_that_an_assessor_makes_on_it_is_the_assessors(client, url, unit, assessor, b10):
    client.force_login(assessor)
    client.post(url, evidence_form(whose="handed_over"))
    piece = Evidence.objects.get()
    claims_make(unit=unit, evidence=piece, actor=assessor, wanted={b10.criteria.get(code="B10.1.1"): ""})
    assert Claim.objects.get().author.capacity == "assessor"
    assert Participation.objects.get(candidate_unit=unit, user=assessor).capacity == "assessor"
    judging = client.get(address("assessments:judge", unit.registration, unit=unit.uuid, evidence=piece.uuid))
    assert "Pat Candidate, put in by Ann Assessor" in words(judging)


def test_the_record_proves_who_put_it_in(unit, paper, candidate):
    add_evidence(unit.registration, candidate)
    chain = unit.registration.chain
    assert list(row_faults(chain, unit.registration)) == []
    with lifted():
        Evidence.objects.filter(pk=paper.pk).update(put_in_by=None)
    assert "tells otherwise of its put in by." in next(row_faults(chain, unit.registration))


def test_what_a_candidate_hands_over_is_no_observation(client, url, assessor, coordinator, candidate):
    own = "A candidate's own words are a personal statement"
    for person, then in ((candidate, "they add themselves"), (coordinator, "they add themselves")):
        client.force_login(person)
        page = client.get(url)
        assert ">Observation<" not in page.content.decode()
        assert "Own words are a personal statement" in words(page)
        refused = words(client.post(url, evidence_form(kind="observation", title="The counter")))
        assert own in refused
        assert then in refused
        assert "The counter" in refused
    client.force_login(assessor)
    assert "your name stands beside it as who observed" in words(client.get(url))
    assert "choose “My own record” above" in words(
        client.post(url, evidence_form(kind="observation", whose="handed_over"))
    )
    assert not Evidence.objects.exists()


def test_an_observation_from_before_is_still_corrected_as_what_it_was(client, unit, candidate):
    piece = add_evidence(unit.registration, candidate, kind="observation")
    client.force_login(candidate)
    said = evidence_form(kind="observation", title="At the counter", seen=1)
    assert client.post(page("evidence_correct", piece), said).status_code == 302
    assert piece.versions.get(number=2).kind == "observation"
