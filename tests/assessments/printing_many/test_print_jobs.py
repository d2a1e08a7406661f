"""Many forms are printed at once, form by form in the background, and packed into one file."""

import zipfile
from datetime import timedelta
from io import BytesIO
from typing import Any, cast

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assessments.models import FinalForm, Packing, PrintJob, Signature
from assessments.printing_many import services
from assessments.printing_many.packing import folder_of, packed_path
from assessments.printing_many.selectors import candidate_of
from assessments.printing_many.services import sweep_prints
from assessments.printing_many.tasks import printing_give_up
from assessments.recording_form import drafts
from assessments.recording_form.drafts import draft_document, draft_kept
from assessments.recording_form.services import final_form_render
from assessments.steps_back.services import unit_reopen
from notices.models import Notice
from portfolio.files.services import open_stored
from portfolio.models import WaitingWork, WorkLane
from portfolio.services.waiting_work import ATTEMPTS_AT_MOST, left_work_take_up, work_end, work_take
from printing.errors import PrintError
from record.models import Event
from tests.assessments.printing_many.printed import ask, cancel, cohort, do_all
from tests.assessments.steps import open_version

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.FILES_DIR = tmp_path / "files"
    (tmp_path / "run").mkdir()


@pytest.fixture
def pressed(monkeypatch):
    """The forms that were printed anew, by the candidate; and what the press says, if it does not print."""
    said: dict[str, list[str] | Exception] = {"printed": []}

    def print_it(document, *, digest):
        name = document["candidate"]["name"]
        if isinstance(fault := said.get(name), Exception):
            raise fault
        said["printed"].append(name)  # type: ignore[union-attr]
        page = pikepdf.new()
        page.add_blank_page()
        kept = BytesIO()
        page.save(kept)
        return kept.getvalue()

    monkeypatch.setattr("assessments.recording_form.drafts.recording_form_pdf", print_it)
    return said


@pytest.fixture
def three(centre, coordinator, b10):
    return cohort(centre, coordinator, b10, "Ada", "Ben", "Cid")


def bookmarks(job) -> list[tuple[str, list[str], int]]:
    """Each candidate's, with the forms below it, and the page that it leads to."""
    with pikepdf.open(packed_path(job)) as pdf, pdf.open_outline() as outline:
        numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        return [
            (one.title, [child.title for child in one.children], numbers[destination[0].objgen])
            for one in outline.root
            if (destination := cast("Any", one.destination))
        ]


def test_a_final_form_is_taken_as_it_is_and_drafts_are_printed_into_one_pdf(verified_unit, centre, coordinator, b10):
    """All of it, with the press itself."""
    [ada] = cohort(centre, coordinator, b10, "Ada")
    final_form_render(signature=Signature.objects.get(stage="countersignature").uuid)
    events = Event.objects.count()
    job = ask(coordinator, [ada, verified_unit])

    do_all()

    job.refresh_from_db()
    assert (job.state, job.fault) == ("done", "")
    kept = FinalForm.objects.get().stored_file
    assert kept
    with open_stored(kept) as file, pikepdf.open(file) as final:
        finals = len(final.pages)
    with pikepdf.open(BytesIO(draft_kept(draft_document(ada)) or b"")) as draft:
        drafts = len(draft.pages)
    assert bookmarks(job) == [
        ("Ada", ["B10 Organise the delivery of reliable customer service"], 1),
        ("Pat Candidate", ["B10 Organise the delivery of reliable customer service"], drafts + 1),
    ]
    with pikepdf.open(packed_path(job)) as joined:
        assert len(joined.pages) == drafts + finals
    assert Event.objects.count() == events
    assert [str(path.name) for path in folder_of(job).iterdir()] == ["forms.pdf"]
    assert Notice.objects.get(person=coordinator, kind="printed").about == "2 forms"


def test_a_zip_has_a_pdf_for_each_and_blanks_are_one_for_each_unit(three, coordinator, b10):
    job = ask(coordinator, three, is_blank=True, packing=Packing.ZIP)
    do_all()
    with zipfile.ZipFile(packed_path(job)) as packed:
        [name] = packed.namelist()
        assert name == "1 B10 Organise the delivery of reliable customer service, blank.pdf"
        assert packed.read(name).startswith(b"%PDF")


def test_a_draft_that_is_there_already_is_not_printed_again(three, coordinator, pressed):
    ask(coordinator, three)
    do_all()
    ask(coordinator, three)
    do_all()
    assert pressed["printed"] == ["Ada", "Ben", "Cid"]


def test_what_cannot_be_printed_is_named_and_the_others_are_there(three, coordinator, pressed):
    pressed["Ben"] = PrintError("no")
    job = ask(coordinator, three)
    for _ in range(ATTEMPTS_AT_MOST):
        do_all()
        WaitingWork.objects.update(ready_at=timezone.now())
    do_all()
    job.refresh_from_db()
    assert job.state == "done"
    assert [mark[0] for mark in bookmarks(job)] == ["Ada", "Cid"]
    assert [candidate_of(part) for part in job.parts.filter(state="failed")] == ["Ben"]
    assert job.parts.get(state="failed").fault == services.FAILED
    assert Notice.objects.get(kind="printed").about == "3 forms, of which 1 could not be printed"


