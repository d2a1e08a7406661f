"""The record of a portfolio as files: signed documents, keys, the chain, and the newest checkpoint that holds it.

`check.py` reads them again; docs/contributors/documents.md says what is in each.
"""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from assessments.models import Action, Signature
from centres.lists.spreadsheets import csv_of
from centres.models import User
from portfolio.models import Registration
from record.canonical import utc
from record.checkpoint_comparison import newest_checkpoint
from record.checkpoints import HEADS, merkle_path
from record.good_keys import GoodKeys
from record.models import CanonicalDocument, Chain, ChainKind, Event
from verification.submission_pack.permissions import candidate_reads_document, candidate_reads_event


class RecordFile(NamedTuple):
    """A file of the record: its path in the pack, and its content."""

    path: str
    content: bytes


def record_files(registration: Registration, keys: GoodKeys, *, for_candidate: bool) -> Iterator[RecordFile]:
    """Yield the files of the record. `for_candidate`: without what the candidate may not read."""
    halves = [{"fingerprint": name, "public_key": key.public_key} for name, key in keys.keys.items()]
    yield RecordFile("record/keys.json", _json(halves))
    yield from _documents(registration, for_candidate=for_candidate)
    chain = Chain.objects.get(pk=registration.chain_id)
    lines, actors = _chain(chain, registration, for_candidate=for_candidate)
    yield RecordFile("record/chain.jsonl", lines)
    people = User.objects.filter(uuid__in=actors).order_by("name", "pk").values_list("uuid", "name")
    yield RecordFile("record/people.csv", csv_of([("Identifier", "Name"), *people]))
    yield from _checkpoint(chain)


def _documents(registration: Registration, *, for_candidate: bool) -> Iterator[RecordFile]:
    rows: list[dict[str, Any]] = []
    signatures = Signature.objects.filter(unit_version__candidate_unit__registration=registration).select_related(
        "document__key", "signer__user", "unit_version__candidate_unit__revision__unit"
    )
    for number, signature in enumerate(signatures.order_by("pk"), start=1):
        unit, document = signature.unit_version.candidate_unit, signature.document
        called = f"{number:03} {unit.revision.unit.code} {signature.get_stage_display().lower()}".replace("/", "-")
        is_there = not for_candidate or candidate_reads_document(json.loads(document.body))
        path = f"record/documents/{called}.json"
        if is_there:
            yield RecordFile(path, document.body.encode())
        rows.append(
            {
                "kind": "signature",
                "file": path if is_there else None,
                "called": called,
                "stage": str(signature.stage),
                "signer": signature.signer.user.name,
                "signed_at": utc(signature.signed_at),
                "superseded_at": utc(signature.superseded_at) if signature.superseded_at else None,
                **_signed(document),
            }
        )
    rotated = Event.objects.filter(chain__kind=ChainKind.SITE, kind="key.rotated").select_related("payload")
    told = [json.loads(event.payload.body)["digest"] for event in rotated if hasattr(event, "payload")]
    rotations = CanonicalDocument.objects.filter(digest__in=told).select_related("key")
    for number, document in enumerate(rotations.order_by("pk"), start=1):
        path = f"record/documents/key rotation {number}.json"
        yield RecordFile(path, document.body.encode())
        rows.append({"kind": "key_rotation", "file": path, "called": f"key rotation {number}", **_signed(document)})
    yield RecordFile("record/signatures.json", _json(rows))


def _signed(document: CanonicalDocument) -> dict[str, str]:
    return {"digest": document.digest, "key": document.key.fingerprint, "signature": document.signature}


def _chain(chain: Chain, registration: Registration, *, for_candidate: bool) -> tuple[bytes, set[str]]:
    """Return the chain line by line, and who acted in what can be read of it."""
    theirs = Action.objects.filter(registration=registration, for_candidate=True).values_list("uuid", flat=True)
    their_actions = {str(action) for action in theirs}
    lines = [_line({"chain": str(chain.uuid), "length": chain.length, "head": chain.head})]
    actors: set[str] = set()
    events = (
        Event.objects.filter(chain=chain, sequence__lte=chain.length).select_related("payload").order_by("sequence")
    )
    for event in events.iterator():
        payload = getattr(event, "payload", None)
        if payload and for_candidate and not candidate_reads_event(json.loads(payload.body), their_actions):
            payload = None
        if payload and event.actor:
            actors.add(str(event.actor))
        lines.append(
            _line(
                {
                    "event": str(event.uuid),
                    "sequence": event.sequence,
                    "kind": event.kind,
                    "actor": str(event.actor) if event.actor else None,
                    "happened_at": utc(event.happened_at, timespec="microseconds"),
                    "payload_digest": event.payload_digest,
                    "previous": event.previous,
                    "digest": event.digest,
                    "salt": payload.salt if payload else None,
                    "body": payload.body if payload else None,
                }
            )
        )
    return b"".join(lines), actors


def _checkpoint(chain: Chain) -> Iterator[RecordFile]:
    """The newest checkpoint with the way from this chain's line up to its root; nothing if it does not hold the chain.

    The lines of other chains are nobody's business here.
    """
    note = newest_checkpoint()
    if note is None or not note.with_suffix(HEADS).is_file():
        return
    lines = note.with_suffix(HEADS).read_text(encoding="utf-8").splitlines()
    place = next((place for place, line in enumerate(lines) if line.startswith(f"{chain.uuid} ")), None)
    if place is None:
        return
    path = merkle_path([line.encode() for line in lines], place)
    yield RecordFile("record/checkpoint.note", note.read_bytes())
    proof = {"line": lines[place], "index": place, "path": [beside.hex() for beside in path]}
    yield RecordFile("record/checkpoint.json", _json(proof))


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def _json(said: object) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
