"""Two requests that really run at once: one piece, one claim, and no number twice."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import close_old_connections, connection

from portfolio.models import Claim, Evidence
from portfolio.services.claims import claims_set
from portfolio.services.evidence import evidence_remove
from tests.cast import add_evidence
from tests.portfolio.test_evidence_service import add

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]


def at_once(*acts: Callable[[], object]) -> list[BaseException]:
    """Do these in a thread each, all beginning together; return what they raised."""
    together = threading.Barrier(len(acts))
    raised: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        close_old_connections()
        together.wait(timeout=20)
        try:
            act()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised


def test_the_button_pressed_twice_makes_one_piece(unit, candidate):
    form_key = uuid.uuid4()
    said = {"location": "Cabinet 3", "relevance": "Shows it", "form_key": form_key}
    assert at_once(*[lambda: add(unit.registration, candidate, **said)] * 4) == []
    assert Evidence.objects.count() == 1


def test_two_people_who_add_at_once_get_two_numbers(unit, candidate, assessor):
    acts = [lambda person=person: add_evidence(unit.registration, person) for person in (candidate, assessor) * 2]
    assert at_once(*acts) == []
    assert list(Evidence.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_the_same_page_of_ticks_sent_twice_claims_once(unit, evidence, candidate, b10):
    wanted = dict.fromkeys(b10.criteria.filter(is_tickable=True).select_related("parent", "element")[:5], "page 1")
    act = lambda: claims_set(unit=unit, evidence=evidence, actor=candidate, seen={}, wanted=wanted)  # noqa: E731
    assert at_once(act, act) == []
    assert Claim.objects.count() == 5


def test_a_piece_is_not_claimed_while_it_is_removed(unit, evidence, candidate, b10):
    wanted = {b10.criteria.filter(is_tickable=True).first(): ""}
    raised = at_once(
        lambda: evidence_remove(evidence=evidence, actor=candidate),
        lambda: claims_set(unit=unit, evidence=evidence, actor=candidate, seen={}, wanted=wanted),
    )
    assert len(raised) == 1  # whichever came second was told that it came too late
    evidence.refresh_from_db()
    assert (evidence.removed_at is None) == Claim.objects.exists()
