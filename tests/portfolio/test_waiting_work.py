"""Waiting work is taken by turns: of whoever was served least recently, quick before slow, never twice."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from centres.models import User
from portfolio.models import WaitingWork, WorkKind, WorkLane
from portfolio.services.waiting_work import (
    AGAIN_AFTER,
    ATTEMPTS_AT_MOST,
    Asked,
    left_work_take_up,
    sweep_done_work,
    work_ask,
    work_end,
    work_give_back,
    work_go_on,
    work_is_held_up,
    work_put_off,
    work_take,
)
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def ask(person: User, *whats: str) -> None:
    """Ask for these, one after another."""
    centre = person.memberships.earliest("pk").centre
    for what in whats:
        work_ask(kind=WorkKind.DRAWING, asked=[Asked(what=what, person=person.pk, centre=centre.pk)])


def take(*lanes: WorkLane) -> WaitingWork:
    """What is next."""
    work = work_take(*(lanes or (WorkLane.QUICK,)))
    assert work
    return work


def taken(count: int, *lanes: WorkLane) -> list[str]:
    """What is done next, one after the other."""
    done = []
    for _ in range(count):
        work = take(*lanes)
        done.append(work.what)
        work_end(work)
    return done


def test_a_person_who_asks_for_much_waits_for_it_alone(candidate, assessor, verifier):
    ask(candidate, *(f"slow {number}" for number in range(1, 16)))
    assert taken(2) == ["slow 1", "slow 2"]
    ask(assessor, "photo", "second photo")
    ask(verifier, "letter")
    assert taken(6) == ["photo", "letter", "slow 3", "second photo", "slow 4", "slow 5"]


def test_whoever_asks_again_and_again_does_not_come_first_each_time(candidate, assessor):
    ask(candidate, "a", "b", "c")
    ask(assessor, "1")
    assert taken(2) == ["a", "1"]
    ask(assessor, "2")
    assert taken(2) == ["b", "2"]
    ask(assessor, "3")
    assert taken(2) == ["c", "3"]


def test_of_people_who_were_never_served_the_one_of_the_other_centre_is_next(candidate, assessor, outsider):
    ask(candidate, "first")
    ask(assessor, "same centre")
    ask(outsider, "other centre")
    assert taken(3) == ["first", "other centre", "same centre"]


def test_quick_comes_before_slow_and_slow_work_goes_by_turns_too(candidate, assessor):
    ask(candidate, "film", "other film")
    for _ in range(2):
        work_go_on(take(), lane=WorkLane.SLOW)
    ask(assessor, "letter")
    work_go_on(take(), lane=WorkLane.SLOW)
    ask(assessor, "photo")
    assert take(WorkLane.QUICK, WorkLane.SLOW).what == "photo"
    parts = []
    for _ in range(5):
        work = take(WorkLane.QUICK, WorkLane.SLOW)
        parts.append(work.what)
        work_go_on(work, lane=WorkLane.SLOW)
    assert parts == ["film", "letter", "other film", "letter", "film"]
    assert work_take(WorkLane.QUICK) is None


def test_what_waits_or_is_being_done_is_not_asked_for_again_and_what_is_done_is(candidate, assessor):
    ask(candidate, "photo", "photo")
    ask(assessor, "photo")
    assert WaitingWork.objects.count() == 1
    work = take()
    ask(candidate, "photo")
    assert WaitingWork.objects.count() == 1
    work_end(work)
    ask(candidate, "photo")
    assert taken(1) == ["photo"]


def test_what_failed_is_tried_again_later_and_later_and_then_let_be(candidate):
    ask(candidate, "photo")
    for attempt in range(1, ATTEMPTS_AT_MOST):
        work_put_off(take())
        assert work_take(*WorkLane) is None
        work = WaitingWork.objects.get()
        assert work.ready_at - timezone.now() == pytest.approx(attempt * AGAIN_AFTER, abs=timedelta(seconds=20))
        WaitingWork.objects.update(ready_at=timezone.now())
    work_put_off(take())
    assert WaitingWork.objects.get().state == "done"


def test_what_a_dead_worker_left_is_slow_from_then_on_and_returned_after_the_third_death(candidate):
    ask(candidate, "bomb", "beside it", "waits")
    for death in range(1, ATTEMPTS_AT_MOST):
        bomb = take(WorkLane.SLOW if death > 1 else WorkLane.QUICK)
        assert (bomb.what, bomb.attempts) == ("bomb", death)
        if death == 1:
            take()
        assert left_work_take_up() == []
        assert WaitingWork.objects.filter(lane="slow").count() == 2
    take(WorkLane.SLOW)
    assert [work.what for work in left_work_take_up()] == ["bomb"]
    assert taken(1) == ["waits"]


def test_what_is_given_back_waits_as_if_nobody_had_taken_it(candidate):
    ask(candidate, "photo")
    for _ in range(ATTEMPTS_AT_MOST + 1):
        work_give_back(take())
    assert take().attempts == 1


def test_work_that_moves_is_not_held_up_however_long_it_waits(candidate):
    ask(candidate, "photo", "letter")
    assert not work_is_held_up()
    WaitingWork.objects.update(ready_at=timezone.now() - timedelta(hours=1))
    assert work_is_held_up()
    work = take()
    assert not work_is_held_up()
    work_end(work)
    assert not work_is_held_up()
    WaitingWork.objects.filter(state="done").update(served_at=timezone.now() - timedelta(minutes=6))
    assert work_is_held_up()


def test_the_sweep_forgets_what_was_done_more_than_a_day_ago(candidate):
    ask(candidate, "photo", "letter", "log")
    taken(2)
    WaitingWork.objects.filter(what="photo").update(served_at=F("served_at") - timedelta(days=2))
    assert sweep_done_work() == 1
    assert {work.what for work in WaitingWork.objects.all()} == {"letter", "log"}


@pytest.mark.django_db(transaction=True)
def test_of_four_who_take_at_once_none_takes_what_another_has(candidate):
    whats = [f"photo {number}" for number in range(4)]
    ask(candidate, *whats)
    took = at_once(*[lambda: work_take(WorkLane.QUICK)] * 4)
    assert sorted(work.what for work in took) == whats


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_the_same_at_once_have_it_done_once(candidate, assessor):
    results = at_once(*[lambda who=who: ask(who, "photo", "letter") for who in (candidate, assessor)])
    assert results == [None, None]
    assert WaitingWork.objects.count() == 2


def test_slow_work_that_was_tried_before_is_left_to_one_taker_alone(candidate, assessor):
    """What killed the worker may do so again: it then takes none of those with it that it took before."""
    ask(candidate, "kills")
    ask(assessor, "beside it")
    take(), take()  # and the worker dies
    left_work_take_up()
    assert work_take(WorkLane.SLOW, only_new=True) is None
    ask(assessor, "new")
    new = work_take(WorkLane.QUICK, WorkLane.SLOW, only_new=True)
    assert new
    assert new.what == "new"
    assert take(WorkLane.SLOW).what == "kills"
