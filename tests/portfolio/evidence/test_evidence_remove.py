"""The page on which a piece of evidence is removed."""

import pytest

from centres.services.people import role_end
from portfolio.addresses import claims_address
from tests.cast import add_evidence
from tests.portfolio.files.typed import address, queries_of, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(evidence) -> str:
    return address("portfolio:evidence_remove", evidence.registration, evidence=evidence.uuid)


@pytest.fixture
def signed_in(client, candidate, unit):
    client.force_login(candidate)
    return client


def is_removed(evidence) -> bool:
    evidence.refresh_from_db()
    return evidence.removed_at is not None


def test_it_asks_first(signed_in, url, evidence):
    assert "Remove evidence 1?" in words(signed_in.get(url))
    assert not is_removed(evidence)


def test_the_piece_goes_from_the_portfolio(signed_in, url, evidence):
    response = signed_in.post(url, follow=True)
    assert is_removed(evidence)
    assert "Evidence 1 was removed. Its number is not given again." in words(response)
    assert "Complaints log" not in words(response)


def test_it_says_so_when_the_session_had_ended_before_the_button(signed_in, url, candidate, evidence):
    signed_in.get(url)
    del signed_in.cookies["sessionid"]
    signed_in.post(url)
    signed_in.force_login(candidate)

    assert "You had been signed out. Nothing was saved; please do it again." in words(signed_in.get(url))
    assert not is_removed(evidence)


def test_the_button_pressed_twice_says_the_same(signed_in, url):
    assert signed_in.post(url)["Location"] == signed_in.post(url)["Location"]


def test_a_claimed_piece_is_not_offered_to_go_and_says_what_to_do(signed_in, url, claimed_unit, evidence):
    page = signed_in.get(url)
    assert "Take these claims back first" in words(page)
    assert "B10.1.1" in words(page)
    assert "Remove it" not in words(page)
    claims = claims_address(claimed_unit.registration.centre.uuid, evidence.uuid, claimed_unit.uuid)
    assert claims in page.content.decode()


def test_a_claimed_piece_is_refused_when_it_is_sent_all_the_same(signed_in, url, claimed_unit, evidence):
    page = words(signed_in.post(url))
    assert "Evidence 1 is claimed for" in page
    assert "Take those claims back first." in page
    assert not is_removed(evidence)


@pytest.mark.parametrize(
    ("person", "status"), [("assessor", 403), ("verifier", 403), ("coordinator", 403), ("outsider", 404)]
)
def test_only_who_made_it_removes_it(person, status, client, url, evidence, request):
    client.force_login(request.getfixturevalue(person))
    assert client.get(url).status_code == status
    assert client.post(url).status_code == status
    assert not is_removed(evidence)


def test_who_is_no_candidate_any_more_finds_nothing(signed_in, url, evidence, candidate, coordinator, centre):
    role_end(membership=candidate.memberships.get(centre=centre), actor=coordinator)
    assert signed_in.post(url).status_code == 404
    assert not is_removed(evidence)


@pytest.mark.long
def test_it_takes_as_many_queries_with_ten_times_the_data(signed_in, url, unit, candidate):
    before = queries_of(signed_in, url)
    for number in range(10):
        add_evidence(unit.registration, candidate, title=f"Piece {number}")
    assert queries_of(signed_in, url) == before <= 15
