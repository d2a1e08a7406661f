"""Walks a chain and says what was changed, taken out or put in."""

import json
from collections.abc import Iterator
from itertools import islice

from django.db.models import F

from record.models import Chain, Event, EventPayload
from record.services.events import event_digest, payload_digest

BATCH = 500
MOST_FAULTS = 100
START = "0" * 64


def chain_faults(chain: Chain) -> list[str]:
    """Return what is wrong with `chain`, a sentence each, in the order of its events; none when it holds.

    Reads in batches, so a long chain needs no more memory than a short one, and stops after a hundred
    faults. Events that are added meanwhile are left for the next time. A payload may be missing when an
    event of kind "payload.erased" in the same chain names its event: `{"events": [uuid, ...], ...}`.
    """
    return list(islice(_faults(Chain.objects.get(pk=chain.pk)), MOST_FAULTS))


def _faults(chain: Chain) -> Iterator[str]:
    sequence, head = 0, START
    for batch in _batches(chain):
        erased = _erased(chain, {str(event.uuid) for event in batch if not hasattr(event, "payload")})
        for event in batch:
            yield from _gap(sequence + 1, event.sequence - 1)
            yield from _event_faults(event, chain, previous=head, erased=erased)
            sequence, head = event.sequence, event.digest
    yield from _gap(sequence + 1, chain.length)
    if head != chain.head:
        yield "The chain does not end with the event that its head names."
    # One statement sees one state of the database, so an event that is being added is no fault.
    if Event.objects.filter(chain=chain, sequence__gt=F("chain__length")).exists():
        yield "The chain holds more events than it counts."


def _batches(chain: Chain) -> Iterator[list[Event]]:
    events = Event.objects.filter(chain=chain, sequence__lte=chain.length).select_related("payload")
    last = 0
    while batch := list(events.filter(sequence__gt=last).order_by("sequence")[:BATCH]):
        yield batch
        last = batch[-1].sequence


def _gap(first: int, last: int) -> Iterator[str]:
    if first == last:
        yield f"Event {first} is missing."
    elif first < last:
        yield f"Events {first} to {last} are missing."


def _event_faults(event: Event, chain: Chain, *, previous: str, erased: set[str]) -> Iterator[str]:
    if event.previous != previous:
        yield f"Event {event.sequence} does not follow on the event before it."
    if event_digest(event, chain) != event.digest:
        yield f"Event {event.sequence} was changed: it does not give its digest."
    if hasattr(event, "payload"):
        if not _holds(event.payload, event.payload_digest):
            yield f"The particulars of event {event.sequence} were changed."
    elif str(event.uuid) not in erased:
        yield f"The particulars of event {event.sequence} are missing, and no event tells of their erasure."


def _erased(chain: Chain, missing: set[str]) -> set[str]:
    """Return those of the events `missing` a payload whose erasure is on record in the chain."""
    if not missing:
        return set()
    erasures = EventPayload.objects.filter(event__chain=chain, event__kind="payload.erased")
    erased: set[str] = set()
    for body in erasures.values_list("body", flat=True).iterator():
        erased |= missing.intersection(_names(body))
    return erased


def _holds(payload: EventPayload, expected: str) -> bool:
    try:
        return payload_digest(payload.salt, payload.body) == expected
    except ValueError:  # the salt is no hexadecimal number any more
        return False


def _names(body: str) -> set[str]:
    """Return the events that an erasure names; none where the text was spoilt, a fault of its own."""
    try:
        return set(json.loads(body)["events"])
    except (ValueError, TypeError, KeyError):
        return set()
