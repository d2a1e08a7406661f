"""That two candidates of a centre have the same file is said to those who assess and verify, and to no candidate."""

import pytest

from assessments.signing.services import unit_submit
from centres.models import Role
from centres.services.people import centre_create
from portfolio.evidence.services import evidence_remove
from portfolio.evidence.taking import evidence_take
from portfolio.models import CandidateUnit, Capacity, Evidence, EvidenceFile
from portfolio.registrations.services import allocate, registration_create
from tests.cast import PASSWORD, claim_in_bulk, join, judge_in_bulk, seen
from tests.portfolio.files.arrivals import file_of
from tests.portfolio.files.typed import address, another_unit, queries_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]
LETTER = b"Dear customer, we have found your bag."


def letter_in(unit: CandidateUnit, name: str = "Letter.txt") -> Evidence:
    """A new piece with the letter."""
    person = unit.registration.candidate
    return file_of(unit.registration, person, name, LETTER, "text/plain").version.evidence


@pytest.fixture
def unit_of(centre, coordinator, b10):
    """Registers a further candidate on B10."""

    def make(name: str) -> CandidateUnit:
        person = join(centre, coordinator, name, f"{name.lower()}@harbour.example", Role.CANDIDATE)
        made = registration_create(centre=centre, actor=coordinator, candidate=person, number="", revisions=[b10])
        return made.candidate_units.get()

    return make


@pytest.fixture
def letter(unit, candidate) -> Evidence:
    """Pat's letter, claimed for all of the unit, which is submitted."""
    piece = letter_in(unit)
    claim_in_bulk(unit, [piece])
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    judge_in_bulk(unit, unit.allocations.get(capacity=Capacity.ASSESSOR).user)
    return piece


@pytest.fixture
def pages(unit, letter) -> list[str]:
    """The pages on which it is said."""
    return [
        address("portfolio:evidence", unit.registration, evidence=letter.uuid),
        address("assessments:judge", unit.registration, unit=unit.uuid, evidence=letter.uuid),
        address("assessments:sign", unit.registration, unit=unit.uuid),
    ]


@pytest.mark.long
def test_it_names_those_whom_the_assessor_may_see_and_counts_the_others(client, pages, unit_of, coordinator, assessor):
    client.force_login(assessor)
    before = [queries_of(client, page) for page in pages]
    assert all("the same file" not in words(client.get(page)) for page in pages)
    ottos, zoes = unit_of("Otto"), unit_of("Zoe")
    letter_in(ottos, "Brief.txt")
    hers = letter_in(zoes)
    for page in pages:
        said = words(client.get(page))
        assert "Letter.txt : the same file is in the portfolios of 2 candidates." in said
        assert "Otto" not in said
        assert "Zoe" not in said
    allocate(unit=zoes, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    for page in pages:
        answer = client.get(page)
        assert "the same file is in the portfolio of Zoe, evidence 1 , and in another candidate’s portfolio." in words(
            answer
        )
        assert address("portfolio:evidence", hers.registration, evidence=hers.uuid) in answer.content.decode()
    assert [queries_of(client, page) for page in pages] == [number + 1 for number in before]
    assert max(before) <= 19


def test_it_is_said_of_more_files_than_a_prepared_query_takes(
    client, pages, unit_of, coordinator, assessor, monkeypatch
):
    client.force_login(assessor)
    zoes = unit_of("Zoe")
    letter_in(zoes)
    allocate(unit=zoes, actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    before = [words(client.get(page)) for page in pages]
    monkeypatch.setattr("record.prepared.LONGEST", 0)
    assert [words(client.get(page)) for page in pages] == before


def test_no_candidate_is_told(client, pages, unit_of, candidate):
    letter_in(unit_of("Otto"))
    client.force_login(candidate)
    for page in pages:
        assert "the same file" not in words(client.get(page))


def test_a_verifier_is_told_and_a_coordinator_sees_whose_it_is(client, pages, unit_of, verifier, coordinator):
    letter_in(unit_of("Otto"))
    client.force_login(verifier)
    assert "the same file is in another candidate’s portfolio." in words(client.get(pages[0]))
    client.force_login(coordinator)
    assert "the same file is in the portfolio of Otto, evidence 1" in words(client.get(pages[0]))


def test_neither_a_portfolio_of_their_own_nor_another_centre_nor_what_was_removed_counts(
    client, pages, letter, unit_of, assessor, candidate, centre, coordinator, b10
):
    other = registration_create(
        centre=centre, actor=coordinator, candidate=candidate, number="", revisions=[another_unit()]
    )
    evidence_take(evidence=letter, into=other, actor=candidate)
    ottos = letter_in(unit_of("Otto"))
    evidence_remove(evidence=ottos, actor=ottos.author)
    cleo = centre_create(
        name="Hill College", number="", time_zone="UTC", coordinator_name="Cleo", coordinator_email="cleo@hill.example"
    )
    hal = join(cleo.centre, cleo.user, "Hal", "hal@hill.example", Role.CANDIDATE)
    on_the_hill = registration_create(centre=cleo.centre, actor=cleo.user, candidate=hal, number="", revisions=[b10])
    letter_in(on_the_hill.candidate_units.get())
    assert EvidenceFile.objects.count() == 3
    client.force_login(assessor)
    for page in pages:
        assert "the same file" not in words(client.get(page))


def test_of_a_hand_out_that_everybody_has_a_few_are_named(client, pages, unit_of, coordinator):
    for number in range(7):
        letter_in(unit_of(f"Otto{number}"))
    client.force_login(coordinator)
    said = words(client.get(pages[0]))
    assert "portfolio of Otto4, evidence 1 , and in the portfolios of 2 more candidates." in said
    assert "Otto5" not in said
