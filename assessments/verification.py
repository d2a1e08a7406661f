"""Compares the whole record with itself: chains, signatures, what stands now, and the files.

A fault is a sentence that names its centre or portfolio by the uuid, and nobody by name. One portfolio and
one file are looked at at a time, so a large record needs no more memory than a small one.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from assessments.documents import Signing, unit_document
from assessments.models import FinalForm, Signature, Stage
from assessments.unit_record import unit_record
from centres.models import Membership
from portfolio.models import CandidateUnit, Capacity, Registration, State, StoredFile, UnitVersion
from portfolio.models.evidence import stored_path
from portfolio.services.files import stored_file_is_intact
from record.canonical import canonical, utc
from record.fields import plain_text
from record.good_keys import GoodKeys, good_keys
from record.models import Chain, ChainKind, Event
from record.protection import protection_faults
from record.services.documents import document_faults
from record.verification import chain_look, head_faults, opened_faults

BATCH = 200
SIGNED_BY_EVENT = ("unit.submitted", "unit.assessed", "unit.verified")
# The signatures that stand in each state of a unit's open version.
STANDING = {
    State.COLLECTING: set(),
    State.SUBMITTED: {Stage.SUBMISSION},
    State.ASSESSED: {Stage.SUBMISSION, Stage.SIGN_OFF},
    State.VERIFIED: {Stage.SUBMISSION, Stage.SIGN_OFF, Stage.COUNTERSIGNATURE},
}
# What a submission binds while the assessor is at work, and what the later signatures bind: all of it.
SUBMITTED_PARTS = ("evidence", "claims")
SIGNED_PARTS = ("unit", "elements", "criteria", "evidence", "claims", "statements", "notes", "signatures")

_Row = TypeVar("_Row", bound=Model)


@dataclass
class RecordCheck:
    """Goes through the record once; the counts are those of what it has looked at so far."""

    with_files: bool = True
    chains: int = field(default=0, init=False)
    events: int = field(default=0, init=False)
    signatures: int = field(default=0, init=False)
    files: int = field(default=0, init=False)
    remarks: list[str] = field(default_factory=list, init=False)  # worth a look, and no faults
    keys: GoodKeys = field(default_factory=good_keys, init=False)

    def faults(self) -> Iterator[str]:
        """Yield what is wrong, a sentence each, as it is found."""
        yield from protection_faults()
        yield from self.keys.faults
        yield from opened_faults()
        for chain in _each(Chain.objects.select_related("centre", "registration__centre")):
            self.chains += 1
            self.events += chain.length
            look = chain_look(chain, partial(_may_answer, chain))
            yield from (f"{_owner(chain)}: {fault}" for fault in (*_orphan_faults(chain), *look.faults))
            self.remarks += (f"{_owner(chain)}: {remark}" for remark in look.remarks)
        for registration in _each(Registration.objects.select_related("centre")):
            with transaction.atomic():
                # Everybody who writes to the portfolio waits here, so that it is seen between two acts.
                Chain.objects.select_for_update(no_key=True).get(pk=registration.chain_id)
                found = list(self._portfolio_faults(registration))
            yield from (f"portfolio {registration.uuid}: {fault}" for fault in found)
        if self.with_files:
            for stored_file in _each(StoredFile.objects.select_related("centre")):
                self.files += 1
                yield from (f"centre {stored_file.centre.uuid}: {fault}" for fault in _file_faults(stored_file))

    def _portfolio_faults(self, registration: Registration) -> Iterator[str]:
        signatures = list(
            Signature.objects.filter(unit_version__candidate_unit__registration=registration).select_related(
                "document__key", "signer__user", "unit_version__candidate_unit"
            )
        )
        self.signatures += len(signatures)
        intact = set()
        chains: dict[str, Chain | None] = {
            ChainKind.SITE: Chain.objects.filter(kind=ChainKind.SITE).first(),
            ChainKind.CENTRE: registration.centre.chain,
            ChainKind.PORTFOLIO: registration.chain,
        }
        for signature in signatures:
            spoilt = document_faults(signature.document, self.keys)
            if not spoilt:
                intact.add(signature)
                spoilt = head_faults(_read(signature.document.body).get("record"), chains=chains)
            for fault in (*spoilt, *_row_faults(signature)):
                yield f"signature {signature.uuid}: {fault}"
        yield from _event_faults(registration, signatures)
        yield from _named_file_faults(registration, intact)
        for unit in registration.candidate_units.select_related("registration__centre", "registration__candidate"):
            for fault in _unit_faults(unit, [given for given in signatures if _unit_of(given) == unit], intact):
                yield f"unit {unit.uuid}: {fault}"


def _may_answer(chain: Chain, actor: UUID) -> bool:
    """Say whether a person is, or was, of the centre that a chain belongs to; of any, for the site's."""
    held = Membership.objects.filter(user__uuid=actor)
    if hasattr(chain, "registration"):
        held = held.filter(centre=chain.registration.centre)
    elif hasattr(chain, "centre"):
        held = held.filter(centre=chain.centre)
    return held.exists()


