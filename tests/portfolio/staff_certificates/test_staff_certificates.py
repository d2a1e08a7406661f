"""Certificates of staff are files beside what is on record of them: who adds, reads and removes them."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from centres.models import Role
from centres.policy.choices import FileGroup
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from centres.staff.services import StaffDetails, staff_record_add, staff_record_end
from portfolio.files.presence import files_gone_in_all
from portfolio.files.services import is_there
from portfolio.management.commands.backup import _files_named
from portfolio.models import EvidenceFile, StaffCertificate, StoredFile
from portfolio.models.evidence import stored_path
from portfolio.staff_certificates import services
from portfolio.staff_certificates.services import staff_certificate_remove
from record.models import EventPayload
from tests.assessments.pages import html_of, signed_in, text_of
from tests.cast import PASSWORD, join
from tests.centres.policies import choose
from tests.portfolio.files.arrivals import picture
from tests.portfolio.staff_certificates.certificates import PDF, certificate
from tests.printing.printed import words_of
from tests.verification.visits.whole import visited

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def award(assessor) -> StaffRecord:
    """Ann's award."""
    return StaffRecord.objects.get(user=assessor, kind=StaffKind.AWARD)


def add_page(record: StaffRecord) -> str:
    return reverse("portfolio:staff_certificate_add", args=[record.centre.uuid, record.user.uuid, record.uuid])


def page_of(row: StaffCertificate, name: str = "staff_certificate") -> str:
    return reverse(f"portfolio:{name}", args=[row.record.centre.uuid, row.uuid])


def send(browser, record: StaffRecord, content: bytes = PDF, name: str = "taqa.pdf"):
    return browser.post(add_page(record), {"file": SimpleUploadedFile(name, content)}, follow=True)


def person_page(record: StaffRecord) -> str:
    return reverse("centres:staff_person", args=[record.centre.uuid, record.user.uuid])


def told(kind: str) -> list[dict]:
    return [json.loads(one.body)["staff_certificate"] for one in EventPayload.objects.filter(event__kind=kind)]


# --- Adding -----------------------------------------------------------------------------------------


def test_the_lists_of_staff_name_the_files_that_are_there(award, coordinator):
    gone, kept = (certificate(award, coordinator, name=one, content=PDF + one.encode()) for one in ("a.pdf", "b.pdf"))
    staff_certificate_remove(certificate=gone, actor=coordinator, password=PASSWORD, reason="Upside down.")
    browser, centre = signed_in(coordinator), award.centre.uuid
    table = browser.get(reverse("centres:staff_csv", args=[centre])).content.decode("utf-8-sig")
    [line] = [row for row in csv.DictReader(io.StringIO(table)) if row["Name"] == "Ann Assessor"]
    assert line["Files"] == kept.name
    printed = words_of(browser.get(reverse("centres:staff_pdf", args=[centre])))
    assert kept.name in printed
    assert gone.name not in printed


def test_a_coordinator_adds_a_certificate_and_the_event_tells_its_digest(award, coordinator):
    page = send(signed_in(coordinator), award)
    assert "“taqa.pdf” is with TAQA." in text_of(page)
    assert "taqa.pdf" in text_of(page)
    row = StaffCertificate.objects.select_related("stored_file__centre").get()
    assert stored_path(row.stored_file).read_bytes() == PDF
    assert told("certificate.added") == [json.loads(json.dumps(row.told(), default=str))]
    assert told("certificate.added")[0]["sha256"] == row.stored_file.sha256


def test_the_same_file_again_adds_nothing_and_another_is_added(award, coordinator):
    first = certificate(award, coordinator)
    assert certificate(award, coordinator, name="again.pdf") == first
    certificate(award, coordinator, name="page 2.jpg", content=picture())
    assert award.certificates.count() == 2
    assert len(told("certificate.added")) == 2


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("taqa.pdf", b"", "taqa.pdf was not kept: it is empty (0 bytes)."),
        ("taqa.txt", b"She holds TAQA.", "it is a plain text. Give the certificate as a PDF or a picture."),
        ("taqa.html", b"<html><script>1</script></html>", "It can hold a script"),
        ("taqa.pdf", b"%PDF-1.7" + b" " * 3000, "a certificate may have 2.0"),
    ],
)
def test_what_is_no_certificate_is_refused_with_a_sentence(award, coordinator, monkeypatch, name, content, sentence):
    monkeypatch.setattr(services, "LARGEST", 2048)
    page = send(signed_in(coordinator), award, content, name)
    assert sentence in text_of(page).replace("\xa0", " ")
    assert not StaffCertificate.objects.exists()
    assert not told("certificate.added")


def test_no_file_at_all_is_asked_for(award, coordinator):
    browser = signed_in(coordinator)
    assert "read by coordinators and internal verifiers of the centre" in text_of(browser.get(add_page(award)))
    assert "Choose the file with the certificate." in text_of(browser.post(add_page(award), {}))


def test_what_a_centre_takes_as_evidence_does_not_bind_its_certificates(award, centre, coordinator):
    choose(centre, coordinator, file_groups=(FileGroup.DOCUMENTS,), largest_file_mb=1)
    assert certificate(award, coordinator, name="photo.jpg", content=picture()).content_type == "image/jpeg"


def test_a_record_has_room_for_so_many_files(award, coordinator, monkeypatch):
    monkeypatch.setattr(services, "FILES_AT_MOST", 1)
    certificate(award, coordinator)
    with pytest.raises(ValidationError, match=r"b.pdf was not kept: 1 files are with this already."):
        certificate(award, coordinator, name="b.pdf", content=PDF + b"b")


