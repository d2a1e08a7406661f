"""The file store keeps each content once a centre, loses nothing that is referred to, and keeps nothing else."""

import os
import threading
import time
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from centres.models import Centre, Membership
from portfolio.files.services import (
    BytesLost,
    bytes_store,
    file_release,
    file_stage,
    file_store,
    open_stored,
    staged_for,
    stored_file_is_intact,
    sweep_staged,
    sweep_unreferenced,
)
from portfolio.files.upload_field import EvidenceFilesForm
from portfolio.files.uploads import IncomingFile
from portfolio.models import EvidenceFile, StagedFile, StoredFile
from portfolio.models.evidence import stored_path
from tests.cast import add_evidence
from tests.portfolio.files.arrivals import SMALL_DISK, files_below, pdf, picture, small_disk

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def arrived(name="letter.pdf", content=b"%PDF-1.7 a letter"):
    return IncomingFile.from_content(name, content)


def store(centre, content=b"%PDF-1.7 a letter"):
    return file_store(centre=centre, incoming=arrived(content=content))


@pytest.fixture
def elsewhere(outsider):
    return Centre.objects.get(memberships__user=outsider, memberships__role="coordinator")


def test_it_lies_under_its_centre_and_digest_for_the_owner_alone(centre, settings):
    row = store(centre)
    path = settings.FILES_DIR / str(centre.uuid) / row.sha256[:2] / row.sha256
    assert path == stored_path(row)
    assert path.read_bytes() == b"%PDF-1.7 a letter"
    assert row.size == 17
    assert path.stat().st_mode & 0o777 == 0o600
    for folder in (path.parent, path.parent.parent, settings.FILES_DIR):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert files_below(settings.FILES_DIR) == [path]
    assert open_stored(row).read() == b"%PDF-1.7 a letter"
    assert stored_file_is_intact(row)


def test_the_same_content_twice_is_one_row_and_one_file(centre, settings):
    assert store(centre) == store(centre)
    assert StoredFile.objects.count() == 1
    assert len(files_below(settings.FILES_DIR)) == 1


def test_another_centre_has_a_row_and_a_file_of_its_own(centre, elsewhere, settings):
    ours, theirs = store(centre), store(elsewhere)
    assert ours != theirs
    assert stored_path(ours) != stored_path(theirs)
    assert len(files_below(settings.FILES_DIR)) == 2


def test_what_the_program_made_is_kept_whatever_the_limit(centre, settings):
    settings.MAX_UPLOAD_BYTES = 1
    row = bytes_store(centre=centre, content=b"%PDF-1.7 a form")
    assert stored_file_is_intact(row)
    assert files_below(settings.INCOMING_DIR) == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_share_one_row(centre, settings):
    ready, rows, errors = threading.Barrier(4), [], []

    def upload():
        try:
            ready.wait()
            with transaction.atomic():
                rows.append(store(centre).pk)
                time.sleep(0.05)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    in_threads([upload] * 4)
    assert errors == []
    assert rows == [StoredFile.objects.get().pk] * 4
    assert len(files_below(settings.FILES_DIR)) == 1


def test_a_rolled_back_transaction_leaves_no_row_and_what_arrived_can_be_kept_again(centre):
    incoming = arrived()
    with pytest.raises(RuntimeError), transaction.atomic():
        file_store(centre=centre, incoming=incoming)
        raise RuntimeError
    assert not StoredFile.objects.exists()
    row = file_store(centre=centre, incoming=incoming)
    assert stored_file_is_intact(row)
    incoming.close()
    assert stored_file_is_intact(row)


def test_bytes_that_nothing_refers_to_are_swept_after_a_day(centre, settings):
    with pytest.raises(RuntimeError), transaction.atomic():
        orphan = stored_path(store(centre, b"orphan"))
        raise RuntimeError
    row = store(centre)
    assert sweep_unreferenced() == 0
    age(orphan)
    age(stored_path(row))
    assert sweep_unreferenced() == 1
    assert files_below(settings.FILES_DIR) == [stored_path(row)]


def test_the_sweep_spares_an_upload_whose_transaction_has_not_ended(centre):
    incoming = arrived()
    age(incoming.path)
    with transaction.atomic():
        row = file_store(centre=centre, incoming=incoming)
        StoredFile.objects.filter(pk=row.pk).delete()  # as others see it until the commit
        assert sweep_unreferenced() == 0
    assert stored_path(row).exists()


def test_a_full_disk_stores_no_half_file_and_says_so(centre, settings):
    incoming = arrived(content=b"x" * (SMALL_DISK + 100_000))
    with small_disk() as disk:
        settings.FILES_DIR = disk
        with pytest.raises(ValidationError, match=r"letter.pdf was not kept: there is no room left"):
            file_store(centre=centre, incoming=incoming)
        assert not StoredFile.objects.exists()
        assert files_below(disk) == []