def _orphan_faults(chain: Chain) -> Iterator[str]:
    """Say that a chain's own row is gone: the foreign key keeps a chain, and nothing keeps what points at it."""
    owned: dict[str, bool] = {
        ChainKind.CENTRE: hasattr(chain, "centre"),
        ChainKind.PORTFOLIO: hasattr(chain, "registration"),
    }
    if not owned.get(chain.kind, True) and Chain.objects.filter(pk=chain.pk).exists():
        yield f"The {chain.kind} whose chain this is is gone."


def _owner(chain: Chain) -> str:
    if hasattr(chain, "registration"):
        return f"portfolio {chain.registration.uuid}"
    if hasattr(chain, "centre"):
        return f"centre {chain.centre.uuid}"
    return f"chain {chain.uuid}"


# --- Signatures -------------------------------------------------------------------------------------


def _row_faults(signature: Signature) -> Iterator[str]:
    """Compare the row of a signature with what its document says of the act."""
    document = _read(signature.document.body)
    signing = document.get("signing")
    if not isinstance(signing, dict):
        yield "Its document tells of no signing."
        return
    signer, version = signature.signer, signature.unit_version
    for what, row, said in (
        ("stage", signature.stage, signing.get("stage")),
        ("signer", [str(signer.user.uuid), signer.capacity], _picked(signing.get("signer"), "id", "capacity")),
        ("declaration", signature.declaration, signing.get("declaration")),
        ("comment", signature.comment, plain_text(str(signing.get("comment")))),
        ("time", utc(signature.signed_at), signing.get("at")),
        ("unit", [str(_unit_of(signature).uuid), version.number], _picked(document.get("unit"), "id", "version")),
    ):
        if row != said:
            yield f"Its {what} is not the one in the document that was signed."


def _event_faults(registration: Registration, signatures: list[Signature]) -> Iterator[str]:
    """Compare the signatures and final forms with the events that tell of them, both ways."""
    digests = {str(given.uuid): given.document.digest for given in signatures}
    forms = {
        str(form.signature.uuid): form
        for form in FinalForm.objects.filter(signature__in=signatures).select_related("signature", "stored_file")
    }
    told: dict[str, Any] = {}
    printed: dict[str, Any] = {}
    events = Event.objects.filter(chain=registration.chain_id, kind__in=(*SIGNED_BY_EVENT, "form.printed"))
    for event in events.select_related("payload"):
        said = _read(event.payload.body) if hasattr(event, "payload") else {}
        if event.kind == "form.printed":
            printed[str(said.get("signature"))] = said.get("sha256")
        else:
            told[str(said.get("signature"))] = said.get("digest")
    for uuid in digests.keys() - told.keys():
        yield f"signature {uuid}: No event tells of it."
    for uuid in told.keys() - digests.keys():
        yield f"signature {uuid}: An event tells of it, and it is not there."
    for uuid in digests.keys() & told.keys():
        if digests[uuid] != told[uuid]:
            yield f"signature {uuid}: Its document is not the one that its event tells of."
    for given in signatures:
        form = forms.get(str(given.uuid))
        if given.stage == Stage.COUNTERSIGNATURE and form is None:
            yield f"signature {given.uuid}: Its final form is neither printed nor waiting to be."
        if (form.stored_file.sha256 if form and form.stored_file else None) != printed.get(str(given.uuid)):
            yield f"signature {given.uuid}: Its final form is not the one that was printed."


