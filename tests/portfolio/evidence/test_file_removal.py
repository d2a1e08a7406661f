"""A coordinator removes a file from a piece of evidence: what goes, what stays, and what everybody reads."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessments.models import Standing
from assessments.proof.check import RecordCheck
from assessments.signing.services import unit_countersign, unit_sign_off, unit_submit
from portfolio.evidence.file_removal import file_remove
from portfolio.evidence.services import EvidenceDetails, evidence_add, evidence_correct
from portfolio.files.presence import files_gone_in_all
from portfolio.files.services import file_stage, sweep_unreferenced
from portfolio.files.uploads import IncomingFile
from portfolio.management.commands.backup import _files_named
from portfolio.models import EvidenceFile, RemovedFile, StagedFile
from portfolio.models.evidence import previews_path, stored_path
from record.models import Event
from tests.assessments.steps import answer_all, give_back
from tests.cast import PASSWORD, claim_in_bulk, judge_in_bulk, seen
from tests.portfolio.files.typed import address, queries_of, words

pytestmark = pytest.mark.django_db

DETAILS = EvidenceDetails(
    title="The queue at the desk",
    kind="work_product",
    setting="real_job",
    happened_from=datetime.date(2026, 3, 2),
    location="At the desk",
    relevance="Shows how I serve",
)
WHY = "A customer's card is in the picture."


def staged(registration, user, content: bytes = b"A card, 4000 1234.\n", name: str = "queue.txt") -> StagedFile:
    with IncomingFile.from_content(name, content) as incoming:
        return file_stage(registration=registration, user=user, incoming=incoming)


def piece_with(registration, user, **file):
    return evidence_add(
        registration=registration,
        actor=user,
        form_key=uuid.uuid4(),
        details=DETAILS,
        staged=[staged(registration, user, **file)],
    )


@pytest.fixture
def file(unit, candidate) -> EvidenceFile:
    """The only file of evidence 1, of which something was drawn."""
    piece = piece_with(unit.registration, candidate)
    found = EvidenceFile.objects.select_related("version__evidence__registration__centre", "stored_file__centre").get(
        version__evidence=piece
    )
    previews_path(found.stored_file).mkdir(parents=True, exist_ok=True)
    (previews_path(found.stored_file) / "1.webp").write_bytes(b"drawn")
    return found


@pytest.fixture
def removed(coordinator, django_capture_on_commit_callbacks):
    """Removes a file as Cora."""

    def remove(file, **said):
        with django_capture_on_commit_callbacks(execute=True):
            return file_remove(file=file, **{"actor": coordinator, "password": PASSWORD, "reason": WHY} | said)

    return remove


def faults() -> list[str]:
    return list(RecordCheck().faults())


def statuses(unit) -> set[str]:
    return set(Standing.objects.filter(candidate_unit=unit).values_list("status", flat=True))


def signed_off(unit, piece, candidate, assessor) -> None:
    claim_in_bulk(unit, [piece])
    unit_submit(unit=unit, actor=candidate, password=PASSWORD, seen=seen(unit))
    judge_in_bulk(unit, assessor)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))


# --- What goes and what stays -----------------------------------------------------------------------


@pytest.mark.sqlite
def test_bytes_and_pictures_go_and_the_record_says_who_and_why(file, removed, coordinator):
    row = removed(file)
    assert not stored_path(file.stored_file).exists()
    assert not previews_path(file.stored_file).exists()
    event = Event.objects.latest("pk")
    assert (event.kind, event.actor) == ("evidence.file_removed", coordinator.uuid)
    assert row.told() | {"reason": WHY, "sha256": file.stored_file.sha256, "name": "queue.txt"} == row.told()
    check = RecordCheck()
    assert list(check.faults()) == []
    assert any(file.stored_file.sha256 in remark for remark in check.remarks)
    assert files_gone_in_all() == 0
    assert list(_files_named()) == []


def test_a_file_that_is_missing_without_such_a_row_is_still_a_fault(file):
    stored_path(file.stored_file).unlink()
    assert any("is missing" in fault for fault in faults())
    assert files_gone_in_all() == 1


def test_other_evidence_with_the_same_bytes_keeps_them(unit, file, removed, candidate, client):
    other = piece_with(unit.registration, candidate)
    kept = EvidenceFile.objects.get(version__evidence=other)
    removed(file)
    client.force_login(candidate)
    gone = client.get(address("portfolio:file_download", unit.registration, file=file.uuid))
    assert (gone.status_code, WHY in words(gone)) == (410, True)
    assert client.get(address("portfolio:file_download", unit.registration, file=kept.uuid)).status_code == 200
    removed(kept)
    assert not stored_path(file.stored_file).exists()
    assert faults() == []


def test_bytes_that_a_crash_left_are_swept_up(file, coordinator):
    file_remove(file=file, actor=coordinator, password=PASSWORD, reason=WHY)  # and nothing after the commit
    assert stored_path(file.stored_file).exists()
    assert sweep_unreferenced(older_than=datetime.timedelta(seconds=-1)) == 1


@pytest.mark.parametrize("route", ["file_download", "file_open", "file_copy", "file_page"])
def test_nothing_of_it_is_served(route, file, removed, candidate, client):
    removed(file)
    client.force_login(candidate)
    more = {"page": 1} if route == "file_page" else {}
    page = client.get(address(f"portfolio:{route}", file.version.evidence.registration, file=file.uuid, **more))
    assert page.status_code == 410
    assert "was removed on" in words(page)


def test_a_correction_does_not_carry_it_on(file, removed, candidate):
    piece, registration = file.version.evidence, file.version.evidence.registration
    removed(file)
    correct = {"evidence": piece, "actor": candidate, "seen": 1, "details": DETAILS}
    with pytest.raises(ValidationError, match="cannot be put in again"):
        evidence_correct(**correct, keep=[file], staged=[staged(registration, candidate, b"New.\n")])
    with pytest.raises(ValidationError, match="“again” was removed from this evidence by Cora"):
        evidence_correct(**correct, keep=[], staged=[staged(registration, candidate, name="again")])
    evidence_correct(**correct, keep=[], staged=[staged(registration, candidate, b"Covered.\n")])
    assert faults() == []


# --- Units ------------------------------------------------------------------------------------------


@pytest.mark.sqlite
def test_claims_count_no_more_until_the_evidence_is_corrected(unit, file, removed, candidate, assessor):
    piece = file.version.evidence
    claim_in_bulk(unit, [piece])
    judge_in_bulk(unit, assessor)
    removed(file)
    assert statuses(unit) == {"barred"}
    evidence_correct(
        evidence=piece, actor=candidate, seen=1, details=DETAILS, keep=[],
        staged=[staged(unit.registration, candidate, b"Covered.\n")],
    )  # fmt: skip
    assert statuses(unit) == {"claimed"}
    assert faults() == []


@pytest.mark.sqlite
def test_a_unit_that_was_signed_off_keeps_its_signatures_and_says_so(
    unit, file, removed, candidate, assessor, verifier, client
):
    signed_off(unit, file.version.evidence, candidate, assessor)
    removed(file)
    assert "barred" not in statuses(unit)
    unit_countersign(unit=unit, actor=verifier, password=PASSWORD, seen=seen(unit))
    assert faults() == []
    client.force_login(verifier)
    page = client.get(address("assessments:unit", unit.registration, unit=unit.uuid))
    assert WHY in words(page)


@pytest.mark.long
def test_a_sign_off_after_the_removal_does_not_make_it_count(unit, file, removed, candidate, assessor, verifier):
    whole = piece_with(unit.registration, candidate, content=b"Another letter.\n")
    claim_in_bulk(unit, [whole])
    signed_off(unit, file.version.evidence, candidate, assessor)
    removed(file)
    give_back(unit, verifier, reason="Look again.")
    assert "barred" in statuses(unit)
    answer_all(unit)
    unit_sign_off(unit=unit, actor=assessor, password=PASSWORD, seen=seen(unit))
    assert "barred" in statuses(unit)
    assert faults() == []


# --- The page ---------------------------------------------------------------------------------------


@pytest.fixture
def url(file) -> str:
    return address("portfolio:file_remove", file.version.evidence.registration, file=file.uuid)


def test_the_page_says_what_it_does_and_does_it_once(unit, file, url, candidate, coordinator, client):
    claim_in_bulk(unit, [file.version.evidence])
    piece_with(unit.registration, candidate)
    client.force_login(coordinator)
    page = words(client.get(url))
    assert "version 1" in page
    assert "evidence 2 of Pat Candidate" in page
    assert "B10.1.1" in page
    assert queries_of(client, url) <= 15
    for refused in ({}, {"reason": WHY, "password": "wrong"}, {"reason": " ", "password": PASSWORD}):
        assert client.post(url, refused).status_code == 200
    assert not RemovedFile.objects.exists()
    for _ in range(2):
        assert client.post(url, {"reason": WHY, "password": PASSWORD}).status_code == 302
    assert RemovedFile.objects.count() == 1
    client.force_login(candidate)
    shown = words(client.get(address("portfolio:evidence", unit.registration, evidence=file.version.evidence.uuid)))
    assert f"by Cora Coordinator: {WHY}" in shown
    assert "A file of this evidence was removed" in shown


def test_only_a_coordinator_removes_files(file, assessor):
    with pytest.raises(PermissionDenied):
        file_remove(file=file, actor=assessor, password=PASSWORD, reason=WHY)
