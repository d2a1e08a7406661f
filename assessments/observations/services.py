"""Keeps what an assessor has typed, and signs it: from then on it is evidence, claimed and judged."""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.cells.changes import CellChange, cells_change
from assessments.models import Acknowledgement, AssessorRecord, DrawnName, Outcome, RecordDraft, RecordPart
from assessments.observations.from_device import NameFromDevice, is_drawing
from assessments.observations.session import Recorded, Session, description, met_lines, written_text
from assessments.permissions import may_judge
from centres.models import Centre, User
from portfolio.evidence.services import EvidenceDetails, evidence_add
from portfolio.files.services import text_stage
from portfolio.models import CandidateUnit, Evidence, Registration, StagedFile
from portfolio.open_registrations import registration_lock, require_open
from record.errors import InvalidTransition
from record.services.events import event_add
from standards.published import published_content

SAID_OF_THE_SESSION = (
    "kind", "place", "began_at", "ended_at", "present", "medium", "identity_checked", "all_agreed",
    "written_at", "arrived_at",
)  # fmt: skip
WRONG_PASSWORD = "That is not your password. Nothing was signed; what you typed is kept."  # noqa: S105 - a sentence


def draft_save(
    *, author: User, centre: Centre, form_key: UUID, kind: str, about: str, fields: Mapping[str, list[str]]
) -> RecordDraft:
    """Keep what the form of this key says, for its author alone. No passwords among `fields`, please."""
    draft, _ = RecordDraft.objects.update_or_create(
        author=author,
        form_key=form_key,
        defaults={
            "centre": centre,
            "kind": kind,
            "about": about[:200],
            "fields": dict(fields),
            "saved_at": timezone.now(),
        },
    )
    return draft


@transaction.atomic
def draft_arrive(
    *,
    author: User,
    centre: Centre,
    form_key: UUID,
    kind: str,
    about: str,
    fields: Mapping[str, list[str]],
    written_at: datetime.datetime | None,
    drawn_names: Mapping[str, Any],
) -> UUID:
    """Keep as a draft what a device sends, once however often it is sent; return the key of the form that has it.

    A device may send it again with more in it. What was typed on a page of the site meanwhile, or signed, stays as it
    is: then what the device sends is another draft, under a key that follows from what it says.
    """
    kept = {"fields": dict(fields), "drawn_names": dict(drawn_names)}
    beside = uuid5(form_key, json.dumps(kept, sort_keys=True))
    drafts = RecordDraft.objects.select_for_update().filter(author=author, form_key__in=(form_key, beside))
    by_key = {draft.form_key: draft for draft in drafts}
    before = by_key.get(form_key)
    if before and (before.fields, before.drawn_names) == (kept["fields"], kept["drawn_names"]):
        return form_key
    signed = set(
        AssessorRecord.objects.filter(author=author, form_key__in=(form_key, beside)).values_list("form_key", flat=True)
    )
    if beside in by_key or beside in signed:
        return beside
    is_taken = form_key in signed or (before is not None and before.saved_at != before.arrived_at)
    key, now = beside if is_taken else form_key, timezone.now()
    RecordDraft.objects.update_or_create(
        author=author,
        form_key=key,
        defaults={
            "centre": centre,
            "kind": kind,
            "about": about[:200],
            "saved_at": now,
            "written_at": written_at,
            "arrived_at": now,
            **kept,
        },
    )
    return key


def draft_discard(*, author: User, form_key: UUID) -> bool:
    """Throw away what was kept for this form; return whether there was anything."""
    return bool(RecordDraft.objects.filter(author=author, form_key=form_key).delete()[0])


