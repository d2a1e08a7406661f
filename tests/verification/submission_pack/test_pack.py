"""What is in a submission pack, for whom, under which name; and what happens when something goes wrong on the way."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from notices.models import Notice
from portfolio.evidence.file_removal import file_remove
from portfolio.models import EvidenceFile, Registration, RemovedFile, WaitingWork
from portfolio.models.evidence import stored_path
from printing.errors import PrintError
from record.keys import ensure_signing_key
from record.models import Event
from standards.models import Framework, Qualification
from tests.assessments.pages import html_of, signed_in, text_of
from tests.cast import PASSWORD, add_evidence
from tests.verification.submission_pack.conftest import EXCEPTION, LETTER, TO_ANN
from verification.models import SubmissionPack
from verification.submission_pack.check import main
from verification.submission_pack.closing import pack_name
from verification.submission_pack.making import folder_of
from verification.submission_pack.services import pack_ask, pack_take, sweep_packs

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

B10 = "B10 Organise the delivery of reliable customer service"


def address(unit, name: str = "pack") -> str:
    return reverse(f"verification:{name}", args=[unit.registration.centre.uuid, unit.registration.uuid])


def inside(pack: Path) -> dict[str, str]:
    """The files of a pack by their names, as words."""
    with zipfile.ZipFile(pack) as opened:
        return {name: opened.read(name).decode(errors="replace") for name in opened.namelist()}


def lose(name: str) -> None:
    stored_path(EvidenceFile.objects.get(name=name).stored_file).unlink()


def test_the_coordinator_takes_all_of_it_and_that_is_on_record(whole, coordinator, take, printed):
    files = inside(take(whole, coordinator))

    of_record = {name for name in files if name.startswith("record/")}
    assert set(files) - of_record == {
        "Evidence index.csv", "Evidence index.pdf", "MANIFEST", "Unit summary.pdf", "Units achieved.pdf",
        "Witness list.pdf", "check.py", "index.html",
        "evidence/002-1 Letter- to Mrs Webb-.txt", "evidence/002-2 log.txt",
        f"feedback/{B10}.pdf", f"forms/{B10}.pdf", f"sampling/{B10}.pdf",
    }  # fmt: skip
    assert files["evidence/002-1 Letter- to Mrs Webb-.txt"] == LETTER.decode()
    assert EXCEPTION in files[f"sampling/{B10}.pdf"]
    for name in ("Pat Candidate", "Ann Assessor", "Ivy Verifier"):
        assert name in files["Unit summary.pdf"]
    assert "'=A letter to a customer" in files["Evidence index.csv"]  # no formula
    assert "Kept elsewhere: Filing cabinet 3" in files["index.html"]
    assert 'href="evidence/002-1%20Letter-%20to%20Mrs%20Webb-.txt"' in files["index.html"]
    assert "http" not in files["index.html"]
    taken = Event.objects.filter(chain=whole.registration.chain).latest("sequence")
    assert (taken.kind, taken.actor) == ("pack.taken", coordinator.uuid)
    assert json.loads(taken.payload.body)["files"] == len(files)
    assert Notice.objects.get(person=coordinator, kind="printed").about == "the submission pack"


def test_a_candidate_takes_their_own_without_what_staff_write_to_each_other(whole, candidate, take, capsys):
    pack = take(whole, candidate)
    files = inside(pack)

    everything = "".join(files.values())
    assert TO_ANN not in everything
    assert EXCEPTION not in everything
    assert not any(name.startswith("sampling/") for name in files)
    assert "record/documents/001 B10 submission.json" in files
    assert "record/documents/002 B10 sign-off.json" not in files  # it holds what Ivy asked of Ann
    assert f"forms/{B10}.pdf" in files
    assert main([str(pack), "--key", ensure_signing_key().fingerprint]) == 0
    said = capsys.readouterr().out
    assert "Left out: 002 B10 sign-off is not for who took this pack." in said
    assert "of them tell is not in this pack" in said


def test_nobody_takes_the_pack_of_somebody_else(whole, coordinator, candidate, assessor, verifier, outsider, take):
    take(whole, coordinator)
    for person, answer in ((assessor, 403), (verifier, 403), (outsider, 404)):
        assert signed_in(person).get(address(whole)).status_code == answer
        assert signed_in(person).post(address(whole, "pack_file")).status_code == answer
    with pytest.raises(PermissionDenied):
        pack_ask(registration=whole.registration, actor=assessor)
    # The candidate has none of their own yet, and is not given that of the coordinator, which says more.
    led_back = signed_in(candidate).post(address(whole, "pack_file"), follow=True)
    assert "There is no pack to take away yet." in text_of(led_back)
    with pytest.raises(PermissionDenied):
        pack_take(pack=SubmissionPack.objects.get(), actor=candidate)


def test_asked_for_twice_it_is_made_once_and_can_be_cancelled(whole, coordinator, make_all, printed):
    client = signed_in(coordinator)
    for _ in range(2):
        assert "0 of 9 files" in text_of(client.post(address(whole), {"do": "make"}, follow=True))
    assert WaitingWork.objects.filter(kind="pack").count() == 1
    assert "No pack is made." in text_of(client.post(address(whole), {"do": "cancel"}, follow=True))
    assert "It had ended already." in text_of(client.post(address(whole), {"do": "cancel"}, follow=True))
    assert make_all() == 0
    assert SubmissionPack.objects.get().state == "cancelled"


def test_a_lost_file_is_told_before_and_after_and_named_in_the_pack(whole, coordinator, take, capsys):
    lose("log.txt")
    client = signed_in(coordinator)
    assert "Evidence 2: log.txt" in text_of(client.get(address(whole)))
    pack = take(whole, coordinator)
    assert "evidence/002-2 log.txt" not in inside(pack)
    assert "002-2 log.txt : not on the server as it was stored" in text_of(client.get(address(whole)))
    assert "evidence/002-2 log.txt: not on the server as it was stored" in inside(pack)["index.html"]
    assert main([str(pack), "--key", ensure_signing_key().fingerprint]) == 0
    assert "Not in the pack when it was made (lost): evidence/002-2 log.txt" in capsys.readouterr().out


def test_a_file_that_was_lost_or_removed_since_is_not_handed_out(whole, coordinator, take, make_all):
    take(whole, coordinator)
    client, of_pack = signed_in(coordinator), address(whole, "pack_file")
    events = Event.objects.count()
    lose("log.txt")
    assert "002-2 log.txt is not on the server any more as it was." in text_of(client.post(of_pack, follow=True))
    letter = EvidenceFile.objects.get(name__startswith="Letter")
    file_remove(file=letter, actor=coordinator, password=PASSWORD, reason="A name.")
    assert "Something was removed from the portfolio since" in text_of(client.post(of_pack, follow=True))
    assert Event.objects.count() == events + 1  # the removal

    pack = take(whole, coordinator)
    assert RemovedFile.objects.exists()
    assert LETTER.decode() not in "".join(inside(pack).values())
    assert "removed by the centre" in inside(pack)["index.html"]
    assert main([str(pack), "--key", ensure_signing_key().fingerprint]) == 0


def test_what_cannot_be_printed_is_left_out_by_name(whole, coordinator, take, monkeypatch):
    def no_witnesses(_registration: Registration) -> None:
        raise PrintError("No such font.")

    monkeypatch.setattr("verification.submission_pack.making.witness_list", no_witnesses)
    monkeypatch.setattr("portfolio.services.waiting_work.AGAIN_AFTER", timedelta(0))
    files = inside(take(whole, coordinator))
    assert "Witness list.pdf" not in files
    assert "Witness list.pdf: could not be printed" in files["index.html"]
    assert f"forms/{B10}.pdf" in files


def test_it_is_made_anew_when_the_portfolio_changed_meanwhile(
    unit, evidence, candidate, coordinator, make_all, printed
):
    pack = pack_ask(registration=unit.registration, actor=coordinator)
    add_evidence(unit.registration, candidate, title="Added while it was made")
    assert make_all() == 2
    pack.refresh_from_db()
    assert (pack.state, pack.begun) == ("done", 2)
    [index] = [file for file in pack.files.all() if file.path == "index.html"]
    page = (folder_of(pack) / str(index.number)).read_text(encoding="utf-8")
    assert "Added while it was made" in page
    assert f"Not begun: {unit.revision}." in page


def test_an_empty_portfolio_has_a_pack_too(unit, candidate, take, capsys):
    pack = take(unit, candidate)
    assert "There is no evidence in this portfolio." in inside(pack)["index.html"]
    assert main([str(pack), "--key", ensure_signing_key().fingerprint]) == 2
    assert "No checkpoint of the site holds this portfolio yet" in capsys.readouterr().out


def test_its_name_is_what_the_awarding_body_wants(unit, b10):
    registration = unit.registration
    assert pack_name(registration) == "Pat Candidate portfolio"
    cvq = Framework.objects.create(code="cvq", title="CVQ")
    registration.qualification = Qualification.objects.create(
        framework=cvq, code="CCA010-02", number=1, title="Customer Service", published_at=timezone.now()
    )
    registration.number = "21/00 45"
    assert pack_name(registration) == "21/0045CCA010-02"
    registration.number = ""
    assert pack_name(registration) == "Pat Candidate CCA010-02"


def test_old_packs_go_and_those_left_behind_go_on(whole, coordinator, candidate, take):
    take(whole, coordinator)
    old = SubmissionPack.objects.get()
    SubmissionPack.objects.update(ended_at=timezone.now() - timedelta(days=8))
    left = pack_ask(registration=whole.registration, actor=candidate)
    WaitingWork.objects.all().delete()
    assert sweep_packs(left_for=timedelta(0)) == 1
    assert not folder_of(old).exists()
    assert [work.what for work in WaitingWork.objects.filter(kind="pack")] == [str(left.uuid)]


def test_many_files_take_no_more_queries(whole, coordinator, take, django_assert_max_num_queries):
    take(whole, coordinator)
    client = signed_in(coordinator)
    with django_assert_max_num_queries(15):
        assert "Download Pat Candidate portfolio.ZIP" in html_of(client.get(address(whole)))
