"""Writes a unit as the canonical document that is signed, frozen and printed (docs/contributors/documents.md)."""

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from assessments.models import Signature, Stage
from assessments.openings.looked_at import looked_at
from assessments.recording_form.adjusted import adjustments_part
from assessments.recording_form.sampled import sampled_part
from assessments.recording_form.words import SATISFACTION, day
from assessments.standing.action_record import ActionRecord
from assessments.standing.unit_record import ClaimRecord, EvidenceRecord, UnitRecord
from centres.models import User
from portfolio.models import Capacity, Evidence, Registration
from record.canonical import utc
from standards.content import UnitContent
from standards.in_words import part_names
from standards.selectors import framework_now

FORMAT = 5

# What each signature declares.
DECLARATIONS = {
    Stage.SUBMISSION: (
        "I declare that the evidence listed here is my own work and true, and that I ask for this unit to be assessed."
    ),
    Stage.SIGN_OFF: (
        "I have looked at the evidence listed here and judged it valid, authentic, current, sufficient and "
        "reliable. The candidate has met this unit."
    ),
    Stage.SIGN_OFF_CONFIRMED: (
        "I hold the award of an assessor. I have looked at the assessment of this unit and confirm the sign-off of the "
        "assessor, who works towards theirs."
    ),
    Stage.COUNTERSIGNATURE: f"I have verified the assessment of this unit. {SATISFACTION}",
    Stage.COUNTERSIGNATURE_CONFIRMED: (
        "I hold the award of an internal verifier. I have looked at the verification of this unit and confirm the "
        "countersignature of the internal verifier, who works towards theirs."
    ),
}


RELEASE = (
    "I have not sampled this unit: the sampling plan of {day} left it out. I release it on the assessment as it was "
    "signed off."
)


def declaration_of(stage: Stage, released_by_plan_of: datetime.date | None = None) -> str:
    """Return what a signature declares; with the day of a plan, the countersignature of what that plan left out."""
    if released_by_plan_of is not None:
        return RELEASE.format(day=day(released_by_plan_of.isoformat()))
    return DECLARATIONS[stage]


@dataclass(frozen=True, kw_only=True)
class Signing:
    """The act of signing that a document is frozen for."""

    stage: Stage
    signer: User
    capacity: Capacity
    comment: str
    at: datetime.datetime
    needs_confirmation: bool = False
    released_by_plan_of: datetime.date | None = None


