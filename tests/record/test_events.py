"""Events stand in a row without a gap, whoever writes them and whatever fails."""

import hashlib
import json
import threading
import uuid

import pytest
from django.db import connection, transaction

from record.models import Event
from record.proof import chain_faults
from record.services.events import chain_start, event_add

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

NOBODY_YET = "0" * 64


def test_the_first_event_follows_on_nothing(chain):
    with transaction.atomic():
        event = event_add(chain=chain, kind="portfolio.opened", actor=None, payload={})
    assert (event.sequence, event.previous) == (1, NOBODY_YET)


def test_each_event_holds_the_digest_of_the_one_before(five_events):
    events = list(five_events.events.all())
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5]
    assert [event.previous for event in events] == [NOBODY_YET, *(event.digest for event in events[:-1])]


def test_the_chain_keeps_its_length_and_head(five_events):
    five_events.refresh_from_db()
    assert (five_events.length, five_events.head) == (5, five_events.events.last().digest)


def test_it_says_who_did_what_with_which_particulars(chain):
    actor = uuid.uuid4()
    with transaction.atomic():
        event = event_add(chain=chain, kind="letter.returned", actor=actor, payload={"reason": "Zu kurz"})
    event = Event.objects.get(pk=event.pk)
    assert (event.kind, event.actor) == ("letter.returned", actor)
    assert json.loads(event.payload.body) == {"format": 1, "reason": "Zu kurz"}
    salted = bytes.fromhex(event.payload.salt) + event.payload.body.encode()
    assert event.payload_digest == hashlib.sha256(salted).hexdigest()


def test_equal_particulars_cannot_be_told_from_their_digests(chain):
    with transaction.atomic():
        one, other = (event_add(chain=chain, kind="claim.added", actor=None, payload={"where": "page 3"}) for _ in "12")
    assert one.payload_digest != other.payload_digest


def test_an_event_is_undone_with_the_change_it_tells_of(five_events):
    with pytest.raises(LookupError), transaction.atomic():
        event_add(chain=five_events, kind="claim.added", actor=None, payload={})
        raise LookupError("the change failed after its event was written")
    assert five_events.events.count() == 5
    with transaction.atomic():
        assert event_add(chain=five_events, kind="claim.added", actor=None, payload={}).sequence == 6
    assert chain_faults(five_events) == []


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused():
    with pytest.raises(RuntimeError, match="in the transaction of the change"):
        event_add(chain=chain_start(), kind="claim.added", actor=None, payload={})
    assert not Event.objects.exists()


def test_particulars_that_json_does_not_hold_are_refused(chain):
    with pytest.raises(TypeError, match=r"^\$\.who: "), transaction.atomic():
        event_add(chain=chain, kind="claim.added", actor=None, payload={"who": uuid.uuid4()})


@pytest.mark.parametrize("kind", ["", "k" * 61], ids=["empty", "too long"])
def test_a_kind_that_does_not_fit_is_refused_on_both_databases(chain, kind):
    with pytest.raises(ValueError, match="1 to 60 characters"), transaction.atomic():
        event_add(chain=chain, kind=kind, actor=None, payload={})


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_a_chain_without_gap():
    chain, ready, failures = chain_start(), threading.Barrier(6), []

    def write():
        ready.wait()
        try:
            for number in range(10):
                with transaction.atomic():
                    event_add(chain=chain, kind="claim.added", actor=None, payload={"number": number})
        except Exception as error:  # a thread's own traceback would not fail the test
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert list(chain.events.values_list("sequence", flat=True)) == list(range(1, 61))
    assert chain_faults(chain) == []