def test_nothing_is_added_to_what_was_taken_off_meanwhile(award, coordinator):
    staff_record_end(record=award, actor=coordinator, why="Typed wrongly.")
    with pytest.raises(ValidationError, match="taken off the record meanwhile"):
        certificate(award, coordinator)
    assert signed_in(coordinator).get(add_page(award)).status_code == 404


# --- Who may ----------------------------------------------------------------------------------------


def test_the_person_verifiers_and_who_visits_read_it_and_nobody_else(
    award, unit, coordinator, assessor, verifier, candidate, outsider
):
    row = certificate(award, coordinator)
    visit = visited(unit, coordinator)
    other = join(award.centre, coordinator, "Abe", "abe@harbour.example", Role.ASSESSOR)
    for reader in (coordinator, assessor, verifier, visit.verifier):
        page = signed_in(reader).get(page_of(row))
        assert (page.status_code, page["Content-Type"]) == (200, "application/pdf"), reader
        assert b"".join(page) == PDF
        assert "taqa.pdf" in text_of(signed_in(reader).get(person_page(award)))
    for stranger, answer in ((other, 403), (candidate, 403), (outsider, 404)):
        assert signed_in(stranger).get(page_of(row)).status_code == answer, stranger
    visit.until = timezone.now()
    visit.save()
    page = signed_in(visit.verifier).get(page_of(row))
    assert page.status_code == 404
    assert "Your visit ended on" in page.content.decode()


def test_an_assessor_adds_what_shows_their_development_and_no_award_of_theirs(award, assessor, centre):
    with pytest.raises(PermissionDenied):
        certificate(award, assessor)
    assert signed_in(assessor).get(add_page(award)).status_code == 403
    course = StaffDetails(what="A course", since=centre.today, hours=Decimal(6))
    about = {"centre": centre, "person": assessor, "actor": assessor}
    done = staff_record_add(**about, kind=StaffKind.DEVELOPMENT, details=course)
    assert "“taqa.pdf” is with A course." in text_of(send(signed_in(assessor), done))


def test_a_verifier_reads_the_list_of_staff_and_changes_nothing(award, verifier, centre):
    browser = signed_in(verifier)
    assert "Ann Assessor" in text_of(browser.get(reverse("centres:staff", args=[centre.uuid])))
    page = text_of(browser.get(person_page(award)))
    assert "TAQA" in page
    assert "Take off" not in page
    assert browser.post(add_page(award), {}).status_code == 403


# --- Removing ---------------------------------------------------------------------------------------


def test_a_coordinator_removes_it_and_its_digest_and_the_reason_stay(
    award, coordinator, assessor, django_capture_on_commit_callbacks
):
    row = certificate(award, coordinator)
    browser, page = signed_in(coordinator), page_of(row, "staff_certificate_remove")
    refused = text_of(browser.post(page, {"reason": "Ann's no more.", "password": "wrong"}))
    assert "That is not your password. Nothing was removed." in refused
    assert "Ann's no more." in html_of(browser.post(page, {"reason": "Ann's no more."})).replace("&#x27;", "'")
    assert is_there(row.stored_file)
    with pytest.raises(PermissionDenied):
        staff_certificate_remove(certificate=row, actor=assessor, password=PASSWORD, reason="x")

    with django_capture_on_commit_callbacks(execute=True):
        shown = text_of(browser.post(page, {"reason": "Somebody else's.", "password": PASSWORD}, follow=True))
    assert "taqa.pdf was removed on" in shown
    assert "Somebody else's." in shown.replace("’", "'")
    assert not is_there(row.stored_file)
    gone = browser.get(page_of(row))
    assert gone.status_code == 410
    assert row.stored_file.sha256 in gone.content.decode()
    assert told("certificate.removed")[0]["removed_why"] == "Somebody else's."
    assert files_gone_in_all() == 0
    assert "was removed already" in text_of(browser.get(page, follow=True))
    again = certificate(award, coordinator)  # the right one after all
    assert is_there(again.stored_file)
    assert files_gone_in_all() == 0


def test_bytes_that_something_else_holds_stay(award, coordinator, evidence, django_capture_on_commit_callbacks):
    row = certificate(award, coordinator)
    EvidenceFile.objects.create(
        version=evidence.versions.get(), stored_file=row.stored_file, name="a.pdf", content_type="x/y", position=1
    )
    with django_capture_on_commit_callbacks(execute=True):
        staff_certificate_remove(certificate=row, actor=coordinator, password=PASSWORD, reason="x")
    assert is_there(row.stored_file)
    assert not StoredFile.objects.given_up().exists()


def test_bytes_stay_until_the_last_record_that_has_them(
    award, coordinator, verifier, django_capture_on_commit_callbacks
):
    of_both = [certificate(record, coordinator) for record in (award, StaffRecord.objects.get(user=verifier))]
    for row, stays in zip(of_both, (True, False), strict=True):
        with django_capture_on_commit_callbacks(execute=True):
            staff_certificate_remove(certificate=row, actor=coordinator, password=PASSWORD, reason="x")
        assert is_there(row.stored_file) is stays


def test_it_is_in_backups_and_missed_by_the_health_check_until_it_is_removed(award, coordinator):
    row = certificate(award, coordinator)
    path = stored_path(row.stored_file)
    assert any(row.stored_file.sha256 in name for name in _files_named())
    path.unlink()
    assert files_gone_in_all() == 1
    page = signed_in(coordinator).get(page_of(row))
    assert page.status_code == 404
    assert "its content is not on the server as it was stored" in page.content.decode()
    staff_certificate_remove(certificate=row, actor=coordinator, password=PASSWORD, reason="x")
    assert files_gone_in_all() == 0
    assert list(_files_named()) == []
