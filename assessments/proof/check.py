"""Goes through the whole record: chains, rows and their events, signatures, the present state of units, files.

A fault is a sentence that names its centre or portfolio by the uuid, and no person. It looks at one portfolio and
one file at a time, so a large record needs no more memory than a small one.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import F, Model

from assessments.models import CONFIRMED_BY, CONFIRMS, Signature, Stage
from assessments.proof.reading import each, read
from assessments.proof.rows import row_faults, settled_row_faults
from assessments.recording_form.document import Signing, unit_document
from assessments.standing.unit_record import unit_record
from assessments.standing.worked_out import differences as standing_faults
from centres.models import Membership
from portfolio.files.services import stored_file_is_intact
from portfolio.models import CandidateUnit, Capacity, Claim, Registration, State, StoredFile, UnitVersion
from portfolio.models.evidence import stored_path
from record.canonical import canonical, utc
from record.good_keys import GoodKeys, good_keys
from record.models import Chain, ChainKind
from record.plain_text import plain_text
from record.proof import chain_look, head_faults, opened_faults
from record.protection import protection_faults
from record.services.documents import document_faults

# The signatures that stand in each state of a unit's open version, confirmations apart.
STANDING = {
    State.COLLECTING: set(),
    State.SUBMITTED: {Stage.SUBMISSION},
    State.ASSESSED: {Stage.SUBMISSION, Stage.SIGN_OFF},
    State.VERIFIED: {Stage.SUBMISSION, Stage.SIGN_OFF, Stage.COUNTERSIGNATURE},
}
# What a submission binds while the assessor is at work, and what the later signatures bind: all of it.
SUBMITTED_PARTS = ("evidence", "claims")
SIGNED_PARTS = ("unit", "elements", "criteria", "evidence", "claims", "statements", "not_shown", "notes", "signatures")


@dataclass
class RecordCheck:
    """Goes through the record once. The counts say how much it has looked at so far."""

    with_files: bool = True
    chains: int = field(default=0, init=False)
    events: int = field(default=0, init=False)
    signatures: int = field(default=0, init=False)
    files: int = field(default=0, init=False)
    remarks: list[str] = field(default_factory=list, init=False)  # worth a look, but not faults
    keys: GoodKeys = field(default_factory=good_keys, init=False)

    def faults(self) -> Iterator[str]:
        """Yield each fault, a sentence, as it is found."""
        yield from protection_faults()
        yield from self.keys.faults
        yield from opened_faults()
        for chain in each(Chain.objects.select_related("centre", "registration__centre")):
            self.chains += 1
            self.events += chain.length
            look = chain_look(chain, partial(_may_answer, chain))
            found = [*_orphan_faults(chain), *look.faults, *_shared_row_faults(chain)]
            yield from (f"{_name(chain)}: {fault}" for fault in found)
            self.remarks += (f"{_name(chain)}: {remark}" for remark in look.remarks)
        for registration in each(Registration.objects.select_related("centre", "chain")):
            with transaction.atomic():
                # Everybody who writes to the portfolio waits here, so that it is seen between two acts.
                Chain.objects.select_for_update(no_key=True).get(pk=registration.chain_id)
                found = [*row_faults(registration.chain, registration), *self._portfolio_faults(registration)]
            yield from (f"portfolio {registration.uuid}: {fault}" for fault in found)
        for stored_file in each(StoredFile.objects.select_related("centre")):
            self.files += 1
            if StoredFile.objects.given_up().filter(pk=stored_file.pk).exists():
                self.remarks.append(f"centre {stored_file.centre.uuid}: {_given_up(stored_file)}")
                continue
            found = list(_file_faults(stored_file, with_bytes=self.with_files))
            yield from (f"centre {stored_file.centre.uuid}: {fault}" for fault in found)

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
                spoilt = head_faults(read(signature.document.body).get("record"), chains=chains)
            for fault in (*spoilt, *_row_faults(signature)):
                yield f"signature {signature.uuid}: {fault}"
        yield from _named_file_faults(registration, intact)
        claims = Claim.objects.filter(candidate_unit__registration=registration)
        for claim in claims.exclude(criterion__revision=F("candidate_unit__revision")):
            yield f"claim {claim.uuid}: It names a criterion of another unit."
        for unit in registration.candidate_units.select_related("registration__centre", "registration__candidate"):
            for fault in _unit_looked_at(unit, [given for given in signatures if _unit_of(given) == unit], intact):
                yield f"unit {unit.uuid}: {fault}"


def _may_answer(chain: Chain, actor: UUID) -> bool:
    """Say whether a person is or was in the centre that a chain belongs to; for the site's chain, in any centre."""
    held = Membership.objects.filter(user__uuid=actor)
    if hasattr(chain, "registration"):
        held = held.filter(centre=chain.registration.centre)
    elif hasattr(chain, "centre"):
        held = held.filter(centre=chain.centre)
    return held.exists()