def unit_document(
    record: UnitRecord, signing: Signing | None = None, *, heads: dict[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return the document of a unit as it stands: to be signed, or (without `signing`) for a draft.

    A document to be signed needs `heads`: those of the locked chains before the event of the signature
    (`record.services.chains.heads_for_document`).
    """
    unit = record.unit
    registration, content = unit.registration, record.content.unit
    framework = framework_now(content.framework.code)
    centre, candidate = registration.centre, registration.candidate
    return {
        "format": FORMAT,
        "stage": str(signing.stage) if signing else None,
        "centre": {
            "id": str(centre.uuid),
            "name": centre.name,
            "number": centre.number,
            "time_zone": centre.time_zone,
        },
        "candidate": {
            "id": str(candidate.uuid),
            "name": candidate.name,
            "number": registration.number,
        },
        **({"registration": printed} if (printed := _registration(record)) else {}),
        "unit": {
            "id": str(unit.uuid),
            "version": record.version.number,
            "framework": framework.code,
            "framework_title": framework.title,
            "publisher": framework.publisher,
            "code": content.code,
            "reference": content.reference or None,
            "title": content.title,
            "level": content.level,
            "credit": content.credit,
            "glh": content.glh,
            "revision": {"id": str(record.content.uuid), "number": record.content.number},
        },
        **standard_part(content),
        "evidence": [_evidence(piece, registration, signing.at if signing else None) for piece in record.evidence],
        "claims": [_claim(claim) for claim in record.claims],
        "looked_at": _looked_at(record),
        "sampled": sampled_part(record),
        "statements": _statements(record),
        "adjustments": adjustments_part(registration),
        **({"not_shown": _not_shown(record)} if record.not_shown else {}),
        "actions": [_action(asked) for asked in record.actions_signed],
        "notes": [
            {
                "by": _signer(given),
                "text": given.comment,
                "at": utc(given.signed_at),
            }
            for given in record.signatures
            if given.comment
        ],
        "signatures": [
            {
                "id": str(given.uuid),
                "stage": given.stage,
                "signer": _signer(given),
                "declaration": given.declaration,
                "at": utc(given.signed_at),
                "digest": given.document.digest,
                "needs_confirmation": given.needs_confirmation,
                **_release(given),
            }
            for given in record.signatures
        ],
        "signing": _signing(signing) if signing else None,
        "record": heads,
    }


def blank_document(content: UnitContent) -> dict[str, Any]:
    """Return a document without a candidate, to print the empty form. `content` must hold the framework's name."""
    return {
        "format": FORMAT,
        "stage": None,
        "centre": None,
        "candidate": None,
        "unit": {
            "version": 1,
            "framework_title": content.framework.title,
            "publisher": content.framework.publisher,
            "code": content.code,
            "reference": content.reference or None,
            "title": content.title,
            "level": content.level,
            "credit": content.credit,
        },
        **standard_part(content),
        "held_elsewhere": list(content.rules.held_elsewhere),
        "evidence": [],
        "claims": [],
        "statements": [{"text": words, "by": None, "at": None} for words in content.rules.statements],
        "notes": [],
        "signatures": [],
        "signing": None,
        "record": None,
    }


def standard_part(content: UnitContent) -> dict[str, Any]:
    """Return the wording that is judged, and what the framework calls the parts."""
    return {
        "parts": asdict(part_names(content.framework.code)),
        "elements": [
            {"number": element.number, "title": element.title, "kind": element.kind} for element in content.elements
        ],
        "criteria": [
            {
                "kind": criterion.kind,
                "position": criterion.position,
                "code": criterion.code or None,
                "text": criterion.text,
                "element": criterion.element,
                "parent": criterion.parent,
                "tickable": criterion.is_tickable,
                "range_elements": list(criterion.range_elements),
                "minimum": criterion.minimum,
                "same_as": criterion.same_as,
                "group": criterion.group or None,
                "section": criterion.section or None,
            }
            for criterion in content.criteria
        ],
    }


def _registration(record: UnitRecord) -> dict[str, str]:
    """What an awarding body asks of the registration; only where it was said, as documents before did not know it."""
    return record.particulars.printed() if record.particulars else {}


def _person(user: User, capacity: str) -> dict[str, str]:
    return {"id": str(user.uuid), "name": user.name, "capacity": str(capacity)}


def _signer(given: Signature) -> dict[str, str]:
    return _person(given.signer.user, given.signer.capacity)


def _evidence(piece: EvidenceRecord, registration: Registration, at: datetime.datetime | None) -> dict[str, Any]:
    """A piece as it is at this moment (None: now). What is said of its people, and removals, only where there are."""
    version = piece.version
    return {
        "id": str(version.evidence.uuid),
        "number": piece.number,
        "version": version.number,
        "version_id": str(version.uuid),
        "title": version.title,
        "kind": version.kind,
        "setting": version.setting,
        "from": version.happened_from.isoformat(),
        "to": version.happened_to.isoformat() if version.happened_to else None,
        "location": version.location,
        "relevance": version.relevance,
        **({"people": version.people} if version.people else {}),
        "author": _author(version.evidence, registration),
        "files": [
            {
                "name": file.name,
                "sha256": file.stored_file.sha256,
                "size": file.stored_file.size,
                "type": file.content_type,
                **({"removed": utc(file.removed_at)} if file.removed_at and not (at and at < file.removed_at) else {}),
            }
            for file in piece.files
        ],
    }


def _author(evidence: Evidence, registration: Registration) -> dict[str, str]:
    """Whose words or work a piece is: a witness has no account, and so an identifier of their own."""
    if evidence.witness:
        return {"id": str(evidence.witness.uuid), "name": evidence.witness.name, "capacity": "witness"}
    return _person(evidence.author, registration.writes_as(evidence.author_id))


def _looked_at(record: UnitRecord) -> list[dict[str, Any]]:
    looks = looked_at([piece.version.pk for piece in record.evidence])
    return [
        {
            "evidence": piece.number,
            "version_id": str(piece.version.uuid),
            "by": {"id": str(look.person.uuid), "name": look.person.name},
            "files": list(look.files),
            "at_workplace": look.at_workplace,
            "last": utc(look.last),
        }
        for piece in record.evidence
        for look in looks.get(piece.version.pk, ())
    ]


def _claim(record: ClaimRecord) -> dict[str, Any]:
    claim, judgement = record.claim, record.judgement
    return {
        "id": str(claim.uuid),
        "evidence": claim.evidence.number,
        "criterion": {"kind": record.criterion.kind, "position": record.criterion.position},
        "where": claim.where,
        "status": str(record.status),
        "author": _person(claim.author.user, claim.author.capacity),
        "judgement": {
            "id": str(judgement.uuid),
            "outcome": judgement.outcome,
            "reason": judgement.reason,
            "by": {"id": str(judgement.author.user.uuid), "name": judgement.author.user.name},
            "at": utc(judgement.made_at),
        }
        if judgement
        else None,
    }


def _action(record: ActionRecord) -> dict[str, Any]:
    """What was asked, and all that was said of it before this signature, which may accept the answer."""
    action = record.action
    return {
        "id": str(action.uuid),
        "asked_by": _person(action.asker, action.asked_as),
        "owner": _person(action.owner, action.owned_as),
        "text": action.text,
        "binding": action.binding,
        "due": action.due.isoformat() if action.due else None,
        "evidence": action.evidence.number if action.evidence else None,
        "criteria": [{"kind": kind, "position": position} for kind, position in action.criteria],
        "for_candidate": action.for_candidate,
        "state": str(record.state),
        "steps": [
            {
                "kind": step.kind,
                "by": _person(step.person, step.acted_as),
                "to": {"id": str(step.to.uuid), "name": step.to.name} if step.to else None,
                "words": step.words,
                "at": utc(step.made_at),
            }
            for step in record.steps
        ],
    }


def _statements(record: UnitRecord) -> list[dict[str, Any]]:
    given = {statement.words: statement for statement in record.statements}
    listed = []
    for words in record.content.unit.rules.statements:
        statement = given.get(words)
        by = statement.author.user if statement else None
        listed.append(
            {
                "text": words,
                "by": {"id": str(by.uuid), "name": by.name} if by else None,
                "at": utc(statement.made_at) if statement else None,
            }
        )
    return listed


def _not_shown(record: UnitRecord) -> list[dict[str, Any]]:
    """The range items that the workplace cannot show, each with the verifier's agreement, if it is there."""
    items = record.content.criterion_by_pk
    listed = []
    for said in record.not_shown:
        item, answer = items[said.criterion_id], said.answered
        listed.append(
            {
                "id": str(said.uuid),
                "criterion": {"kind": item.kind, "position": item.position},
                "reason": said.reason,
                "by": _person(said.author.user, said.author.capacity),
                "at": utc(said.made_at),
                "agreed": {
                    "id": str(answer.uuid),
                    "by": _person(answer.author.user, answer.author.capacity),
                    "reference": answer.reference,
                    "at": utc(answer.made_at),
                }
                if answer
                else None,
            }
        )
    return listed


def _signing(signing: Signing) -> dict[str, Any]:
    return {
        "stage": str(signing.stage),
        "signer": _person(signing.signer, signing.capacity),
        "declaration": declaration_of(signing.stage, signing.released_by_plan_of),
        "comment": signing.comment,
        "at": utc(signing.at),
        "needs_confirmation": signing.needs_confirmation,
        **_release(signing),
    }


def _release(given: Signature | Signing) -> dict[str, str]:
    """The day of the plan that left the unit out; only where it did, as documents before did not know of it."""
    released = given.released_by_plan_of
    return {"released_by_plan_of": released.isoformat()} if released else {}