def _named_file_faults(registration: Registration, signatures: Collection[Signature]) -> Iterator[str]:
    """Say which files that were signed for the centre holds no more."""
    named = {
        file.get("sha256")
        for given in signatures
        for piece in _read(given.document.body).get("evidence", [])
        for file in piece.get("files", [])
    }
    held = StoredFile.objects.filter(centre=registration.centre, sha256__in=named).values_list("sha256", flat=True)
    for sha256 in sorted(named - set(held)):
        yield f"File {sha256} was signed for, and is not held any more."


# --- What stands now --------------------------------------------------------------------------------


def _unit_faults(unit: CandidateUnit, signatures: list[Signature], intact: Collection[Signature]) -> Iterator[str]:
    """Compare the open version of a unit with its signatures, and what stands in it with what was signed last.

    A document that was spoilt may say anything, and says nothing of what was signed: only the `intact` are read.
    """
    version = UnitVersion.objects.filter(candidate_unit=unit, closed_at__isnull=True).first()
    if version is None:
        yield "It has no open version."
        return
    standing = [given for given in signatures if given.superseded_at is None]
    if any(given.unit_version_id != version.pk for given in standing):
        yield "A signature stands in a version that was closed."
    standing = [given for given in standing if given.unit_version_id == version.pk]
    if {given.stage for given in standing} != STANDING[State(version.state)]:
        yield f"It is {version.state}, and other signatures stand in it than that asks for."
    elif standing and standing[-1] in intact:
        yield from _differences(unit, standing[-1])


def _differences(unit: CandidateUnit, last: Signature) -> Iterator[str]:
    signed = _read(last.document.body)
    record = unit_record(unit)
    before = tuple(given for given in record.given if given.pk != last.pk)
    signing = Signing(
        stage=Stage(last.stage),
        signer=last.signer.user,
        capacity=Capacity(last.signer.capacity),
        comment=last.comment,
        at=last.signed_at,
    )
    now = json.loads(canonical(unit_document(replace(record, given=before), signing)))
    if last.stage == Stage.SUBMISSION:
        for part in SUBMITTED_PARTS:
            kept = [_without_names(_unjudged(item)) for item in now[part]]
            if any(_without_names(_unjudged(item)) not in kept for item in signed.get(part, [])):
                yield f"Its {part} differ from what was signed for last."
        return
    for part in SIGNED_PARTS:
        if _without_names(now[part]) != _without_names(signed.get(part)):
            yield f"Its {part} differ from what was signed for last."


def _unjudged(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in {"judgement", "status"}}


def _without_names(value: Any) -> Any:
    """Leave out what people and frameworks are called: that may change, and their ids are compared."""
    if isinstance(value, list):
        return [_without_names(item) for item in value]
    if isinstance(value, dict):
        named = {"framework_title", "publisher"} | ({"name"} if "id" in value else set())
        return {key: _without_names(item) for key, item in value.items() if key not in named}
    return value


# --- Files ------------------------------------------------------------------------------------------


def _file_faults(stored_file: StoredFile) -> Iterator[str]:
    if stored_file_is_intact(stored_file) or not StoredFile.objects.filter(pk=stored_file.pk).exists():
        return  # or somebody removed it this moment
    if stored_path(stored_file).exists():
        yield f"File {stored_file.sha256} was changed: its bytes do not give its digest."
    else:
        yield f"File {stored_file.sha256} is missing."


# --- Reading ----------------------------------------------------------------------------------------


def _each(rows: QuerySet[_Row]) -> Iterator[_Row]:
    """Yield every row in batches, so that none of them holds a lock or a cursor while it is looked at."""
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _read(body: str) -> dict[str, Any]:
    """Return what a text holds; nothing where it was spoilt, which is a fault of its own."""
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _picked(value: object, *keys: str) -> list[Any]:
    return [value.get(key) for key in keys] if isinstance(value, dict) else []


def _unit_of(signature: Signature) -> CandidateUnit:
    return signature.unit_version.candidate_unit
