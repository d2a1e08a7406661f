"""Signs what verifiers record, and takes what is said of it afterwards: the assessor's answer, and the minutes."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.actions.services import ActionWanted, action_ask
from assessments.models import Action, AssessorRecord, Binding
from centres.models import Centre, Role, User
from centres.permissions import roles_in
from portfolio.files.file_types import detect
from portfolio.files.services import file_store
from portfolio.files.uploads import IncomingFile, refusal
from portfolio.interests.rules import require_may_verify
from portfolio.models import CandidateUnit, Evidence, Registration
from portfolio.models.evidence_number import evidence_number
from record.services.events import event_add
from verification.models import (
    AgreedAction,
    MeetingAttendance,
    MeetingMinutes,
    MonitoringAcknowledgement,
    MonitoringKind,
    MonitoringMethod,
    MonitoringPoint,
    MonitoringRecord,
)
from verification.monitoring.permissions import may_acknowledge, may_add_minutes, may_record
from verification.monitoring.selectors import (
    STAFF,
    assessors_to_observe,
    candidates_to_interview,
    records_to_name,
    staff_of,
    units_to_name,
)

WRONG_PASSWORD = "That is not your password. Nothing was signed; what you typed is kept."  # noqa: S105 - a sentence
FUTURE = "This day has not come yet. Sign it when it is over."
SIGNED_BEFORE = (
    "This form was signed already, and it says something else now. What was signed stays as it is: copy what is new "
    "into a new form."
)
ALONE = "One person alone is no meeting. Tick who else was there, or name who came from elsewhere."


@dataclass(frozen=True, kw_only=True)
class RecordedPoint:
    """A line: a question and its answer; what was looked at, with any exception; what was compared, and decided."""

    asked: str
    said: str = ""
    evidence: Evidence | None = None


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What was agreed that somebody does, by a day."""

    text: str
    owner: User
    due: datetime.date


@dataclass(frozen=True, kw_only=True)
class MonitoringSaid:
    """What a verifier records, as plain values; which of them there are, the kind says (`MonitoringRecord`)."""

    kind: MonitoringKind
    day: datetime.date
    method: MonitoringMethod
    place: str = ""
    registration: Registration | None = None
    assessor: User | None = None
    occasion: str = ""
    unit: CandidateUnit | None = None
    assessor_record: AssessorRecord | None = None
    present: Sequence[User] = ()
    others: str = ""
    points: Sequence[RecordedPoint] = ()
    words: str = ""
    actions: Sequence[Agreed] = ()


@transaction.atomic
def monitoring_sign(
    *, centre: Centre, actor: User, password: str, form_key: UUID, said: MonitoringSaid
) -> MonitoringRecord:
    """Sign a record with the actor's own password, and ask of people what was agreed. All of it or nothing.

    If the form of this key was signed before and says the same, that record is returned. Raises PermissionDenied unless
    the actor verifies at the centre, and ValidationError, by field where there is one, for a wrong password and for
    what cannot have been.
    """
    centre = Centre.objects.select_for_update(no_key=True, of=("self",)).select_related("chain").get(pk=centre.pk)
    if not may_record(actor, centre):
        raise PermissionDenied
    record = _record(said, centre, actor, form_key)
    if before := MonitoringRecord.objects.filter(verifier=actor, form_key=form_key).first():
        _require_same(before, record, said.points)
        return before
    if not actor.check_password(password):
        raise ValidationError({"password": WRONG_PASSWORD})
    if said.day > centre.today:
        raise ValidationError({"day": FUTURE})
    present = _present(said, actor)
    _require_possible(said, present, centre, actor)
    record.full_clean()
    actions = [_ask(one, said, present, centre, actor) for one in said.actions]
    record.signed_at = timezone.now()  # behind what was asked, as the chain tells it
    record.save()
    for number, one in enumerate(said.points, start=1):
        point = MonitoringPoint(record=record, number=number, asked=one.asked, said=one.said, evidence=one.evidence)
        point.full_clean()
        point.save()
    MeetingAttendance.objects.bulk_create(MeetingAttendance(record=record, person=person) for person in present)
    AgreedAction.objects.bulk_create(AgreedAction(record=record, action=action) for action in actions)
    event_add(chain=centre.chain, kind="monitoring.signed", actor=actor.uuid, at=record.signed_at, row=record)
    return record