def test_a_damaged_file_is_known_and_mended_by_the_next_upload_of_it(centre):
    row = store(centre)
    stored_path(row).write_bytes(b"%PDF-1.7 a LETTER")
    assert not stored_file_is_intact(row)
    stored_path(row).write_bytes(b"%PDF")
    with pytest.raises(BytesLost):
        open_stored(row)
    stored_path(row).unlink()
    with pytest.raises(BytesLost):
        open_stored(row)
    assert not stored_file_is_intact(row)
    store(centre)
    assert stored_file_is_intact(row)


def test_a_release_removes_the_bytes_only_after_the_commit(centre, django_capture_on_commit_callbacks):
    row = store(centre)
    with django_capture_on_commit_callbacks(execute=True):
        assert file_release(stored_file=row)
        assert stored_path(row).exists()
    assert not stored_path(row).exists()
    assert not StoredFile.objects.exists()
    assert not file_release(stored_file=row)


def test_a_release_that_is_rolled_back_removes_nothing(centre):
    row = store(centre)
    with pytest.raises(RuntimeError), transaction.atomic():
        file_release(stored_file=row)
        raise RuntimeError
    assert stored_file_is_intact(StoredFile.objects.get())


def test_a_release_spares_what_evidence_still_holds(registration, candidate, django_capture_on_commit_callbacks):
    staged = file_stage(registration=registration, user=candidate, incoming=arrived())
    with django_capture_on_commit_callbacks(execute=True):
        assert not file_release(stored_file=staged.stored_file)
    evidence = add_evidence(registration, candidate)
    EvidenceFile.objects.create(
        version=evidence.versions.get(),
        stored_file=staged.stored_file,
        name="letter.pdf",
        content_type="application/pdf",
        position=1,
    )
    staged.delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert not file_release(stored_file=staged.stored_file)
    assert stored_file_is_intact(staged.stored_file)


