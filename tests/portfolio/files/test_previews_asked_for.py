"""Who asks for pictures of a file, and what becomes of them."""

import os
import shutil
import time
import uuid
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from background.takers import Taker
from portfolio.evidence.services import EvidenceDetails, evidence_add, evidence_remove
from portfolio.files import drawing as service
from portfolio.files.drawing import preview_make, sweep_previews
from portfolio.files.previews import preview_of
from portfolio.files.services import bytes_store, file_release, file_stage
from portfolio.files.tasks import draw, previews_ask
from portfolio.files.uploads import IncomingFile
from portfolio.models import EvidenceFile, WaitingWork, WorkLane
from portfolio.models.evidence import drawn_path, previews_path
from portfolio.services.waiting_work import work_take
from tests.portfolio.files.arrivals import file_of, files_below, pdf, picture
from tests.portfolio.files.pictures import seen

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture
def piece(unit, candidate):
    """A piece with a photo, a letter and a log."""
    staged = [
        file_stage(registration=unit.registration, user=candidate, incoming=IncomingFile.from_content(name, content))
        for name, content in (("photo.jpg", picture()), ("letter.pdf", pdf()), ("log.csv", b"day,calls\n1,20\n"))
    ]
    details = EvidenceDetails(
        title="A day at the counter", kind="work_product", setting="real_job", happened_from=date(2026, 3, 2)
    )
    return evidence_add(
        registration=unit.registration, actor=candidate, form_key=uuid.uuid4(), details=details, staged=staged
    )


def do_work() -> list[str]:
    """Do what is ready, as the worker does; return the type of each, in the order in which it was taken."""
    done = []
    while work := work_take(WorkLane.QUICK, WorkLane.SLOW):
        done.append(work.what.partition(" ")[2])
        draw(work)
    return done


def waiting() -> QuerySet[WaitingWork]:
    return WaitingWork.objects.exclude(state="done")


def test_adding_a_piece_has_its_previews_made_for_whoever_added_it(piece, candidate, centre):
    photo, letter, log = EvidenceFile.objects.order_by("position")
    asked = waiting().order_by("pk")
    assert {(work.person, work.centre, work.lane) for work in asked} == {(candidate, centre, "quick")}
    assert {work.what for work in asked} == {
        f"{photo.stored_file.uuid} image/jpeg",
        f"{letter.stored_file.uuid} application/pdf",
        f"{log.stored_file.uuid} text/csv",
    }
    assert sorted(do_work()) == ["application/pdf", "image/jpeg", "text/csv"]
    assert all(preview_of(file) for file in (photo, letter, log))
    assert not waiting().exists()


def test_a_piece_that_is_not_saved_in_the_end_leaves_nothing_to_draw(unit, candidate):
    with pytest.raises(RuntimeError), transaction.atomic():
        previews_ask([file_of(unit.registration, candidate, "photo.jpg", picture(), "image/jpeg")])
        raise RuntimeError
    assert not WaitingWork.objects.exists()


def test_what_is_missing_is_asked_for_once(stored):
    files = [stored(picture(colour=colour), "image/jpeg") for colour in ("red", "blue")]
    previews_ask(files)
    previews_ask(files)
    assert waiting().count() == 2
    work_take(WorkLane.QUICK)  # one is just being drawn
    previews_ask(files)
    assert waiting().count() == 2


@pytest.mark.parametrize("how", ["import time; time.sleep(60)", "os.abort()"])
def test_what_does_not_come_of_a_quick_try_is_drawn_in_the_slow_lane(stored, ends, monkeypatch, how):
    real = service.RENDERING
    monkeypatch.setattr(service, "QUICK_SECONDS", 1)
    ends(how)
    file = stored(picture(), "image/jpeg")
    previews_ask([file])
    work = work_take(WorkLane.QUICK)
    assert work
    draw(work)
    assert preview_of(file) is None  # the page says that it is being prepared
    assert waiting().get().lane == "slow"
    monkeypatch.setattr(service, "RENDERING", real)
    assert do_work() == ["image/jpeg"]
    assert seen(file).fault == ""
    assert not waiting().exists()


def test_without_room_for_previews_nothing_fails(stored, settings, caplog):
    settings.PREVIEWS_DIR.write_text("in the way")
    previews_ask([stored(picture(), "image/jpeg")])
    taker = Taker(WorkLane.QUICK)
    assert taker.do_next()
    assert "FileExistsError" in caplog.text
    assert waiting().get().ready_at > timezone.now()  # it is tried again