def _orphan_faults(chain: Chain) -> Iterator[str]:
    """Yield that the chain's centre or portfolio is gone. A foreign key keeps a chain, but nothing keeps its owner."""
    owned: dict[str, bool] = {
        ChainKind.CENTRE: hasattr(chain, "centre"),
        ChainKind.PORTFOLIO: hasattr(chain, "registration"),
    }
    if not owned.get(chain.kind, True) and Chain.objects.filter(pk=chain.pk).exists():
        yield f"The {chain.kind} whose chain this is is gone."


def _owner(chain: Chain) -> Model | None:
    """Return the centre or the portfolio whose chain it is; None for the site's, or if the owner is gone."""
    return getattr(chain, "registration", None) or getattr(chain, "centre", None)


def _name(chain: Chain) -> str:
    if hasattr(chain, "registration"):
        return f"portfolio {chain.registration.uuid}"
    if hasattr(chain, "centre"):
        return f"centre {chain.centre.uuid}"
    return "site" if chain.kind == ChainKind.SITE else f"chain {chain.uuid}"


def _shared_row_faults(chain: Chain) -> list[str]:
    """Compare the rows of which the site's chain or a centre's tells. Those of a portfolio wait for its lock."""
    owner = _owner(chain)
    is_looked_at_here = chain.kind == ChainKind.SITE or (chain.kind == ChainKind.CENTRE and owner)
    return settled_row_faults(chain, owner) if is_looked_at_here else []


# --- Signatures -------------------------------------------------------------------------------------


def _row_faults(signature: Signature) -> Iterator[str]:
    """Compare the row of a signature with what its document says of the act."""
    document = read(signature.document.body)
    signing = document.get("signing")
    if not isinstance(signing, dict):
        yield "Its document tells of no signing."
        return
    signer, version = signature.signer, signature.unit_version
    for what, row, said in (
        ("stage", signature.stage, signing.get("stage")),
        ("signer", [str(signer.user.uuid), signer.capacity], _picked(signing.get("signer"), "id", "capacity")),
        ("declaration", signature.declaration, signing.get("declaration")),
        ("release", _iso(signature.released_by_plan_of), signing.get("released_by_plan_of")),
        ("need to be confirmed", signature.needs_confirmation, signing.get("needs_confirmation", False)),
        # Both, since what counts as plain has grown since the first of them were signed.
        ("comment", plain_text(signature.comment), plain_text(str(signing.get("comment")))),
        ("time", utc(signature.signed_at), signing.get("at")),
        ("unit", [str(_unit_of(signature).uuid), version.number], _picked(document.get("unit"), "id", "version")),
    ):
        if row != said:
            yield f"Its {what} is not the one in the document that was signed."


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _named_file_faults(registration: Registration, signatures: Collection[Signature]) -> Iterator[str]:
    """Yield the files that were signed for and that the centre no longer holds."""
    named = {
        file.get("sha256")
        for given in signatures
        for piece in read(given.document.body).get("evidence", [])
        for file in piece.get("files", [])
    }
    held = StoredFile.objects.filter(centre=registration.centre, sha256__in=named).values_list("sha256", flat=True)
    for sha256 in sorted(named - set(held)):
        yield f"File {sha256} was signed for, and is not held any more."


# --- What stands now --------------------------------------------------------------------------------


def _unit_looked_at(unit: CandidateUnit, signatures: list[Signature], intact: Collection[Signature]) -> Iterator[str]:
    """Yield the faults of a unit. If its rows no longer fit together, yield only that, and go on with the proof."""
    try:
        yield from _unit_faults(unit, signatures, intact)
        yield from standing_faults([unit])
    except DatabaseError:
        raise
    except Exception as error:
        yield f"It cannot be read whole ({type(error).__name__}): its rows do not fit together."


