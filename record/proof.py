"""Walks a chain and says what was changed, taken out or put in, and which chains and heads are missing."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F

from record.canonical import utc
from record.event_content import rows_told
from record.models import Chain, ChainKind, Event, EventPayload
from record.services.events import event_digest, payload_digest

BATCH = 500
MOST_FAULTS = 100
START = "0" * 64
# The kinds of event that explain missing particulars: their time was over, or somebody asked for it.
ERASURES = ("particulars.disposed", "particulars.removed")
# The kinds of event that tell of a new chain: the kind of chain, and the name under which they tell its owner.
OPENED: dict[str, tuple[str, str]] = {
    "centre.opened": (ChainKind.CENTRE, "centre"),
    "portfolio.opened": (ChainKind.PORTFOLIO, "registration"),
}
CLOCK_SLACK = timedelta(minutes=1)  # a writer takes the time before it waits for the chain; no clock went back


@dataclass
class ChainLook:
    """What was found in a chain: its faults, and remarks that are only worth a look, a sentence each."""

    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def chain_look(chain: Chain, may_answer: Callable[[UUID], bool] = lambda actor: False) -> ChainLook:
    """Return what is wrong with `chain`, in the order of its events, and where its times run backwards.

    Reads in batches, so a long chain needs no more memory than a short one, and stops after a hundred
    faults. Events that are added meanwhile are left for the next time. Particulars may be missing if a later event
    of the same chain, of one of the kinds ERASURES, names their event (`{"events": [uuid, ...], ...}`) and
    `may_answer` says that its actor may answer for that. The layers above know who may; the system itself never
    does.
    """
    look = ChainLook()
    for fault in islice(_faults(Chain.objects.get(pk=chain.pk), may_answer, look.remarks), MOST_FAULTS):
        look.faults.append(fault)
    return look


def chain_faults(chain: Chain, may_answer: Callable[[UUID], bool] = lambda actor: False) -> list[str]:
    """Return only the faults of `chain_look`."""
    return chain_look(chain, may_answer).faults


def opened_faults() -> Iterator[str]:
    """Compare the chains that exist with the events that tell of them, both ways; a sentence for each fault.

    The site's chain tells of each centre's, a centre's of each portfolio's. So a chain that was removed with its
    portfolio is noticed, and a chain of which no event tells was put in.
    """
    kinds = _kinds()  # read before the events, since each was told of in the transaction that made it
    named: set[str] = set()
    missed: list[tuple[str, str, str]] = []
    bodies = EventPayload.objects.filter(event__kind__in=OPENED).values_list("event__kind", "body")
    for event_kind, body in bodies.iterator():
        kind, name = OPENED[event_kind]
        told = next((row for noun, _, row in rows_told(_read(body)) if noun == name and row), {})
        chain, owner = str(told.get("chain")), str(told.get("id"))
        named.add(chain)
        if kinds.get(chain) != kind:
            missed.append((kind, owner, chain))
    made_meanwhile = _kinds() if missed else {}
    for kind, owner, chain in missed:
        if made_meanwhile.get(chain) != kind:
            yield f"{kind} {owner}: Its chain {chain} is gone."
    for chain in sorted(kinds.keys() - named):
        if kinds[chain] != ChainKind.SITE:
            yield f"chain {chain}: No event tells of it."


def _kinds() -> dict[str, str]:
    return {str(chain): kind for chain, kind in Chain.objects.values_list("uuid", "kind").iterator()}


def head_faults(heads: object, *, chains: Mapping[str, Chain | None]) -> list[str]:
    """Compare the heads that a signed document holds with the chains; a sentence for each fault.

    `heads` is what the document has under "record"; `chains` are the chains that it must name, by kind,
    with None for one that is gone.
    """
    faults = []
    for kind, chain in chains.items():
        named = heads.get(kind) if isinstance(heads, dict) else None
        if chain is None or not isinstance(named, dict) or named.get("chain") != str(chain.uuid):
            faults.append(f"Its document names another {kind}'s chain than there is, or none.")
        elif not holds_head(chain, named.get("length"), named.get("head")):
            faults.append(
                f"The {kind}'s chain is not the one that its document was frozen beside: it was cut or written anew."
            )
    return faults


def holds_head(chain: Chain, length: object, head: object) -> bool:
    """Say whether `chain`, when it had that many events, ended with the event of that digest."""
    if length == 0:
        return head == START
    if not isinstance(length, int) or not 0 < length < 2**31:  # what the column of a sequence holds
        return False
    return Event.objects.filter(chain=chain, sequence=length, digest=str(head)).exists()


def _faults(chain: Chain, may_answer: Callable[[UUID], bool], remarks: list[str]) -> Iterator[str]:
    sequence, head, latest = 0, START, None
    for batch in _batches(chain):
        erased = _erased(chain, {str(event.uuid) for event in batch if not hasattr(event, "payload")}, may_answer)
        for event in batch:
            yield from _gap(sequence + 1, event.sequence - 1)
            yield from _event_faults(event, chain, previous=head, erased=erased)
            if latest and event.happened_at < latest - CLOCK_SLACK and len(remarks) < MOST_FAULTS:
                remarks.append(_backwards(event, latest))
            latest = max(latest or event.happened_at, event.happened_at)
            sequence, head = event.sequence, event.digest
    yield from _gap(sequence + 1, chain.length)
    if head != chain.head:
        yield "The chain does not end with the event that its head names."
    # One statement sees one state of the database, so an event that is being added is no fault.
    if Event.objects.filter(chain=chain, sequence__gt=F("chain__length")).exists():
        yield "The chain holds more events than it counts."


def _backwards(event: Event, latest: datetime) -> str:
    return (
        f"Event {event.sequence} is of {utc(event.happened_at)}, and an event before it of {utc(latest)}: "
        "the clock went back, or was set."
    )


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


def _event_faults(event: Event, chain: Chain, *, previous: str, erased: dict[str, int]) -> Iterator[str]:
    if event.previous != previous:
        yield f"Event {event.sequence} does not follow on the event before it."
    if event_digest(event, chain) != event.digest:
        yield f"Event {event.sequence} was changed: it does not give its digest."
    if hasattr(event, "payload"):
        if not _holds(event.payload, event.payload_digest):
            yield f"The particulars of event {event.sequence} were changed."
    elif event.sequence >= erased.get(str(event.uuid), 0):
        yield (
            f"The particulars of event {event.sequence} are missing, and no disposal or removal that a person of the "
            "centre answers for names them."
        )


def _erased(chain: Chain, missing: set[str], may_answer: Callable[[UUID], bool]) -> dict[str, int]:
    """Return the events `missing` a payload for which a person answers, each with the last event that says so."""
    if not missing:
        return {}
    erasures = Event.objects.filter(chain=chain, kind__in=ERASURES, actor__isnull=False).select_related("payload")
    erased: dict[str, int] = {}
    for event in erasures.order_by("sequence").iterator():
        if event.actor is None or not may_answer(event.actor):
            continue
        if hasattr(event, "payload") and _holds(event.payload, event.payload_digest):
            erased |= dict.fromkeys(missing.intersection(_names(event.payload.body)), event.sequence)
    return erased


def _holds(payload: EventPayload, expected: str) -> bool:
    try:
        return payload_digest(payload.salt, payload.body) == expected
    except ValueError:  # the salt is no hexadecimal number any more
        return False


def _names(body: str) -> set[str]:
    """Return the events that an erasure names; none if the text was spoilt, which is a fault of its own."""
    try:
        return set(_read(body)["events"])
    except (TypeError, KeyError):
        return set()


def _read(body: str) -> dict[str, Any]:
    """Return what a payload says; empty if the text was spoilt, which is a fault of its own."""
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
