"""The final form: rendered once from what was signed, tried again when that fails, and kept."""

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from assessments.models import FinalForm, Signature, Stage
from assessments.recording_form import pdf
from assessments.recording_form.pdf import recording_form_pdf
from assessments.recording_form.services import (
    ATTEMPTS,
    FlawedForm,
    final_form_print,
    final_form_render,
    final_forms_missing,
    is_late,
)
from assessments.recording_form.tasks import render_final_form
from assessments.signing.services import unit_countersign
from centres.models import User
from demo.clock import told_at
from portfolio.models import StoredFile
from portfolio.models.evidence import stored_path
from record.models import CanonicalDocument
from tests.append_only import lifted
from tests.assessments.steps import events
from tests.cast import PASSWORD, seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def signature(verified_unit):
    return Signature.objects.get(stage=Stage.COUNTERSIGNATURE)


@pytest.fixture
def full_disk(settings, tmp_path):
    """A store in which nothing can be put: a file stands where its folder should be."""
    blocked = tmp_path / "files"
    blocked.write_text("")
    settings.FILES_DIR = blocked


def test_the_form_is_printed_from_the_signed_document_and_kept(signature, verified_unit):
    assert final_form_render(signature=signature.uuid) is False
    form = FinalForm.objects.get()
    assert form.stored_file is not None
    content = stored_path(form.stored_file).read_bytes()
    assert content.startswith(b"%PDF-")
    assert form.stored_file.sha256 == hashlib.sha256(content).hexdigest()
    assert (form.attempts, form.rendered_at is not None) == (1, True)
    assert events(verified_unit)[-1] == "form.printed"


def test_what_is_changed_after_the_signature_does_not_reach_the_form(signature, candidate):
    final_form_render(signature=signature.uuid)
    before = StoredFile.objects.get(final_forms__signature=signature).sha256
    User.objects.filter(pk=candidate.pk).update(name="Somebody Else")
    again = recording_form_pdf(json.loads(signature.document.body), digest=signature.document.digest)
    assert hashlib.sha256(again).hexdigest() == before


def test_running_twice_does_no_harm(signature, verified_unit):
    final_form_render(signature=signature.uuid)
    kept = FinalForm.objects.get()
    assert final_form_render(signature=signature.uuid) is False
    form = FinalForm.objects.get()
    assert (form.stored_file, form.rendered_at, form.attempts) == (kept.stored_file, kept.rendered_at, 1)
    assert events(verified_unit).count("form.printed") == 1


def test_a_form_that_another_process_kept_meanwhile_stays(signature, verified_unit):
    asked_before = FinalForm.objects.select_related("signature__document").get()
    final_form_render(signature=signature.uuid)
    kept = FinalForm.objects.get()
    final_form_print(form=asked_before)
    form = FinalForm.objects.get()
    assert (form.stored_file, form.rendered_at) == (kept.stored_file, kept.rendered_at)
    assert events(verified_unit).count("form.printed") == 1


@pytest.mark.long
def test_a_failure_is_tried_again_three_times_at_most(signature, verified_unit, full_disk):
    assert [final_form_render(signature=signature.uuid) for _ in range(ATTEMPTS)] == [True, True, False]
    assert final_form_render(signature=signature.uuid) is False
    form = FinalForm.objects.get()
    assert (form.attempts, form.stored_file, form.rendered_at) == (3, None, None)
    assert not StoredFile.objects.exists()
    assert "form.printed" not in events(verified_unit)


def test_a_failure_that_passes_leaves_the_form_in_the_end(signature, settings, tmp_path):
    good = settings.FILES_DIR
    settings.FILES_DIR = tmp_path / "file"
    settings.FILES_DIR.write_text("")
    assert final_form_render(signature=signature.uuid) is True
    settings.FILES_DIR = good
    assert final_form_render(signature=signature.uuid) is False
    form = FinalForm.objects.get()
    assert (form.attempts, form.stored_file is not None) == (2, True)


