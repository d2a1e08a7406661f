"""Whatever somebody with the whole database in hands does to a chain, the walk finds it."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from record import proof as verification
from record.canonical import digest
from record.models import Chain, ChainKind, Event, EventPayload
from record.proof import chain_faults, chain_look, head_faults, opened_faults
from record.services.chains import heads_for_document, site_chain
from record.services.events import chain_start, event_add, event_digest
from tests.append_only import lifted

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


CORA = uuid.uuid4()
GONE = (
    "The particulars of event 4 are missing, and no disposal or removal that a person of the centre answers for "
    "names them."
)


def answers(actor: uuid.UUID) -> bool:
    """Who is of the centre: Cora alone."""
    return actor == CORA


def add(on: Chain, kind: str = "claim.added", actor: uuid.UUID | None = None, **payload: object) -> Event:
    with transaction.atomic():
        return event_add(chain=on, kind=kind, actor=actor, payload=payload)


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
    assert chain_faults(five_events, answers) == [GONE]


@pytest.mark.parametrize("kind", ["particulars.disposed", "particulars.removed"])
def test_particulars_are_gone_by_an_event_that_a_person_of_the_centre_answers_for(five_events, kind):
    gone = EventPayload.objects.filter(event__sequence__in=[2, 4])
    add(five_events, kind, actor=CORA, events=[str(payload.event.uuid) for payload in gone])
    gone.delete()
    assert chain_faults(five_events, answers) == []


@pytest.mark.parametrize(
    ("kind", "actor"),
    [
        ("particulars.disposed", None),
        ("particulars.disposed", uuid.uuid4()),
        ("payload.erased", CORA),
        ("claim.added", CORA),
    ],
    ids=["the system", "a stranger", "any erasure", "another kind"],
)
def test_no_other_event_excuses_what_is_gone(five_events, kind, actor):
    gone = EventPayload.objects.get(event__sequence=4)
    add(five_events, kind, actor=actor, events=[str(gone.event.uuid)])
    gone.delete()
    assert chain_faults(five_events, answers) == [GONE]


def test_an_erasure_in_another_chain_or_before_the_event_excuses_nothing(five_events):
    later = uuid.uuid4()
    add(five_events, "particulars.removed", actor=CORA, events=[str(later)])
    gone = EventPayload.objects.get(event__sequence=4)
    add(chain_start(), "particulars.removed", actor=CORA, events=[str(gone.event.uuid)])
    gone.delete()
    event = add(five_events)
    with lifted():
        five_events.events.filter(sequence=7).update(uuid=later)
        EventPayload.objects.filter(event=event).delete()
    faults = chain_faults(five_events, answers)
    assert faults[0] == GONE
    assert faults[-1].startswith("The particulars of event 7 are missing")


def test_an_erasure_that_was_spoilt_excuses_nothing_and_stops_nothing(five_events):
    gone = EventPayload.objects.get(event__sequence=4)
    erasure = add(five_events, "particulars.removed", actor=CORA, events=[])
    gone.delete()
    for body in ("[spoilt", '{"events":5}', json.dumps({"events": [str(gone.event.uuid)]})):
        with lifted():
            EventPayload.objects.filter(event=erasure).update(body=body)
        assert chain_faults(five_events, answers) == [GONE, "The particulars of event 6 were changed."]


def test_times_that_run_backwards_are_remarked_and_are_no_fault(chain, monkeypatch):
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for moment in (noon, noon - timedelta(seconds=20), noon - timedelta(hours=2), noon + timedelta(hours=1)):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        add(chain)
    look = chain_look(chain)
    assert look.faults == []
    assert look.remarks == [
        "Event 3 is of 2026-11-22T10:00:00Z, and an event before it of 2026-11-22T12:00:00Z: the clock went back, or "
        "was set."
    ]


# --- Chains and heads that are told of elsewhere --------------------------------------------------------


@pytest.fixture
def told() -> tuple[Chain, Chain]:
    """A centre's chain and a portfolio's, each told of in the one above."""
    centre, portfolio = chain_start(ChainKind.CENTRE), chain_start()
    add(site_chain(), "centre.opened", centre={"id": "c-1", "chain": str(centre.uuid)})
    add(centre, "portfolio.opened", registration={"id": "r-1", "chain": str(portfolio.uuid)})
    return centre, portfolio


def test_chains_that_are_all_told_of_have_no_faults(told):
    assert list(opened_faults()) == []


def test_a_chain_that_went_with_its_portfolio_is_missed(told):
    gone = told[1].uuid
    with lifted():
        Chain.objects.filter(uuid=gone).delete()
    assert list(opened_faults()) == [f"portfolio r-1: Its chain {gone} is gone."]


def test_a_chain_that_was_put_in_is_named(told):
    extra = chain_start()
    assert list(opened_faults()) == [f"chain {extra.uuid}: No event tells of it."]


def test_a_chain_of_another_kind_is_not_the_one_that_was_told_of(told):
    with lifted():
        Chain.objects.filter(pk=told[1].pk).update(kind=ChainKind.CENTRE)
    assert list(opened_faults()) == [f"portfolio r-1: Its chain {told[1].uuid} is gone."]


def test_the_heads_that_a_document_holds_are_compared_with_the_chains(told):
    chains = {"centre": told[0], "portfolio": told[1]}
    with transaction.atomic():
        heads = heads_for_document(centre=told[0], portfolio=told[1])
    add(told[1])
    assert head_faults(heads, chains=chains) == []  # an empty chain has a head too
    elsewhere = heads | {"centre": heads["site"], "portfolio": {**heads["portfolio"], "length": 1}}
    assert head_faults(elsewhere, chains=chains) == [
        "Its document names another centre's chain than there is, or none.",
        "The portfolio's chain is not the one that its document was frozen beside: it was cut or written anew.",
    ]


@pytest.mark.parametrize("heads", [None, 5, [], {"centre": 5}, {"centre": {"chain": 5, "length": "x", "head": []}}])
def test_heads_of_any_shape_are_named(told, heads):
    assert head_faults(heads, chains={"centre": None}) == head_faults(heads, chains={"centre": told[0]})
    assert head_faults(heads, chains={"centre": told[0]}) == [
        "Its document names another centre's chain than there is, or none."
    ]


@pytest.mark.parametrize("length", [None, "1", 9, -1, 10**30, [1]])
def test_a_length_of_any_shape_is_named(told, length):
    heads = {"centre": {"chain": str(told[0].uuid), "length": length, "head": "0" * 64}}
    assert "was cut or written anew" in head_faults(heads, chains={"centre": told[0]})[0]


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