@transaction.atomic
def record_sign(
    *,
    centre: Centre,
    actor: User,
    password: str,
    form_key: UUID,
    session: Session,
    said: Sequence[Recorded],
    drawn: Mapping[Registration, NameFromDevice] | None = None,
) -> AssessorRecord:
    """Sign a record with the actor's own password: it becomes evidence of each candidate, claimed and judged met.

    All of it or nothing, with the names that candidates have `drawn` under it on the device. The centre's chain tells
    of the session, each portfolio's of its part. If the form of this key was signed before, that record is returned.
    Raises PermissionDenied for who does not assess each of the units
    now, InvalidTransition for a unit in which nothing is judged any more, and ValidationError for a wrong password,
    for what a unit does not take, and for what no record can be.
    """
    _lock(said)
    before = AssessorRecord.objects.filter(author=actor, form_key=form_key).first()
    if before:
        return before
    if not actor.check_password(password):
        raise ValidationError({"password": WRONG_PASSWORD})
    for unit in (unit for part in said for unit in part.met):
        if unit.registration.centre_id != centre.pk or not may_judge(actor, unit):
            raise PermissionDenied
    if not said:
        raise ValidationError("Choose at least one unit of one candidate first.")
    _require_current(said)
    # The bytes first: from the first event on, others wait for the chains.
    texts = [_text(actor, session, part) for part in said]
    record = _record(centre, actor, form_key, session)
    for part, staged in zip(said, texts, strict=True):
        signed = _part_sign(record, actor, session, part, staged)
        if drawn and part.registration in drawn:
            name_draw(part=signed, actor=actor, drawn=drawn[part.registration])
    draft_discard(author=actor, form_key=form_key)
    return record


@transaction.atomic
def acknowledge(
    *, part: RecordPart, actor: User, agrees: bool, words: str = "", password: str | None = None
) -> Acknowledgement:
    """The candidate says that they have seen what was recorded of them; done twice, the first counts.

    With their `password` it is done on the spot, on the assessor's device. Raises PermissionDenied for anybody else,
    and ValidationError for a wrong password and for a disagreement without words.
    """
    registration = part.registration
    registration_lock(registration)
    Evidence.objects.select_for_update(of=("self",)).get(pk=part.evidence_id)
    if registration.candidate_id != actor.pk or not Registration.objects.visible_to(actor).filter(pk=registration.pk):
        raise PermissionDenied
    if password is not None and not actor.check_password(password):
        raise ValidationError({"password": "That is not your password. Nothing was saved."})
    before = Acknowledgement.objects.filter(part=part).first()
    if before:
        return before
    require_open(registration)
    acknowledged = Acknowledgement(
        part=part, agrees=agrees, words=words, on_the_spot=password is not None, made_at=timezone.now()
    )
    acknowledged.full_clean()
    acknowledged.save()
    event_add(
        chain=registration.chain,
        kind="observation.acknowledged",
        actor=actor.uuid,
        at=acknowledged.made_at,
        row=acknowledged,
    )
    return acknowledged


@transaction.atomic
def name_draw(*, part: RecordPart, actor: User, drawn: NameFromDevice) -> DrawnName:
    """Put under a record a name that was drawn or typed on its author's device; done twice, the first counts.

    Raises PermissionDenied for anybody but the author of the record, and ValidationError for what is no name.
    """
    registration_lock(part.registration)
    Evidence.objects.select_for_update(of=("self",)).get(pk=part.evidence_id)
    if part.record.author_id != actor.pk:
        raise PermissionDenied
    before = DrawnName.objects.filter(part=part).first()
    if before:
        return before
    require_open(part.registration)
    if drawn.lines and not is_drawing(drawn.lines):
        raise ValidationError("What was drawn is too long, or was not drawn here. Draw it again.")
    name = DrawnName(
        part=part,
        lines=drawn.lines,
        typed=drawn.typed,
        by_device_clock=drawn.by_device_clock,
        before_changes=drawn.before_changes,
        made_at=timezone.now(),
    )
    name.full_clean()
    name.save()
    event_add(chain=part.registration.chain, kind="observation.name_drawn", actor=actor.uuid, at=name.made_at, row=name)
    return name


