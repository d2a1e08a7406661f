"""What waits for the worker, summed up by kind and person: for the coordinator of a centre, and for the operator."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre, User
from portfolio.models import WaitingWork, WorkKind, WorkLane
from portfolio.services.waiting_work import Asked, work_ask, work_end, work_take
from tests.assessments.pages import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def ask(person: User, centre: Centre, *whats: str) -> None:
    """Have drawings made for a person."""
    work_ask(kind=WorkKind.DRAWING, asked=[Asked(what=what, person=person.pk, centre=centre.pk) for what in whats])


def listed() -> list[str]:
    """What the command says."""
    said = io.StringIO()
    call_command("waiting_work", stdout=said)
    return said.getvalue().splitlines()


def test_it_is_counted_for_each_person_and_what_is_done_counts_no_more(centre, coordinator, candidate, assessor):
    assert listed() == []
    ask(candidate, centre, "a", "b", "c")
    ask(assessor, centre, "d")
    WaitingWork.objects.filter(person=assessor).update(ready_at=timezone.now() - timedelta(hours=2))
    taken = work_take(WorkLane.QUICK)
    assert taken
    assert [line.partition(", for")[0] for line in listed()] == [
        f"{centre}, {assessor}: drawing what is shown of a file, 0 waiting and 1 being done",
        f"{centre}, {candidate}: drawing what is shown of a file, 3 waiting and 0 being done",
    ]
    work_end(taken)
    assert len(listed()) == 1
    page = text_of(signed_in(coordinator).get(reverse("portfolio:waiting", args=[centre.uuid])))
    assert candidate.name in page
    assert assessor.name not in page


def test_a_coordinator_sees_nothing_of_another_centre_and_others_see_no_page(centre, coordinator, candidate, outsider):
    theirs = outsider.memberships.earliest("pk").centre
    ask(outsider, theirs, "x")
    page = reverse("portfolio:waiting", args=[centre.uuid])
    assert outsider.name not in text_of(signed_in(coordinator).get(page))
    assert len(listed()) == 1
    assert [signed_in(one).get(page).status_code for one in (candidate, outsider)] == [403, 404]