def test_the_task_orders_itself_again_only_after_a_failure(signature, full_disk):
    DBTaskResult.objects.all().delete()
    for _ in range(ATTEMPTS):
        render_final_form.call(str(signature.uuid))
    assert DBTaskResult.objects.count() == ATTEMPTS - 1


def given_up(caplog):
    return [record.message for record in caplog.records if record.levelname == "ERROR" and "given up" in record.message]


def test_an_attempt_that_took_its_process_down_was_counted_and_the_last_is_said(signature, caplog):
    FinalForm.objects.update(attempts=ATTEMPTS)
    assert final_form_render(signature=signature.uuid) is False
    assert FinalForm.objects.get().stored_file is None
    [line] = given_up(caplog)
    assert str(signature.uuid) in line
    assert "manage.py print_forms" in line


def test_the_last_failure_is_said_and_no_earlier_one(signature, full_disk, caplog):
    for _ in range(ATTEMPTS - 1):
        final_form_render(signature=signature.uuid)
    assert given_up(caplog) == []
    final_form_render(signature=signature.uuid)
    assert len(given_up(caplog)) == 1


def test_a_form_is_not_late_because_it_was_signed_long_ago(assessed_unit, verifier):
    with told_at(timezone.now() - timedelta(days=30)):
        unit_countersign(unit=assessed_unit, actor=verifier, password=PASSWORD, seen=seen(assessed_unit))
    form = FinalForm.objects.select_related("signature").get()
    assert form.signature.signed_at < timezone.now() - timedelta(days=29)
    assert not is_late(form)
    assert not final_forms_missing().exists()


def test_a_form_that_nobody_makes_is_missing_after_an_hour(signature, capsys):
    assert not is_late(FinalForm.objects.get())
    assert not final_forms_missing().exists()
    with lifted():
        FinalForm.objects.update(waits_since=timezone.now() - timedelta(minutes=61))
    assert is_late(FinalForm.objects.get())
    assert final_forms_missing().get().signature == signature
    call_command("print_forms")
    assert f"{signature.uuid}: printed" in capsys.readouterr().out
    assert not final_forms_missing().exists()


def test_what_went_wrong_is_logged_without_a_word_of_the_record(signature, caplog):
    body = json.loads(signature.document.body)
    body["candidate"] = {"Pat Candidate": body["candidate"]}
    with lifted():
        CanonicalDocument.objects.filter(pk=signature.document_id).update(body=json.dumps(body))
    assert final_form_render(signature=signature.uuid) is True
    assert f"The form of signature {signature.uuid} could not be rendered: " in caplog.text
    assert "Pat Candidate" not in caplog.text


def test_what_the_worker_has_not_given_up_is_left_to_it(signature, capsys):
    FinalForm.objects.update(attempts=ATTEMPTS - 1)
    call_command("print_forms")
    assert capsys.readouterr().out == ""
    assert FinalForm.objects.get().stored_file is None


def test_an_operator_prints_what_the_worker_gave_up(signature, settings, tmp_path, capsys):
    FinalForm.objects.update(attempts=ATTEMPTS)
    good = settings.FILES_DIR
    settings.FILES_DIR = tmp_path / "file"
    settings.FILES_DIR.write_text("")
    with pytest.raises(CommandError, match="1 form is still missing"):
        call_command("print_forms")
    assert str(signature.uuid) in capsys.readouterr().err
    settings.FILES_DIR = good
    call_command("print_forms")
    assert f"{signature.uuid}: printed" in capsys.readouterr().out
    assert FinalForm.objects.get().stored_file is not None
    call_command("print_forms")
    assert capsys.readouterr().out == ""


def test_a_flawed_form_is_kept_and_an_operator_is_told(signature, caplog, monkeypatch):
    """It is looked at for a head that its grids do not have."""
    monkeypatch.setattr(pdf, "GRIDS", replace(pdf.GRIDS, head="A word that stands nowhere"))
    with pytest.raises(FlawedForm):
        final_form_render(signature=signature.uuid)
    assert FinalForm.objects.get().stored_file is not None
    assert f"The form of signature {signature.uuid} is kept, but look at it. On page 1, rows stand" in caplog.text
    assert final_form_render(signature=signature.uuid) is False