def _unit_faults(unit: CandidateUnit, signatures: list[Signature], intact: Collection[Signature]) -> Iterator[str]:
    """Compare the open version of a unit with its signatures, and its present content with what was signed last.

    A spoilt document may say anything, so it proves nothing: only the `intact` ones are read.
    """
    version = UnitVersion.objects.filter(candidate_unit=unit, closed_at__isnull=True).first()
    if version is None:
        yield "It has no open version."
        return
    standing = [given for given in signatures if given.superseded_at is None]
    if any(given.unit_version_id != version.pk for given in standing):
        yield "A signature stands in a version that was closed."
    standing = [given for given in standing if given.unit_version_id == version.pk]
    if not _agrees(State(version.state), standing):
        yield f"It is {version.state}, and other signatures stand in it than that asks for."
    elif standing and standing[-1] in intact:
        yield from _differences(unit, standing[-1])


def _agrees(state: State, standing: Collection[Signature]) -> bool:
    """Whether these are the signatures that the state needs, and each confirmation is of a signature that needs one.

    A sign-off that needs a confirmation must have it before the countersignature.
    """
    stages = {Stage(given.stage) for given in standing}
    asked_for = {CONFIRMED_BY[Stage(given.stage)] for given in standing if given.needs_confirmation}
    there = stages & CONFIRMS.keys()
    at_least = asked_for & {Stage.SIGN_OFF_CONFIRMED} if state == State.VERIFIED else set()
    return stages - there == STANDING[state] and at_least <= there <= asked_for


def _differences(unit: CandidateUnit, last: Signature) -> Iterator[str]:
    signed = read(last.document.body)
    record = unit_record(unit)
    before = tuple(given for given in record.given if given.pk != last.pk)
    signing = Signing(
        stage=Stage(last.stage),
        signer=last.signer.user,
        capacity=Capacity(last.signer.capacity),
        comment=last.comment,
        at=last.signed_at,
        needs_confirmation=last.needs_confirmation,
        released_by_plan_of=last.released_by_plan_of,
    )
    now = json.loads(canonical(unit_document(replace(record, given=before), signing)))
    if last.stage == Stage.SUBMISSION:
        for part in SUBMITTED_PARTS:
            kept = [_without_names(_unjudged(item)) for item in now[part]]
            if any(_without_names(_unjudged(item)) not in kept for item in signed.get(part, [])):
                yield f"Its {part} differ from what was signed for last."
        return
    for part in SIGNED_PARTS:
        if _without_names(now.get(part)) != _without_names(signed.get(part)):
            yield f"Its {part.replace('_', ' ')} differ from what was signed for last."


def _unjudged(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in {"judgement", "status"}}


def _without_names(value: Any) -> Any:
    """Leave out the names of people and frameworks: they may change, and the ids are compared."""
    if isinstance(value, list):
        return [_without_names(item) for item in value]
    if isinstance(value, dict):
        named = {"framework_title", "publisher"} | ({"name"} if "id" in value else set())
        return {key: _without_names(item) for key, item in value.items() if key not in named}
    return value


# --- Files ------------------------------------------------------------------------------------------


def _file_faults(stored_file: StoredFile, *, with_bytes: bool) -> Iterator[str]:
    if not _is_referred_to(stored_file) and StoredFile.objects.filter(pk=stored_file.pk).exists():
        yield f"File {stored_file.sha256} is held, and nothing refers to it."
    if not with_bytes:
        return
    if stored_file_is_intact(stored_file) or not StoredFile.objects.filter(pk=stored_file.pk).exists():
        return  # or somebody removed it this moment
    if _lies(stored_file):
        yield f"File {stored_file.sha256} was changed: its bytes do not give its digest."
    else:
        yield f"File {stored_file.sha256} is missing."


def _given_up(stored_file: StoredFile) -> str:
    """Say of a file that was removed, with a reason, that its bytes need not be there."""
    said = f"File {stored_file.sha256} was removed with a reason, so its content is not kept"
    return f"{said}. It is still on the disk: the worker removes it within a day." if _lies(stored_file) else f"{said}."


def _lies(stored_file: StoredFile) -> bool:
    return stored_path(stored_file).exists()


def _is_referred_to(stored_file: StoredFile) -> bool:
    """Say whether anything refers to the file. When nothing does any more, the file is removed at once."""
    uses = [relation for relation in StoredFile._meta.related_objects if relation.get_accessor_name()]
    return any(getattr(stored_file, str(use.get_accessor_name())).exists() for use in uses)


# --- Reading ----------------------------------------------------------------------------------------


def _picked(value: object, *keys: str) -> list[Any]:
    return [value.get(key) for key in keys] if isinstance(value, dict) else []


def _unit_of(signature: Signature) -> CandidateUnit:
    return signature.unit_version.candidate_unit