@transaction.atomic
def monitoring_acknowledge(
    *, record: MonitoringRecord, actor: User, agrees: bool, words: str = ""
) -> MonitoringAcknowledgement:
    """The assessor says that they have read the observation of them; done twice, the first counts.

    Raises PermissionDenied for anybody else, ValidationError for a disagreement without words.
    """
    MonitoringRecord.objects.select_for_update(no_key=True).get(pk=record.pk)
    before = MonitoringAcknowledgement.objects.filter(record=record, record__assessor=actor).first()
    if before:
        return before
    seen = MonitoringRecord.objects.visible_to(actor).select_related("centre__chain").filter(pk=record.pk).first()
    if seen is None or not may_acknowledge(actor, seen):
        raise PermissionDenied
    said = MonitoringAcknowledgement(record=seen, agrees=agrees, words=words, made_at=timezone.now())
    said.full_clean()
    said.save()
    event_add(chain=seen.centre.chain, kind="monitoring.acknowledged", actor=actor.uuid, at=said.made_at, row=said)
    return said


@transaction.atomic
def minutes_add(*, record: MonitoringRecord, actor: User, incoming: IncomingFile) -> MeetingMinutes:
    """Keep the minutes of a meeting with it; the same file once. Returns them.

    They are no evidence, so the centre's policy on evidence does not bind them. Raises PermissionDenied unless the
    actor may; ValidationError, with a sentence, for a file that did not arrive, is empty or dangerous.
    """
    if not may_add_minutes(actor, record):
        raise PermissionDenied
    if (why := refusal(incoming)) is not None:
        raise ValidationError(why, code="not_received")
    file_type = detect(incoming.path, str(incoming.name))
    MonitoringRecord.objects.select_for_update(no_key=True).get(pk=record.pk)
    now, stored_file = timezone.now(), file_store(centre=record.centre, incoming=incoming)
    if sent_before := record.minutes.filter(stored_file=stored_file).first():
        return sent_before
    minutes = MeetingMinutes.objects.create(
        record=record,
        stored_file=stored_file,
        name=str(incoming.name),
        content_type=file_type.content_type,
        added_by=actor,
        added_at=now,
    )
    event_add(chain=record.centre.chain, kind="monitoring.minutes_added", actor=actor.uuid, at=now, row=minutes)
    return minutes


def _record(said: MonitoringSaid, centre: Centre, actor: User, form_key: UUID) -> MonitoringRecord:
    return MonitoringRecord(
        centre=centre,
        kind=said.kind,
        verifier=actor,
        day=said.day,
        method=said.method,
        place=said.place,
        registration=said.registration,
        assessor=said.assessor,
        occasion=said.occasion,
        candidate_unit=said.unit,
        assessor_record=said.assessor_record,
        others=said.others,
        words=said.words,
        signed_at=timezone.now(),
        form_key=form_key,
    )


def _require_same(before: MonitoringRecord, record: MonitoringRecord, points: Sequence[RecordedPoint]) -> None:
    """Refuse a form that was signed already, and was sent again with something else in it."""
    record.clean_fields()
    said = [field.attname for field in record._meta.concrete_fields if field.name not in {"id", "uuid", "signed_at"}]
    lines = list(before.points.order_by("number").values_list("asked", "said"))
    if lines != [(one.asked, one.said) for one in points] or any(
        getattr(before, name) != getattr(record, name) for name in said
    ):
        raise ValidationError(SIGNED_BEFORE)


def _present(said: MonitoringSaid, actor: User) -> list[User]:
    """Who of the centre was at the meeting: who signs it was there too."""
    return list(dict.fromkeys([actor, *said.present])) if said.kind == MonitoringKind.MEETING else []


