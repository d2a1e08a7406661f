"""Whatever somebody with the whole database in hands does to a chain, the walk finds it."""

import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from record import verification
from record.canonical import digest
from record.models import Chain, Event, EventPayload
from record.services.events import chain_start, event_add, event_digest
from record.verification import chain_faults
from tests.append_only import lifted

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def add(chain: Chain, kind: str = "claim.added", **payload: object) -> Event:
    with transaction.atomic():
        return event_add(chain=chain, kind=kind, actor=None, payload=payload)


def tamper(chain: Chain, sequence: int, **change: object) -> None:
    """Change one event past the triggers, as the owner of the database could."""
    with lifted():
        assert chain.events.filter(sequence=sequence).update(**change) == 1


def take_out(chain: Chain, *sequences: int) -> None:
    with lifted():
        EventPayload.objects.filter(event__chain=chain, event__sequence__in=sequences).delete()
        chain.events.filter(sequence__in=sequences).delete()


def test_a_chain_that_was_left_alone_holds(five_events):
    assert chain_faults(five_events) == []


def test_an_empty_chain_holds(chain):
    assert chain_faults(chain) == []


def test_an_event_taken_out_shows(five_events):
    take_out(five_events, 3)
    assert chain_faults(five_events) == [
        "Event 3 is missing.",
        "Event 4 does not follow on the event before it.",
    ]


def test_events_taken_off_the_end_show(five_events):
    take_out(five_events, 4, 5)
    assert chain_faults(five_events) == [
        "Events 4 to 5 are missing.",
        "The chain does not end with the event that its head names.",
    ]


def test_a_head_set_back_to_hide_that_shows(five_events):
    with lifted():
        Chain.objects.filter(pk=five_events.pk).update(length=3, head=five_events.events.get(sequence=3).digest)
    assert chain_faults(five_events) == ["The chain holds more events than it counts."]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "claim.removed"},
        {"actor": uuid.uuid4()},
        {"uuid": uuid.uuid4()},
        {"happened_at": "2020-01-01T00:00:00Z"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_event_shows(five_events, change):
    tamper(five_events, 2, **change)
    assert chain_faults(five_events) == ["Event 2 was changed: it does not give its digest."]


def test_an_event_rewritten_with_a_digest_to_fit_shows_in_the_next(five_events):
    forged = five_events.events.get(sequence=2)
    forged.kind = "claim.removed"
    tamper(five_events, 2, kind=forged.kind, digest=event_digest(forged, five_events))
    assert chain_faults(five_events) == ["Event 3 does not follow on the event before it."]


def test_the_last_event_rewritten_with_a_digest_to_fit_shows_in_the_head(five_events):
    forged = five_events.events.get(sequence=5)
    forged.kind = "claim.removed"
    tamper(five_events, 5, kind=forged.kind, digest=event_digest(forged, five_events))
    assert chain_faults(five_events) == ["The chain does not end with the event that its head names."]


@pytest.mark.parametrize("change", [{"body": '{"number":6}'}, {"salt": "00" * 32}, {"salt": "no number"}], ids=str)
def test_changed_particulars_show(five_events, change):
    with lifted():
        EventPayload.objects.filter(event__sequence=4).update(**change)
    assert chain_faults(five_events) == ["The particulars of event 4 were changed."]


def test_particulars_that_are_gone_show(five_events):
    EventPayload.objects.filter(event__sequence=4).delete()
    assert chain_faults(five_events) == ["The particulars of event 4 are missing, and no event tells of their erasure."]


def test_particulars_whose_erasure_is_on_record_are_no_fault(five_events):
    gone = EventPayload.objects.filter(event__sequence__in=[2, 4])
    add(five_events, "payload.erased", events=[str(payload.event.uuid) for payload in gone])
    gone.delete()
    assert chain_faults(five_events) == []


def test_an_erasure_in_another_chain_or_of_another_kind_excuses_nothing(five_events):
    gone = EventPayload.objects.get(event__sequence=4)
    add(chain_start(), "payload.erased", events=[str(gone.event.uuid)])
    add(five_events, "claim.added", events=[str(gone.event.uuid)])
    gone.delete()
    assert chain_faults(five_events) == ["The particulars of event 4 are missing, and no event tells of their erasure."]


def test_an_erasure_that_was_spoilt_excuses_nothing_and_stops_nothing(five_events):
    erasure = add(five_events, "payload.erased", events=[])
    EventPayload.objects.filter(event__sequence=4).delete()
    with lifted():
        EventPayload.objects.filter(event=erasure).update(body="[spoilt")
    assert chain_faults(five_events) == [
        "The particulars of event 4 are missing, and no event tells of their erasure.",
        "The particulars of event 6 were changed.",
    ]


def test_events_of_another_chain_do_not_count(five_events):
    other = chain_start()
    add(other)
    tamper(other, 1, kind="claim.removed")
    assert chain_faults(five_events) == []


def test_the_walk_holds_one_batch_at_a_time_and_finds_the_same(five_events, monkeypatch):
    tamper(five_events, 2, kind="claim.removed")
    tamper(five_events, 5, kind="claim.removed")
    monkeypatch.setattr(verification, "BATCH", 2)
    with CaptureQueriesContext(connection) as queries:
        faults = chain_faults(five_events)
    assert [fault[:7] for fault in faults] == ["Event 2", "Event 5"]
    batches = [query["sql"] for query in queries if query["sql"].endswith("LIMIT 2")]
    assert len(batches) == 4  # 2 + 2 + 1 events, and the empty one that ends the walk


def test_a_chain_broken_throughout_is_reported_without_end_to_it(five_events, monkeypatch):
    monkeypatch.setattr(verification, "MOST_FAULTS", 3)
    with lifted():
        five_events.events.update(digest=digest(b"spoilt"))
    assert len(chain_faults(five_events)) == 3