def _lock(said: Sequence[Recorded]) -> None:
    """Lock all portfolios, then all their units, each by primary key, before any of them is changed."""
    portfolios = [part.registration.pk for part in said]
    list(Registration.objects.select_for_update(of=("self",)).filter(pk__in=portfolios).order_by("pk"))
    units = CandidateUnit.objects.select_for_update(no_key=True, of=("self",))
    list(units.filter(registration__in=portfolios).order_by("pk"))
    require_open(*(part.registration for part in said))


def _require_current(said: Sequence[Recorded]) -> None:
    for part in said:
        if part.is_current is False and any(part.met.values()):
            raise ValidationError(
                f"What {part.registration.candidate} achieved is not current by your decision, so it meets no "
                "criterion now. Untick what you ticked, or change your decision."
            )


def _record(centre: Centre, actor: User, form_key: UUID, session: Session) -> AssessorRecord:
    now = timezone.now()
    if session.ended_at and session.ended_at > now:
        raise ValidationError("This ends in the future. Sign it when it is over.")
    said: dict[str, Any] = {name: getattr(session, name) for name in SAID_OF_THE_SESSION}
    record = AssessorRecord(centre=centre, author=actor, form_key=form_key, signed_at=now, **said)
    record.full_clean()
    record.save()
    event_add(chain=centre.chain, kind="observation.signed", actor=actor.uuid, at=now, row=record)
    return record


def _text(actor: User, session: Session, said: Recorded) -> StagedFile:
    text = written_text(session, said, met_lines(said))
    return text_stage(registration=said.registration, user=actor, text=text)


def _part_sign(record: AssessorRecord, actor: User, session: Session, said: Recorded, staged: StagedFile) -> RecordPart:
    """Make the evidence of one candidate, claim from it what is ticked and judge it met, and tell of it."""
    registration = said.registration
    evidence = evidence_add(
        registration=registration,
        actor=actor,
        form_key=record.form_key,
        details=EvidenceDetails(
            title=description(session, said),
            kind=session.kind,
            setting=said.setting,
            happened_from=said.achieved_on or _day(session),
        ),
        staged=[staged],
    )
    part = RecordPart(record=record, registration=registration, evidence=evidence, is_current=said.is_current)
    part.full_clean()
    part.save()
    for unit, met in said.met.items():
        _judge_met(unit, actor, evidence, met)
    event_add(
        chain=registration.chain,
        kind="observation.signed",
        actor=actor.uuid,
        at=record.signed_at,
        row=part,
    )
    return part


def _day(session: Session) -> datetime.date:
    if session.began_at is None:
        raise ValidationError("Say on which day.")
    return session.began_at.date()


def _judge_met(unit: CandidateUnit, actor: User, evidence: Evidence, met: Mapping[Any, str]) -> None:
    """Claim and judge through the one way to do so. Raises ValidationError if any of it is refused."""
    if not met:
        return
    code = published_content(unit.revision).unit.code
    claims = [CellChange(evidence=evidence.uuid, criterion=item, to="claimed", where=met[item]) for item in met]
    try:
        claimed = cells_change(unit=unit, actor=actor, changes=claims)
        refused = [one.refused for one in claimed if one.refused]
        if not refused:
            judged = cells_change(
                unit=unit,
                actor=actor,
                changes=[
                    CellChange(
                        evidence=evidence.uuid, criterion=one.change.criterion, to=Outcome.MET.value, seen=one.stamp
                    )
                    for one in claimed
                ],
            )
            refused = [one.refused for one in judged if one.refused]
    except InvalidTransition as refusal:
        raise InvalidTransition(
            f"{code} of {unit.registration.candidate}: {' '.join(refusal.messages)} Untick what you ticked there to "
            "keep the rest."
        ) from refusal
    if refused:
        raise ValidationError([f"{code}: {sentence}" for sentence in refused])