def test_a_full_disk_ends_the_job_with_a_sentence(three, coordinator, pressed, monkeypatch):
    job = ask(coordinator, three[:1])
    monkeypatch.setattr(services, "write_whole", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    for _ in range(ATTEMPTS_AT_MOST):
        do_all()
        WaitingWork.objects.update(ready_at=timezone.now())
    do_all()
    job.refresh_from_db()
    assert (job.state, job.fault) == ("failed", services.NONE_PRINTED)
    assert job.parts.get().fault == services.CANNOT_BE_KEPT


def test_a_worker_that_dies_in_the_middle_leaves_the_rest_to_the_next(three, coordinator, pressed):
    job = ask(coordinator, three)
    assert work_take(WorkLane.SLOW)  # and the worker died
    assert left_work_take_up() == []
    do_all()
    job.refresh_from_db()
    assert job.state == "done"
    assert sorted(pressed["printed"]) == ["Ada", "Ben", "Cid"]


def test_a_form_of_which_the_worker_dies_again_and_again_fails_and_the_job_ends(three, coordinator, pressed):
    job = ask(coordinator, three)
    work = work_take(WorkLane.SLOW)
    assert work
    WaitingWork.objects.filter(pk=work.pk).update(attempts=ATTEMPTS_AT_MOST)
    for given_up in left_work_take_up():
        printing_give_up(given_up)
        work_end(given_up)
    do_all()
    job.refresh_from_db()
    assert job.state == "done"
    assert job.parts.filter(state="failed").count() == 1


def test_a_portfolio_that_is_closed_meanwhile_is_not_printed(unit, assessor, pressed):
    job = ask(assessor, [unit])
    unit.allocations.filter(user=assessor).update(ended_at=timezone.now())
    do_all()
    job.refresh_from_db()
    assert (job.state, job.parts.get().fault) == ("failed", services.NOT_OPEN)


def test_of_a_unit_that_is_reopened_meanwhile_a_draft_is_printed(verified_unit, verifier, coordinator, pressed):
    job = ask(coordinator, [verified_unit])
    unit_reopen(unit=verified_unit, actor=verifier, reason="Not seen.", stamp=open_version(verified_unit).stamp)
    do_all()
    job.refresh_from_db()
    assert job.state == "done"
    assert pressed["printed"] == ["Pat Candidate"]


def test_a_job_whose_work_is_lost_goes_on_the_next_day(three, coordinator, pressed):
    job = ask(coordinator, three)
    WaitingWork.objects.all().delete()
    sweep_prints()
    do_all()
    job.refresh_from_db()
    assert job.state == "done"


def test_of_one_persons_jobs_one_is_printed_at_a_time_and_a_cancelled_one_is_gone(three, coordinator, pressed):
    first, second, third = ask(coordinator, three), ask(coordinator, three[:1]), ask(coordinator, three[1:])
    assert [job.state for job in (first, second, third)] == ["printing", "waiting", "waiting"]
    assert cancel(job=first, actor=coordinator)
    assert not cancel(job=first, actor=coordinator)
    assert cancel(job=second, actor=coordinator)
    do_all()
    assert [PrintJob.objects.get(pk=job.pk).state for job in (first, second, third)] == [
        "cancelled", "cancelled", "done",
    ]  # fmt: skip
    assert pressed["printed"] == ["Ben", "Cid"]
    assert not folder_of(first).exists()
    assert not Notice.objects.filter(path__contains=str(first.uuid)).exists()


def test_a_form_that_is_printed_while_its_job_is_cancelled_leaves_nothing(three, coordinator, pressed, monkeypatch):
    job = ask(coordinator, three[:1])
    write = drafts.write_whole

    def write_late(path, content):
        cancel(job=job, actor=coordinator)
        write(path, content)

    monkeypatch.setattr(services, "write_whole", write_late)
    do_all()
    assert not folder_of(job).exists()
    assert PrintJob.objects.get().state == "cancelled"


def test_others_have_their_turn_between_the_forms_of_a_job(three, coordinator, assessor, unit, pressed):
    ask(coordinator, three)
    assert work_take(WorkLane.SLOW)
    ask(assessor, [unit])
    work = work_take(WorkLane.SLOW)
    assert work
    assert work.person == assessor


def test_asked_for_twice_it_is_printed_once(three, coordinator, pressed, assessor, unit):
    first = ask(coordinator, three)
    assert ask(coordinator, three[:1], key=first.uuid) == first
    with pytest.raises(ValidationError, match="choose anew"):
        ask(assessor, [unit], key=first.uuid)
    assert PrintJob.objects.count() == 1


def test_nobody_too_many_and_those_of_others_are_refused(three, unit, assessor, candidate, coordinator, monkeypatch):
    with pytest.raises(PermissionDenied):
        ask(assessor, three)
    with pytest.raises(PermissionDenied):
        ask(candidate, [unit])
    monkeypatch.setattr(services, "FORMS_AT_MOST", 2)
    with pytest.raises(ValidationError, match="at most 2 are printed at once"):
        ask(coordinator, three)
    assert "no form to print" in services.why_not(0)
    for _ in range(services.JOBS_AT_MOST):
        ask(coordinator, three[:1])
    with pytest.raises(ValidationError, match="5 of your prints are not done yet"):
        ask(coordinator, three[:1])
    assert cancel(job=PrintJob.objects.earliest("pk"), actor=coordinator)
    with pytest.raises(PermissionDenied):
        cancel(job=PrintJob.objects.latest("pk"), actor=assessor)


def test_after_a_week_the_file_goes(three, coordinator, pressed):
    job = ask(coordinator, three)
    do_all()
    sweep_prints()
    assert packed_path(job).exists()
    PrintJob.objects.update(ended_at=timezone.now() - timedelta(days=8))
    assert sweep_prints(left_for=timedelta(0)) == 1
    assert not folder_of(job).exists()