def _require_possible(said: MonitoringSaid, present: Sequence[User], centre: Centre, actor: User) -> None:
    """Refuse, with a sentence, what cannot have been."""
    match said.kind:
        case MonitoringKind.INTERVIEW:
            _require_interviewed(said, centre, actor)
        case MonitoringKind.OBSERVATION:
            _require_observed(said, centre, actor)
        case MonitoringKind.MEETING:
            if len(present) < 2 and not said.others:
                raise ValidationError({"present": ALONE})
            staff = set(staff_of(centre))
            for person in present:
                if person not in staff:
                    raise ValidationError({"present": f"{person} does not work here now. Name them among the others."})
            if not said.points:
                raise ValidationError("Say at least of one piece of work what was compared and decided.")
            for point in said.points:
                if point.evidence:
                    _require_readable(point.evidence, present, centre)
        case _:
            assert_never(said.kind)


def _require_interviewed(said: MonitoringSaid, centre: Centre, actor: User) -> None:
    if not said.points:
        raise ValidationError("Write down at least one answer.")
    if said.registration:
        require_may_verify(said.registration, actor)
    if said.registration is None or not candidates_to_interview(actor, centre).contains(said.registration):
        sentence = "You verify no unit of this {candidate} now, so choose another."
        raise ValidationError({"registration": centre.words.say(sentence)})


def assessor_refused(assessor: User | None, verifier: User, centre: Centre) -> str:
    """Say why a verifier cannot have observed somebody; nothing if they can."""
    if assessor == verifier:
        return centre.words.say("You cannot observe yourself. Another {internal_verifier} does.")
    if assessor is None or not assessors_to_observe(verifier, centre).contains(assessor):
        return f"{assessor or 'This person'} does not assess here now, so nothing was signed."
    return ""


def _require_observed(said: MonitoringSaid, centre: Centre, actor: User) -> None:
    assessor = said.assessor
    if assessor is None or (refused := assessor_refused(assessor, actor, centre)):
        raise ValidationError(refused if assessor else "Say which assessor was observed.")
    if not said.points:
        raise ValidationError("Tick at least one thing that you looked at.")
    if said.unit and not units_to_name(actor, assessor, centre).contains(said.unit):
        raise ValidationError({"unit": f"{assessor} does not assess this unit now, or you may not read it."})
    if said.assessor_record and said.assessor_record not in records_to_name(actor, assessor, centre):
        raise ValidationError({"assessor_record": f"{assessor} recorded no such thing of a portfolio that you read."})


def _require_readable(evidence: Evidence, present: Sequence[User], centre: Centre) -> None:
    """Only what all of the centre's people at the meeting may read is named, and never somebody's own."""
    portfolio = evidence.registration
    for person in present:
        readable = Registration.objects.visible_to(person).filter(pk=portfolio.pk, centre=centre)
        if portfolio.candidate_id == person.pk or not readable.exists():
            number = evidence_number(evidence.number)
            raise ValidationError(
                f"Evidence {number} of {portfolio.candidate} is not open to {person} as one who works here, so it "
                "cannot be named. Leave its address out, and say in words what was compared."
            )


def _ask(one: Agreed, said: MonitoringSaid, present: Sequence[User], centre: Centre, actor: User) -> Action:
    """Ask somebody for what was agreed, as a matter of staff."""
    if said.kind == MonitoringKind.MEETING and one.owner not in present:
        raise ValidationError(f"{one.owner} was not there. Tick them among those who were, or ask somebody who was.")
    if said.kind == MonitoringKind.OBSERVATION and one.owner not in {said.assessor, actor}:
        raise ValidationError(f"{one.owner} was not there. Ask {said.assessor}, or take it on yourself.")
    held = roles_in(one.owner, centre)
    role = next((role for role in STAFF if role in held), Role.ASSESSOR)  # who holds none is refused with a sentence
    return action_ask(
        actor=actor,
        asked_as=Role.INTERNAL_VERIFIER,
        owner=one.owner,
        owned_as=role,
        wanted=ActionWanted(text=one.text, binding=Binding.DATE, due=one.due),
        centre=centre,
    )
