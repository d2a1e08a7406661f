"""The Candidate Recording Form as people get it."""

import hashlib
import os

import pytest
from django.utils import timezone

from assessments.models import FinalForm, Signature
from assessments.recording_form import drafts
from assessments.recording_form.services import final_form_render
from assessments.steps_back.services import unit_reopen
from centres.models import User
from portfolio.models import WaitingWork
from portfolio.models.evidence import stored_path
from tests.assessments.pages import address, signed_in, text_of
from tests.assessments.printing_many.printed import do_all
from tests.assessments.steps import events, open_version
from tests.cast import judge_in_bulk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """Drafts of this test alone."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def form(verified_unit):
    """The rendered form of the verified unit."""
    final_form_render(signature=Signature.objects.get(stage="countersignature").uuid)
    form = FinalForm.objects.select_related("stored_file__centre", "signature").get()
    assert form.stored_file is not None
    return form


def assert_a_pdf_to_keep(response, name):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == name
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]
    assert response.content.startswith(b"%PDF-")


@pytest.mark.parametrize("who", ["candidate", "assessor", "verifier", "coordinator"])
def test_before_the_last_signature_it_is_a_draft_of_which_no_event_tells(who, request, submitted_unit):
    before = events(submitted_unit)
    client = signed_in(request.getfixturevalue(who))
    assert "The form is being printed" in text_of(client.get(address("form", submitted_unit)))
    do_all()
    response = client.get(address("form", submitted_unit))
    assert_a_pdf_to_keep(response, 'attachment; filename="B10 Pat Candidate draft.pdf"')
    assert events(submitted_unit) == before


def test_a_draft_is_printed_once_for_a_state_of_the_unit(claimed_unit, candidate, assessor, monkeypatch):
    printed = []

    def print_it(document, *, digest):
        printed.append(document)
        return b"%PDF"

    monkeypatch.setattr(drafts, "recording_form_pdf", print_it)
    clients = [signed_in(candidate), signed_in(assessor)] * 2
    for client in clients:
        client.get(address("form", claimed_unit))
    assert do_all() == 1
    assert {client.get(address("form", claimed_unit)).content for client in clients} == {b"%PDF"}
    assert len(printed) == 1
    judge_in_bulk(claimed_unit, assessor)
    assert "The form is being printed" in text_of(clients[0].get(address("form", claimed_unit)))
    assert do_all() == 1
    assert len(printed) == 2
    assert not WaitingWork.objects.exclude(state="done").exists()


def test_a_draft_that_cannot_be_printed_says_so_and_is_tried_again(claimed_unit, candidate, monkeypatch):
    monkeypatch.setattr(drafts, "write_whole", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    client = signed_in(candidate)
    client.get(address("form", claimed_unit))
    do_all()
    assert "Printing it failed, and is tried again in a few minutes." in text_of(
        client.get(address("form", claimed_unit))
    )
    monkeypatch.undo()
    WaitingWork.objects.update(ready_at=timezone.now())
    do_all()
    assert client.get(address("form", claimed_unit))["Content-Type"] == "application/pdf"


def test_a_draft_is_kept_for_a_day(claimed_unit):
    drafts.draft_print(claimed_unit)
    assert drafts.sweep_drafts() == 0
    for path in (drafts.prints_dir() / "drafts").iterdir():
        os.utime(path, (0, 0))
    assert drafts.sweep_drafts() == 1
    assert drafts.draft_kept(drafts.draft_document(claimed_unit)) is None


@pytest.mark.parametrize("who", ["candidate", "assessor", "verifier", "coordinator"])
def test_a_verified_unit_gives_what_was_stored_byte_for_byte(who, request, form, verified_unit):
    client = signed_in(request.getfixturevalue(who))
    first, second = client.get(address("form", verified_unit)), client.get(address("form", verified_unit))
    assert_a_pdf_to_keep(first, 'attachment; filename="B10 Pat Candidate.pdf"')
    assert first.content == second.content == stored_path(form.stored_file).read_bytes()
    assert hashlib.sha256(first.content).hexdigest() == form.stored_file.sha256


def test_until_it_is_made_the_unit_says_so(verified_unit, candidate):
    response = signed_in(candidate).get(address("form", verified_unit), follow=True)
    assert "The final form is not made yet. Look again in a moment." in text_of(response)


def test_a_name_in_any_script_is_carried_by_the_header_itself(form, verified_unit, candidate):
    User.objects.filter(pk=candidate.pk).update(name='Zoë "Z" Ünal/حسن')
    header = signed_in(candidate).get(address("form", verified_unit))["Content-Disposition"]
    assert header.startswith("attachment; filename*=utf-8''B10%20Zo%C3%AB")
    assert "/" not in header


def test_the_form_of_an_earlier_version_stays_the_same_after_a_reopening(form, verified_unit, verifier, candidate):
    before = stored_path(form.stored_file).read_bytes()
    unit_reopen(unit=verified_unit, actor=verifier, reason="Not seen.", stamp=open_version(verified_unit).stamp)
    client = signed_in(candidate)
    response = client.get(address("final_form", verified_unit, signature=form.signature.uuid))
    assert_a_pdf_to_keep(response, 'attachment; filename="B10 Pat Candidate.pdf"')
    assert response.content == before
    assert "The form is being printed" in text_of(client.get(address("form", verified_unit)))


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_file_that_is_not_what_was_stored_is_not_handed_out(damage, form, verified_unit, candidate):
    path = stored_path(form.stored_file)
    if damage == "gone":
        path.unlink()
    else:
        content = path.read_bytes()
        path.chmod(0o600)
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    response = signed_in(candidate).get(address("form", verified_unit))
    assert response.status_code == 404
    assert "What was signed is safe in the record." in response.content.decode()
    assert not response.content.startswith(b"%PDF-")


def test_only_a_countersignature_of_this_unit_has_a_form(form, verified_unit, candidate):
    client = signed_in(candidate)
    for other in Signature.objects.exclude(stage="countersignature"):
        assert client.get(address("final_form", verified_unit, signature=other.uuid)).status_code == 404


def test_an_outsider_gets_neither(form, verified_unit, outsider):
    client = signed_in(outsider)
    assert client.get(address("form", verified_unit)).status_code == 404
    assert client.get(address("final_form", verified_unit, signature=form.signature.uuid)).status_code == 404


def test_it_can_only_be_read(form, verified_unit, candidate):
    client = signed_in(candidate)
    assert client.post(address("form", verified_unit)).status_code == 405
    assert client.head(address("form", verified_unit)).status_code == 405


@pytest.mark.long
def test_it_takes_few_queries(form, verified_unit, candidate, django_assert_max_num_queries):
    client = signed_in(candidate)
    with django_assert_max_num_queries(15):
        client.get(address("form", verified_unit))


def test_so_many_drafts_wait_for_a_person_and_no_more(submitted_unit, candidate, assessor, monkeypatch):
    monkeypatch.setattr(drafts, "WAITING_AT_MOST", 2)
    centre, page = submitted_unit.registration.centre, address("form", submitted_unit)
    for number, state in enumerate(("waiting", "waiting", "done")):
        WaitingWork.objects.create(
            kind="printing", what=f"draft {number}", person=candidate, centre=centre, state=state,
            served_at=timezone.now(),
        )  # fmt: skip
    refused = signed_in(candidate).get(page)
    assert refused.status_code == 429
    assert "no more are taken at once" in refused.content.decode()
    assert not WaitingWork.objects.filter(what=f"draft {submitted_unit.uuid}").exists()
    assert signed_in(assessor).get(page).status_code == 200  # another person waits for none
    assert signed_in(candidate).get(page).status_code == 429
    WaitingWork.objects.filter(what="draft 0").update(state="done")
    assert signed_in(candidate).get(page).status_code == 200
    assert signed_in(candidate).get(page).status_code == 200  # the same again is no further one