def test_a_release_spares_what_was_uploaded_again_before_the_bytes_went(centre, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        file_release(stored_file=store(centre))
    again = store(centre)
    for callback in callbacks:
        callback()
    assert stored_file_is_intact(again)


@pytest.mark.django_db(transaction=True)
def test_a_release_waits_for_the_upload_that_is_about_to_refer_to_the_file(registration, candidate):
    row = store(registration.centre)
    about_to, released, errors = threading.Event(), [], []

    def upload():
        try:
            with transaction.atomic():
                held = store(registration.centre)
                about_to.set()
                time.sleep(0.3)
                StagedFile.objects.create(
                    user=candidate,
                    registration=registration,
                    stored_file=held,
                    name="letter.pdf",
                    content_type="application/pdf",
                    staged_at=timezone.now(),
                )
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    def release():
        about_to.wait(5)
        try:
            released.append(file_release(stored_file=row))
        finally:
            connection.close()

    in_threads([upload, release])
    assert errors == []
    assert released == [False]
    assert stored_file_is_intact(StagedFile.objects.get().stored_file)


# --- Files that are kept while the form is refused ---------------------------------------------------


def test_a_good_file_is_kept_for_its_owner_in_this_portfolio(registration, candidate, assessor):
    staged = file_stage(registration=registration, user=candidate, incoming=arrived("Brief an Müller.pdf"))
    assert staged.name == "Brief an Müller.pdf"
    assert staged.content_type == "application/pdf"
    assert list(staged_for(registration=registration, user=candidate)) == [staged]
    assert not staged_for(registration=registration, user=assessor)


def test_the_same_file_sent_twice_is_kept_once(registration, candidate):
    first = file_stage(registration=registration, user=candidate, incoming=arrived())
    assert file_stage(registration=registration, user=candidate, incoming=arrived()) == first


def test_a_file_that_is_not_taken_leaves_nothing(registration, candidate, settings):
    with pytest.raises(ValidationError, match="a program or a script"):
        file_stage(registration=registration, user=candidate, incoming=arrived("photo.jpg", b"#!/bin/sh"))
    assert not StoredFile.objects.exists()
    assert files_below(settings.FILES_DIR) == []


def test_nobody_keeps_files_in_a_portfolio_that_they_may_not_add_to(registration, candidate, outsider, verifier):
    for person in (outsider, verifier):
        with pytest.raises(PermissionDenied):
            file_stage(registration=registration, user=person, incoming=arrived())
    Membership.objects.filter(user=candidate).update(ended_at=timezone.now())
    with pytest.raises(PermissionDenied):
        file_stage(registration=registration, user=candidate, incoming=arrived())
    assert not StoredFile.objects.exists()


def test_what_nobody_came_back_for_goes_after_a_day(registration, candidate, django_capture_on_commit_callbacks):
    old = file_stage(registration=registration, user=candidate, incoming=arrived())
    new = file_stage(registration=registration, user=candidate, incoming=arrived("photo.jpg", picture()))
    StagedFile.objects.filter(pk=old.pk).update(staged_at=timezone.now() - timedelta(hours=26))
    assert list(staged_for(registration=registration, user=candidate)) == [new]
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep_staged() == 1
    assert not stored_path(old.stored_file).exists()
    assert StagedFile.objects.get() == new
    assert stored_file_is_intact(new.stored_file)


def test_what_is_offered_no_more_is_spared_for_another_hour_because_a_form_may_hold_it(registration, candidate):
    staged = file_stage(registration=registration, user=candidate, incoming=arrived())
    StagedFile.objects.update(staged_at=timezone.now() - timedelta(hours=24, minutes=30))
    assert not staged_for(registration=registration, user=candidate).exists()
    assert sweep_staged() == 0
    assert StagedFile.objects.get() == staged


# --- The form's part ---------------------------------------------------------------------------------


def form_sent(registration, user, *files, kept=()):
    data = QueryDict(mutable=True)
    data.setlist("kept", [str(each) for each in kept])
    return EvidenceFilesForm(data, MultiValueDict({"chosen": list(files)}), registration=registration, user=user)


def test_a_bad_file_is_named_and_the_good_ones_are_offered_again_ticked(registration, candidate):
    form = form_sent(
        registration,
        candidate,
        arrived("good.pdf", pdf()),
        arrived("holiday.exe", b"MZ"),
        arrived("empty.pdf", b""),
        arrived("photo.jpg", picture()),
    )
    form.stage_good_files()
    assert [message.split(":")[0] for message in form.errors["chosen"]] == [
        "holiday.exe was not kept",
        "empty.pdf was not kept",
    ]
    html = str(form["kept"])
    assert html.count("checked") == 2
    assert "good.pdf (" in html
    assert "photo.jpg (" in html

    kept = staged_for(registration=registration, user=candidate)
    again = form_sent(registration, candidate, kept=[file.uuid for file in kept])
    again.stage_good_files()
    assert again.is_valid()
    assert again.staged_files() == list(kept)


def test_a_form_that_is_right_hands_over_what_was_kept_and_what_came_now(registration, candidate):
    kept = file_stage(registration=registration, user=candidate, incoming=arrived())
    form = form_sent(registration, candidate, arrived("photo.jpg", picture()), kept=[kept.uuid])
    form.stage_good_files()
    assert form.is_valid()
    assert [file.name for file in form.staged_files()] == ["letter.pdf", "photo.jpg"]


@pytest.mark.parametrize("foreign", ["another person's", "another portfolio's", "unknown", "no identifier"])
def test_a_kept_file_that_is_not_ones_own_is_refused(registration, unit, candidate, assessor, foreign):
    theirs = file_stage(registration=registration, user=assessor, incoming=arrived())
    if foreign == "another portfolio's":
        chain = type(registration.chain).objects.create()
        other = type(registration).objects.create(
            centre=registration.centre, candidate=candidate, registered_at=timezone.now(), chain=chain
        )
        theirs = file_stage(registration=other, user=candidate, incoming=arrived())
    sent = {"unknown": uuid.uuid4(), "no identifier": "x"}.get(foreign, theirs.uuid)
    form = form_sent(registration, candidate, kept=[sent])
    form.stage_good_files()
    assert form.errors["kept"] == ["A file that was kept for you is no longer there. Choose it again, please."]
    assert "letter.pdf" not in str(form["kept"])


def test_a_form_with_nothing_kept_shows_no_empty_heading(registration, candidate):
    form = EvidenceFilesForm(registration=registration, user=candidate)
    assert form["kept"].is_hidden
    assert "multiple" in str(form["chosen"])
    assert form.is_multipart()


def test_a_disk_that_is_full_when_a_file_is_kept_is_an_error_of_the_form(registration, candidate, settings):
    form = form_sent(registration, candidate, arrived("note.txt", b"x" * (SMALL_DISK + 100_000)))
    with small_disk() as disk:
        settings.FILES_DIR = disk
        form.stage_good_files()
    assert "note.txt was not kept: there is no room left" in form.errors["chosen"][0]
    assert not form.is_valid()
    assert not StoredFile.objects.exists()


def age(path):
    """Let the file be two days old."""
    then = time.time() - timedelta(days=2).total_seconds()
    os.utime(path, (then, then))


def in_threads(functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