def test_after_the_pictures_were_thrown_away_they_are_asked_for_again(drawn, settings):
    file, _ = drawn(picture(), "image/jpeg")
    shutil.rmtree(settings.PREVIEWS_DIR)
    previews_ask([file])
    do_work()
    assert preview_of(file)


def test_a_drawing_that_the_system_kills_is_tried_again_by_itself_a_few_times(stored, ends):
    ends("os.kill(os.getpid(), signal.SIGKILL)")
    file = stored(picture(), "image/jpeg")
    previews_ask([file])
    waits = []
    while work := waiting().first():
        waits.append(round((work.ready_at - timezone.now()).total_seconds(), -1))
        waiting().update(ready_at=timezone.now())
        do_work()
        long_ago = time.time() - 3600
        if drawn_path(file).exists():
            os.utime(drawn_path(file) / "made.json", (long_ago, long_ago))
    assert waits == [0, 120, 240]
    assert seen(file).fault == "killed"


def test_a_file_that_is_gone_meanwhile_leaves_no_picture(stored, settings, django_capture_on_commit_callbacks):
    file = stored(picture(), "image/jpeg")
    previews_ask([file])
    file.delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert file_release(stored_file=file.stored_file)
    assert do_work() == ["image/jpeg"]
    assert not waiting().exists()
    preview_make(file=file)
    assert files_below(settings.PREVIEWS_DIR) == []


def test_removing_a_piece_removes_its_previews(piece, candidate, settings, django_capture_on_commit_callbacks):
    do_work()
    assert len([path for path in files_below(settings.PREVIEWS_DIR) if path.suffix == ".webp"]) == 2
    with django_capture_on_commit_callbacks(execute=True):
        evidence_remove(evidence=piece, actor=candidate)
    assert files_below(settings.PREVIEWS_DIR) == []


def test_two_centres_with_the_same_file_have_a_picture_each(drawn, outsider):
    file, _ = drawn(picture(), "image/jpeg")
    theirs = bytes_store(centre=outsider.memberships.first().centre, content=picture())
    assert preview_of(EvidenceFile(stored_file=theirs, content_type=file.content_type)) is None
    assert previews_path(theirs) != previews_path(file.stored_file)


def test_the_same_bytes_are_drawn_once_for_each_type(stored):
    """What was drawn of them as one type is neither shown nor taken for done under another."""
    both = pdf()
    letter, again = stored(both, "application/pdf"), stored(both, "application/pdf")
    photo, listed = stored(both, "image/jpeg"), stored(both, "audio/mpeg")
    assert len({file.stored_file for file in (letter, again, photo, listed)}) == 1
    previews_ask([letter, again, photo, listed])
    assert sorted(do_work()) == ["application/pdf", "image/jpeg"]
    assert [(len(seen(file).pictures), seen(file).fault) for file in (letter, again, photo)] == [
        (1, ""),
        (1, ""),
        (0, "damaged"),
    ]
    assert preview_of(listed) is None


def test_a_file_that_is_removed_leaves_the_same_one_elsewhere_its_pictures(stored):
    first, second = (stored(picture(), "image/jpeg") for _ in range(2))
    previews_ask([first])
    first.delete()
    previews_ask([second])  # which was asked for a moment ago
    do_work()
    assert preview_of(second)


def test_the_sweep_removes_pictures_of_what_is_gone_and_spares_the_others(drawn, settings, centre):
    file, _ = drawn(picture(), "image/jpeg")
    gone = settings.PREVIEWS_DIR / str(centre.uuid) / "ab" / ("ab" * 32)
    half = gone.with_name(".half")
    for folder in (gone, half):
        folder.mkdir(parents=True)
        (folder / "1.webp").write_bytes(b"x")
    note = gone.with_name("note.asked")
    note.touch()
    assert sweep_previews() == 0
    long_ago = timezone.now() - timedelta(days=2)
    for path in (gone, half, note, previews_path(file.stored_file)):
        os.utime(path, (long_ago.timestamp(), long_ago.timestamp()))
    assert sweep_previews() == 3
    assert preview_of(file)
    assert not any(path.exists() for path in (gone, half, note))
