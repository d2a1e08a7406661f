"""Adds a piece of evidence, corrects it by a new version, or removes it."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Self
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from centres.models import User
from portfolio.files.file_types import may_show_people
from portfolio.files.limits import refuse_without_consent
from portfolio.files.services import file_release
from portfolio.files.tasks import previews_ask
from portfolio.models import (
    AchievedBefore,
    Claim,
    Evidence,
    EvidenceFile,
    EvidenceVersion,
    Participation,
    Registration,
    RemovedFile,
    StagedFile,
    StoredFile,
    Witness,
)
from portfolio.models.evidence import what_is_held
from portfolio.models.evidence_number import evidence_number
from portfolio.permissions import authors_for, may_change_evidence
from portfolio.rules import dates_refused
from portfolio.services.participations import authors_take_part
from portfolio.services.units import units_lock
from record.errors import ChangedMeanwhile
from record.services.events import event_add
from standards.naming import unit_names
from standards.published import published_content

AFile = EvidenceFile | StagedFile


@dataclass(frozen=True, kw_only=True)
class EvidenceDetails:
    """What a person says of a piece of evidence."""

    title: str
    kind: str
    setting: str
    happened_from: datetime.date
    happened_to: datetime.date | None = None
    location: str = ""
    relevance: str = ""
    people: str = ""  # kept only where pictures, sound or film are there

    @classmethod
    def of(cls, version: EvidenceVersion) -> Self:
        """Return what a version says."""
        return cls(**{said.name: getattr(version, said.name) for said in fields(cls)})


@transaction.atomic
def evidence_add(
    *,
    registration: Registration,
    actor: User,
    form_key: uuid.UUID,
    details: EvidenceDetails,
    staged: Sequence[StagedFile],
    author: User | None = None,
    witness: Witness | None = None,
) -> Evidence:
    """Add a piece to the portfolio under the next number and return it.

    `author` is whose it is, if not the actor's own: the candidate, who handed it over to the actor. `witness` is whose
    words it holds.
    `form_key` identifies the form it came from: if that is sent twice, the piece that the first sending made is
    returned. Raises PermissionDenied, and ValidationError for what the piece cannot be.
    """
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    units_lock(registration)
    author = author or actor
    if author not in authors_for(actor, registration):
        raise PermissionDenied
    _require_own(staged, actor, registration)
    sent_before = Evidence.objects.filter(registration=registration, form_key=form_key).first()
    if sent_before:
        _consume(staged)
        return sent_before
    arrived = _locked(staged)
    refuse_without_consent(registration, arrived)
    evidence = piece_make(
        registration=registration,
        actor=actor,
        author=author,
        form_key=form_key,
        details=details,
        held=arrived,
        witness=witness,
    )
    _consume(arrived)
    return evidence


def piece_make(
    *,
    registration: Registration,
    actor: User | None,
    author: User,
    form_key: uuid.UUID,
    details: EvidenceDetails,
    held: Sequence[AFile],
    taken_from: EvidenceVersion | None = None,
    witness: Witness | None = None,
) -> Evidence:
    """Make a piece that holds these files, and write its event. A `witness` acts without an account (`actor` None).

    For services that hold the lock of the portfolio and have asked `authors_for`. Raises ValidationError.
    """
    last = registration.evidence.aggregate(last=Max("number"))["last"] or 0
    evidence = Evidence.objects.create(
        registration=registration,
        number=last + 1,
        author=author,
        put_in_by=None if author == actor else actor,
        taken_from=taken_from,
        witness=witness,
        added_at=timezone.now(),
        form_key=form_key,
    )
    details = _of_people(details, held)
    version = _version(evidence=evidence, number=1, actor=actor, details=details, at=evidence.added_at)
    files = _save(version, held)
    previews_ask(files)
    event_add(
        chain=registration.chain,
        kind="evidence.added",
        actor=actor.uuid if actor else None,
        at=version.made_at,
        row=version,
        also=[evidence, *files],
    )
    return evidence


@transaction.atomic
def evidence_correct(
    *,
    evidence: Evidence,
    actor: User,
    seen: int,
    details: EvidenceDetails,
    keep: Sequence[EvidenceFile],
    staged: Sequence[StagedFile],
) -> EvidenceVersion:
    """Make a new version of the piece with these details, the files kept from the version `seen`, and new ones.

    The old version stays, for units that were submitted or signed with it. If nothing differs (also because the
    button was pressed twice), the latest version is returned, and judgements stay. The author of a claimed piece takes
    part in the units in which it is claimed. Raises PermissionDenied, ChangedMeanwhile if `seen` is no longer the
    latest version, and ValidationError.
    """
    registration = evidence.registration
    units = units_lock(registration)  # before the piece, as for claiming and judging it
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if not may_change_evidence(actor, evidence):
        raise PermissionDenied
    if evidence.removed_at:
        raise ValidationError("This evidence was removed, so it cannot be corrected.")
    _require_own(staged, actor, registration)
    arrived = _locked(staged)
    refuse_without_consent(registration, arrived)
    held: list[AFile] = [*keep, *arrived]
    latest = evidence.versions.latest("number")
    details = _of_people(details, held)
    version = _version(evidence=evidence, number=latest.number + 1, actor=actor, details=details, at=timezone.now())
    is_mine = latest.number == seen or (latest.number == seen + 1 and latest.is_from(actor))
    if is_mine and _says_the_same(latest, version, held):
        _consume(arrived)
        return latest
    if latest.number != seen:
        raise ChangedMeanwhile("This evidence was")
    if any(file.version_id != latest.pk for file in keep):
        raise ValidationError("One of the files to keep does not belong to this evidence.")
    _require_not_removed(evidence, held)
    files = _save(version, held)
    claimed_in = set(evidence.claims.filter(withdrawn_at__isnull=True).values_list("candidate_unit", flat=True))
    begun: list[Participation] = []
    for unit in units:
        if unit.pk in claimed_in:
            begun += authors_take_part(unit=unit, pieces=[evidence.pk])
    _consume(arrived)
    previews_ask(files)
    event_add(
        chain=registration.chain,
        kind="evidence.corrected",
        actor=actor.uuid,
        at=version.made_at,
        row=version,
        also=[evidence, *files, *begun],
    )
    return version


def _name_of(claim: Claim) -> str:
    names = unit_names(published_content(claim.candidate_unit.revision).unit)
    return str(names[claim.criterion.kind, claim.criterion.position])


@transaction.atomic
def evidence_remove(*, evidence: Evidence, actor: User) -> None:
    """Remove a piece that claims nothing. Its number is never given again; removing it twice does nothing.

    The files of a piece that was never claimed are removed with it. A piece that was once claimed may have been
    judged, so its files stay with the record, and so do those that showed what was achieved before. Raises
    PermissionDenied, and ValidationError while a claim stands or it shows such a unit.
    """
    registration = evidence.registration
    units_lock(registration)  # before the piece, as whoever claims or judges it does
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
    if not may_change_evidence(actor, evidence):
        raise PermissionDenied
    if evidence.removed_at:
        return
    claims = evidence.claims.select_related("criterion", "candidate_unit__revision")
    standing = [claim for claim in claims if claim.withdrawn_at is None]
    if standing:
        codes = ", ".join(sorted(_name_of(claim) for claim in standing))
        raise ValidationError(
            f"Evidence {evidence_number(evidence.number)} is claimed for {codes}. Take those claims back first."
        )
    shows = AchievedBefore.objects.filter(evidence=evidence)
    if shows.kept().exists():
        raise ValidationError(
            f"Evidence {evidence_number(evidence.number)} shows that a unit was achieved before. "
            "Have that taken back first."
        )
    evidence.removed_at = timezone.now()
    evidence.save(update_fields=["removed_at"])
    gone: list[EvidenceFile] = []
    if not claims and not shows.exists():
        files = EvidenceFile.objects.filter(version__evidence=evidence)
        gone = list(files.select_related(*EvidenceFile.told_with))
        stored_files = list(StoredFile.objects.filter(uses__in=files).distinct())
        files.delete()
        for stored_file in stored_files:
            file_release(stored_file=stored_file)
    event_add(
        chain=registration.chain,
        kind="evidence.removed",
        actor=actor.uuid,
        at=evidence.removed_at,
        row=evidence,
        gone=gone,
    )


def _require_not_removed(evidence: Evidence, held: Sequence[AFile]) -> None:
    """Refuse the bytes that a coordinator removed from the piece, kept or sent again under any name."""
    bytes_held = {file.stored_file_id: file.name for file in held}
    removed = RemovedFile.objects.filter(evidence=evidence, stored_file__in=bytes_held).first()
    if removed:
        raise ValidationError(
            f"“{bytes_held[removed.stored_file_id]}” was removed from this evidence by {removed.removed_by}, so it "
            "cannot be put in again. Leave it out."
        )


def _require_own(staged: Sequence[StagedFile], actor: User, registration: Registration) -> None:
    if any(file.user_id != actor.pk or file.registration_id != registration.pk for file in staged):
        raise PermissionDenied


def _locked(staged: Sequence[StagedFile]) -> list[StagedFile]:
    """Return the files that arrived, locked: nobody else takes or removes them until the transaction ends."""
    rows = StagedFile.objects.select_for_update(of=("self",)).select_related("stored_file__centre").order_by("pk")
    there = {file.pk: file for file in rows.filter(pk__in=[file.pk for file in staged])}
    if any(file.pk not in there for file in staged):
        raise ValidationError("A file that was kept for you is no longer there. Choose it again, please.")
    return [there[file.pk] for file in staged]


def _consume(staged: Sequence[StagedFile]) -> None:
    StagedFile.objects.filter(pk__in=[file.pk for file in staged]).delete()


def _version(
    *, evidence: Evidence, number: int, actor: User | None, details: EvidenceDetails, at: datetime.datetime
) -> EvidenceVersion:
    """Return the version, checked but unsaved."""
    today = timezone.localdate(timezone=ZoneInfo(evidence.registration.centre.time_zone))
    if refused := dates_refused(details.happened_from, details.happened_to, today=today):
        raise ValidationError(refused)
    author = evidence.author
    version = EvidenceVersion(
        evidence=evidence,
        number=number,
        author=author,
        put_in_by=None if author == actor else actor,
        made_at=at,
        **asdict(details),
    )
    version.full_clean()
    return version


def _of_people(details: EvidenceDetails, held: Sequence[AFile]) -> EvidenceDetails:
    """The details, without a word on the people in pictures where there are none."""
    return details if any(may_show_people(file.content_type) for file in held) else replace(details, people="")


def _says_the_same(latest: EvidenceVersion, version: EvidenceVersion, held: Sequence[AFile]) -> bool:
    said = [field.name for field in fields(EvidenceDetails)]
    if any(getattr(latest, name) != getattr(version, name) for name in said):
        return False
    return [what_is_held(file) for file in latest.files.all()] == [what_is_held(file) for file in held]


def _save(version: EvidenceVersion, held: Sequence[AFile]) -> list[EvidenceFile]:
    """Save the version, and return the files that it holds now."""
    if not held and not version.location:
        raise ValidationError("Add a file, write it here, or say where the evidence is kept.")
    version.save()
    return EvidenceFile.objects.bulk_create(
        EvidenceFile(
            version=version,
            stored_file=file.stored_file,
            name=file.name,
            content_type=file.content_type,
            position=position,
        )
        for position, file in enumerate(held, start=1)
    )
