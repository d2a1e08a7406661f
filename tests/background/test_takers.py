"""The worker's takers do the waiting work: two at once, by turns, and what a dead worker left is taken up again."""

import signal
import threading
from pathlib import Path

import pytest

from background import takers
from background.takers import Doing, Taker, Takers
from portfolio.files.previews import preview_of
from portfolio.files.tasks import draw, drawing_give_up, previews_ask
from portfolio.models import EvidenceFile, WaitingWork, WorkKind, WorkLane
from portfolio.services.waiting_work import ATTEMPTS_AT_MOST, Asked, work_ask, work_end, work_go_on, work_take
from tests.background.test_worker import start_worker, wait_until
from tests.portfolio.files.arrivals import file_of, pdf, picture

__all__ = ["start_worker"]
pytestmark = [pytest.mark.sqlite, pytest.mark.django_db(transaction=True), pytest.mark.long]


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path) -> Path:
    """A DATA_DIR of its own, as the worker will see it."""
    settings.DATA_DIR = tmp_path
    settings.KEYS_DIR = tmp_path / "keys"
    for name in ("FILES_DIR", "INCOMING_DIR", "PREVIEWS_DIR"):
        setattr(settings, name, tmp_path / name.partition("_")[0].lower())
    settings.QUICK_WORKERS = settings.SLOW_WORKERS = 1
    (tmp_path / "run").mkdir()
    return tmp_path


@pytest.fixture
def photo(unit, candidate) -> EvidenceFile:
    return file_of(unit.registration, candidate, "photo.jpg", picture(), "image/jpeg")


def ask(person, *whats: str) -> None:
    centre = person.memberships.get().centre
    asked = [Asked(what=what, person=person.pk, centre=centre.pk) for what in whats]
    work_ask(kind=WorkKind.DRAWING, asked=asked)


def open_work() -> list[WaitingWork]:
    return list(WaitingWork.objects.filter(kind="drawing").exclude(state="done"))


DIES_DRAWING = """
import os, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from portfolio.files import drawing
drawing.run_confined = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
from background.worker import run_worker
run_worker()
"""


def test_a_file_whose_drawing_is_cut_off_by_a_kill_is_drawn_by_the_next_worker(start_worker, photo):
    previews_ask([photo])
    assert start_worker(DIES_DRAWING).wait(timeout=60) == -signal.SIGKILL
    assert [(work.state, work.attempts) for work in open_work()] == [("taken", 1)]
    start_worker()
    wait_until(lambda: not open_work())
    preview = preview_of(photo)
    assert preview
    assert preview.fault == ""


def test_after_the_third_death_of_its_worker_a_file_could_not_be_drawn_and_others_are(unit, candidate, photo, caplog):
    letter = file_of(unit.registration, candidate, "letter.pdf", pdf(), "application/pdf")
    previews_ask([photo])
    work_take(WorkLane.QUICK)
    WaitingWork.objects.update(attempts=ATTEMPTS_AT_MOST)  # and the worker died each time
    previews_ask([letter])
    all_of_them = Takers()
    all_of_them.begin()
    try:
        wait_until(lambda: not open_work())
    finally:
        all_of_them.end()
    assert "the worker died 3 times" in caplog.text
    given_up, drawn = preview_of(photo), preview_of(letter)
    assert given_up
    assert given_up.sentence == "It cannot be shown here: drawing it failed."
    assert drawn
    assert drawn.fault == ""


def test_slow_work_never_holds_both_places(candidate, assessor, monkeypatch):
    """Four films wait and one is being made: a photo that comes meanwhile is drawn at once."""
    go, begun, done = threading.Event(), threading.Event(), []

    def do(work: WaitingWork) -> None:
        if work.lane == WorkLane.QUICK and "film" in work.what:
            work_go_on(work, lane=WorkLane.SLOW)
            return
        if work.lane == WorkLane.SLOW:
            begun.set()
            assert go.wait(60)
        done.append(work.what)
        work_end(work)

    monkeypatch.setitem(takers.KINDS, WorkKind.DRAWING, Doing(do=do, give_up=drawing_give_up))
    ask(candidate, *(f"film {number}" for number in range(4)))
    all_of_them = Takers()
    all_of_them.begin()
    try:
        assert begun.wait(60)
        ask(assessor, "photo")
        wait_until(lambda: done == ["photo"])
        wait_until(lambda: WaitingWork.objects.filter(state="taken").count() == 1)  # noted a moment later
    finally:
        go.set()
        all_of_them.end()


def test_there_are_as_many_of_each_lane_as_the_settings_say_and_they_work_at_once(candidate, monkeypatch, settings):
    settings.SLOW_WORKERS = 3
    together = threading.Barrier(3, timeout=60)

    def do(work: WaitingWork) -> None:
        together.wait()
        work_end(work)

    monkeypatch.setitem(takers.KINDS, WorkKind.DRAWING, Doing(do=do, give_up=drawing_give_up))
    asked = [
        Asked(what=str(number), person=candidate.pk, centre=candidate.memberships.get().centre_id)
        for number in range(3)
    ]
    work_ask(kind=WorkKind.DRAWING, asked=asked, lane=WorkLane.SLOW)
    all_of_them = Takers()
    all_of_them.begin()
    try:
        wait_until(lambda: not open_work())
    finally:
        all_of_them.end()


def test_a_worker_that_is_told_to_stop_leaves_what_takes_long_to_the_next_uncounted(start_worker, photo, tmp_path):
    previews_ask([photo])
    process = start_worker(
        DIES_DRAWING.replace(
            "os.kill(os.getpid(), signal.SIGKILL)", f"os.mkfifo('{tmp_path}/n') or open('{tmp_path}/n')"
        )
    )
    wait_until((tmp_path / "n").exists)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    assert [(work.state, work.attempts) for work in open_work()] == [("waiting", 0)]


def test_work_that_fails_is_told_and_holds_up_no_other(candidate, photo, monkeypatch, caplog):
    ask(candidate, "nonsense")

    def do(work: WaitingWork) -> None:
        if work.what == "nonsense":
            raise ValueError("no such work")
        draw(work)

    monkeypatch.setitem(takers.KINDS, WorkKind.DRAWING, Doing(do=do, give_up=drawing_give_up))
    previews_ask([photo])
    taker = Taker(WorkLane.QUICK)
    assert taker.do_next()
    assert taker.do_next()
    assert not taker.do_next()
    assert "no such work" in caplog.text
    assert preview_of(photo)
    assert [(work.what, work.state) for work in open_work()] == [("nonsense", "waiting")]


def test_a_taker_that_is_stuck_silences_the_worker():
    all_of_them = Takers()
    all_of_them.takers = [Taker(WorkLane.QUICK), Taker(WorkLane.QUICK, WorkLane.SLOW)]
    assert all_of_them.get_on()
    all_of_them.takers[1].round_began -= takers.PIECE_AT_MOST
    assert not all_of_them.get_on()
