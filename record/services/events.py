"""Writes events, each bound to the one before it by its digest."""

import datetime
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from record.canonical import canonical, digest, utc
from record.committed import note_commit
from record.event_content import ToldModel, particulars
from record.models import Chain, ChainKind, Event, EventPayload


def chain_start(kind: ChainKind = ChainKind.PORTFOLIO) -> Chain:
    """Make an empty chain. Every new centre and every new portfolio starts one."""
    return Chain.objects.create(kind=kind)


@dataclass(frozen=True, kw_only=True)
class Happening:
    """What an event will tell: a noun and what happened to it ("unit.submitted"), and the particulars.

    `row` is what it happened to, which listeners get too; `also` are other rows that the same act made or changed; all
    of them as they are after it. `gone` are rows that it deleted. The proof of the record compares each row with what
    was last told of it. `payload` is what no row says, in types that canonical JSON holds. What may have to be erased
    one day is in the particulars and nowhere else.
    """

    kind: str
    row: ToldModel | None = None
    also: Sequence[ToldModel] = ()
    gone: Sequence[ToldModel] = ()
    payload: dict[str, Any] = field(default_factory=dict)

    def particulars(self) -> dict[str, Any]:
        """Return what the event tells, in types of canonical JSON."""
        return particulars(row=self.row, also=tuple(self.also), gone=tuple(self.gone), besides=self.payload)


Listener = Callable[[Sequence[Happening]], None]
_listeners: dict[str, list[Listener]] = defaultdict(list)


def listen(kinds: Iterable[str], listener: Listener) -> None:
    """Have `listener` called with the happenings of these kinds, at the end of the transaction that tells of them.

    Apps above the one that writes the event call this when Django starts.
    """
    for kind in kinds:
        _listeners[kind].append(listener)


def event_add(
    *,
    chain: Chain,
    kind: str,
    actor: UUID | None,
    at: datetime.datetime | None = None,
    row: ToldModel | None = None,
    also: Sequence[ToldModel] = (),
    gone: Sequence[ToldModel] = (),
    payload: dict[str, Any] | None = None,
) -> Event:
    """Add one event to the end of `chain`; see `events_add` and `Happening`."""
    happening = Happening(kind=kind, row=row, also=also, gone=gone, payload=payload or {})
    return events_add(chain=chain, actor=actor, at=at, happenings=[happening])[0]


def events_add(
    *, chain: Chain, actor: UUID | None, happenings: Sequence[Happening], at: datetime.datetime | None = None
) -> list[Event]:
    """Add events to the end of `chain` in this order, in the transaction of the changes that they tell of.

    The rows are changed first. `actor` is the uuid of the user, None for the system itself; `at` is the moment
    that the rows carry, or now if they carry none. Takes four queries, however many events there are.
    The row of the chain stays locked until the transaction ends, so writers to one chain wait for each other.
    Raises RuntimeError outside a transaction, TypeError for a payload that canonical JSON does not hold,
    ValueError for a kind that is empty or longer than 60 characters.
    The `chain` that was passed keeps its old length and head: `refresh_from_db` shows the new ones.
    Listeners to a kind (`listen`) are called at the end, when all rows are changed and the events written.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An event is written in the transaction of the change it tells of.")
    if not happenings:
        return []
    head = Chain.objects.select_for_update(no_key=True).get(pk=chain.pk)
    length, previous, at = head.length, head.head, at or timezone.now()
    events, payloads = [], []
    for happening in happenings:
        if not 0 < len(happening.kind) <= 60:
            raise ValueError(f"The kind of an event has 1 to 60 characters: {happening.kind!r}")
        salt, body = secrets.token_hex(32), canonical(happening.particulars()).decode()
        event = Event(
            chain=head,
            sequence=length + 1,
            kind=happening.kind,
            actor=actor,
            happened_at=at,
            payload_digest=payload_digest(salt, body),
            previous=previous,
        )
        event.digest = event_digest(event, head)
        length, previous = event.sequence, event.digest
        events.append(event)
        payloads.append(EventPayload(event=event, salt=salt, body=body))
    Event.objects.bulk_create(events)
    EventPayload.objects.bulk_create(payloads)
    Chain.objects.filter(pk=head.pk).update(length=length, head=previous)
    _tell_listeners(happenings)
    transaction.on_commit(note_commit)
    return events


def _tell_listeners(happenings: Sequence[Happening]) -> None:
    heard: dict[Listener, list[Happening]] = defaultdict(list)
    for happening in happenings:
        for listener in _listeners.get(happening.kind, ()):
            heard[listener].append(happening)
    for listener, of_its_kinds in heard.items():
        listener(of_its_kinds)


def payload_digest(salt: str, body: str) -> str:
    """Return the digest that binds a payload. Once the salt is erased, nobody can find the body by guessing."""
    return digest(bytes.fromhex(salt) + body.encode())


def event_digest(event: Event, chain: Chain) -> str:
    """Return the digest of an event: over everything that its row says, and thereby over all events before it."""
    return digest(
        canonical(
            {
                "chain": str(chain.uuid),
                "event": str(event.uuid),
                "sequence": event.sequence,
                "kind": event.kind,
                "actor": str(event.actor) if event.actor else None,
                "happened_at": utc(event.happened_at, timespec="microseconds"),
                "payload_digest": event.payload_digest,
                "previous": event.previous,
            }
        )
    )
