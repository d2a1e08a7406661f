"""Evidence is taken into another portfolio of the same person."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments.proof.rows import row_faults
from centres.models import Role
from centres.services.people import centre_create
from portfolio.evidence.services import EvidenceDetails, evidence_correct, evidence_remove
from portfolio.evidence.taking import TakenAlready, evidence_take
from portfolio.files.services import file_stage, open_intact
from portfolio.files.uploads import IncomingFile
from portfolio.models import Capacity, Claim, Evidence, EvidenceFile, Registration, StoredFile
from portfolio.registrations.services import allocate, registration_create
from tests.append_only import lifted
from tests.cast import add_evidence, claims_make, join
from tests.centres.policies import choose
from tests.portfolio.files.arrivals import file_of
from tests.portfolio.files.typed import address, another_unit, words

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def letter(unit, candidate) -> EvidenceFile:
    """A letter in Pat's portfolio, as evidence 2."""
    add_evidence(unit.registration, candidate)
    return file_of(unit.registration, candidate, "Letter.txt", b"Dear Pat", "text/plain")


@pytest.fixture
def piece(letter) -> Evidence:
    return letter.version.evidence


@pytest.fixture
def other(letter, centre, coordinator, candidate) -> Registration:
    """Another portfolio of Pat's in the same centre."""
    return registration_create(
        centre=centre, actor=coordinator, candidate=candidate, number="", revisions=[another_unit()]
    )


@pytest.fixture
def signed_in(client, candidate, other):
    client.force_login(candidate)
    return client


def page(name: str, piece: Evidence) -> str:
    return address(f"portfolio:{name}", piece.registration, evidence=piece.uuid)


def test_it_becomes_new_evidence_there_with_the_same_files_and_no_claims(
    signed_in, unit, piece, letter, other, candidate, b10
):
    claims_make(unit=unit, evidence=piece, actor=candidate, wanted={b10.criteria.get(code="B10.1.1"): ""})
    offered = signed_in.get(page("evidence", piece))
    assert "Take into another portfolio" in words(offered)
    answer = signed_in.post(page("evidence_take", piece), {"into": str(other.uuid)}, follow=True)
    assert "Taken over as evidence 1 of this portfolio." in words(answer)
    assert "Taken from evidence 2 of the portfolio “Single units, registered on" in words(answer)
    taken = other.evidence.get()
    version = taken.versions.get()
    assert EvidenceDetails.of(version) == EvidenceDetails.of(letter.version)
    [file] = version.files.all()
    assert (file.name, file.content_type, file.stored_file) == (letter.name, letter.content_type, letter.stored_file)
    assert (taken.author, taken.put_in_by, taken.taken_from) == (candidate, None, letter.version)
    assert Claim.objects.count() == 1
    assert "Taken from it: evidence 1 of the portfolio" in words(signed_in.get(page("evidence", piece)))


def test_a_portfolio_without_room_takes_nothing_over(piece, other, candidate, centre, coordinator):
    choose(centre, coordinator, portfolio_quota_mb=1)
    file_stage(registration=other, user=candidate, incoming=IncomingFile.from_content("a.txt", b"a" * 1024 * 1024))
    with pytest.raises(ValidationError, match="The files of this portfolio take"):
        evidence_take(evidence=piece, into=other, actor=candidate)
    assert not other.evidence.exists()


def test_taken_twice_it_says_where_it_is(signed_in, piece, other, candidate):
    for _ in range(2):
        answer = signed_in.post(page("evidence_take", piece), {"into": str(other.uuid)})
    taken = other.evidence.get()
    assert "is in that portfolio already, as evidence 1 . Nothing was taken over." in words(answer)
    assert page("evidence", taken) in answer.content.decode()
    with pytest.raises(TakenAlready):  # and it is not taken back to where it came from
        evidence_take(evidence=taken, into=piece.registration, actor=candidate)
    evidence_remove(evidence=taken, actor=candidate)
    assert evidence_take(evidence=piece, into=other, actor=candidate).number == 2


def test_the_files_outlive_the_piece_that_they_came_from(piece, letter, other, candidate):
    taken = evidence_take(evidence=piece, into=other, actor=candidate)
    evidence_remove(evidence=piece, actor=candidate)
    with open_intact(taken.versions.get().files.get().stored_file) as stored:
        assert stored.read() == b"Dear Pat"
    evidence_remove(evidence=taken, actor=candidate)
    assert not StoredFile.objects.filter(pk=letter.stored_file_id).exists()


def test_a_correction_here_changes_nothing_there(piece, other, candidate):
    taken = evidence_take(evidence=piece, into=other, actor=candidate)
    details = EvidenceDetails.of(piece.versions.get())
    evidence_correct(
        evidence=piece, actor=candidate, seen=1, details=details, keep=[piece.versions.get().files.get()], staged=[]
    )
    assert taken.versions.count() == 1


def test_what_is_no_other_portfolio_of_theirs_in_this_centre_is_refused(
    signed_in, piece, centre, coordinator, other, candidate
):
    revisions = [other.candidate_units.get().revision]
    otto = join(centre, coordinator, "Otto", "otto@harbour.example", Role.CANDIDATE)
    cleo = centre_create(
        name="Hill College",
        number="2",
        time_zone="Europe/London",
        coordinator_name="Cleo",
        coordinator_email="c@hill.example",
    )
    join(cleo.centre, cleo.user, candidate.name, candidate.email, Role.CANDIDATE)
    ottos = registration_create(centre=centre, actor=coordinator, candidate=otto, number="", revisions=revisions)
    on_the_hill = registration_create(
        centre=cleo.centre, actor=cleo.user, candidate=candidate, number="", revisions=revisions
    )
    candidate.refresh_from_db()  # whose password is another now
    signed_in.force_login(candidate)
    for into in (piece.registration, ottos, on_the_hill):
        with pytest.raises(PermissionDenied):
            evidence_take(evidence=piece, into=into, actor=candidate)
        answer = signed_in.post(page("evidence_take", piece), {"into": str(into.uuid)})
        assert "Choose one of these portfolios." in words(answer)
    assert "Choose a portfolio." in words(signed_in.post(page("evidence_take", piece)))
    assert Evidence.objects.count() == 2


def test_who_has_no_other_portfolio_is_offered_none(client, piece, candidate):
    client.force_login(candidate)
    assert "Take into another portfolio" not in words(client.get(page("evidence", piece)))
    assert "There is no other portfolio that you can take it into." in words(client.get(page("evidence_take", piece)))


def test_an_assessor_of_one_portfolio_takes_nothing_into_the_other(
    client, piece, other, assessor, coordinator, candidate
):
    taken = evidence_take(evidence=piece, into=other, actor=candidate)
    with pytest.raises(PermissionDenied):
        evidence_take(evidence=piece, into=other, actor=assessor)
    client.force_login(assessor)
    assert "Taken from it" not in words(client.get(page("evidence", piece)))
    assert client.get(page("evidence", taken)).status_code == 404
    allocate(unit=other.candidate_units.get(), actor=coordinator, user=assessor, capacity=Capacity.ASSESSOR)
    evidence_remove(evidence=taken, actor=candidate)
    own = evidence_take(evidence=piece, into=other, actor=assessor)
    assert (own.author, own.put_in_by) == (candidate, assessor)


def test_the_record_proves_where_it_came_from(piece, other, candidate):
    taken = evidence_take(evidence=piece, into=other, actor=candidate)
    assert list(row_faults(other.chain, other)) == []
    with lifted():
        Evidence.objects.filter(pk=taken.pk).update(taken_from=None)
    assert "tells otherwise of its taken from." in next(row_faults(other.chain, other))
