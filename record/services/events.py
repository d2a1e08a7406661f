"""Writes events, each bound to the one before it by its digest."""

import secrets
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from record.canonical import canonical, digest, utc
from record.models import Chain, Event, EventPayload


def chain_start() -> Chain:
    """Make an empty chain. A centre and a portfolio each start one when they are made."""
    return Chain.objects.create()


def event_add(*, chain: Chain, kind: str, actor: UUID | None, payload: dict[str, Any]) -> Event:
    """Add an event to the end of `chain`, in the transaction of the change that it tells of.

    `kind` is a noun and what happened to it ("unit.submitted"), `actor` the uuid of the user, None for
    the system itself. `payload` holds the particulars, of the types that canonical JSON holds; what may
    have to be erased one day stands there and nowhere else.
    The row of the chain stays locked until the transaction ends: writers to one chain wait their turn.
    Raises RuntimeError outside a transaction, TypeError for a payload that canonical JSON does not hold.
    The `chain` that was passed keeps its old length and head: `refresh_from_db` shows the new ones.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An event is written in the transaction of the change it tells of.")
    if not 0 < len(kind) <= 60:
        raise ValueError(f"The kind of an event has 1 to 60 characters: {kind!r}")
    head = Chain.objects.select_for_update(no_key=True).get(pk=chain.pk)
    salt, body = secrets.token_hex(32), canonical(payload).decode()
    event = Event(
        chain=head,
        sequence=head.length + 1,
        kind=kind,
        actor=actor,
        happened_at=timezone.now(),
        payload_digest=payload_digest(salt, body),
        previous=head.head,
    )
    event.digest = event_digest(event, head)
    event.save(force_insert=True)
    EventPayload.objects.create(event=event, salt=salt, body=body)
    Chain.objects.filter(pk=head.pk).update(length=event.sequence, head=event.digest)
    return event


def payload_digest(salt: str, body: str) -> str:
    """Return the digest that binds a payload; with the salt erased, nobody can find the body by guessing."""
    return digest(bytes.fromhex(salt) + body.encode())


def event_digest(event: Event, chain: Chain) -> str:
    """Return the digest of an event: over everything that its row says, and so over all events before it."""
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
