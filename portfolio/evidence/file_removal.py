"""Removes a file from a piece of evidence for good: what should never have been taken, a face, a name, a card."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from centres.models import User
from portfolio.files.services import bytes_give_up
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion, RemovedFile, StagedFile
from portfolio.permissions import may_remove_files
from portfolio.services.units import units_hold
from record.services.events import event_add


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What removing a file will do: the versions that lose it, and other pieces of the centre with the same bytes."""

    versions: tuple[EvidenceVersion, ...]
    elsewhere: tuple[Evidence, ...]


def removal_of(file: EvidenceFile) -> Removal:
    """Return what removing the file from its piece will do."""
    piece = file.version.evidence
    uses = EvidenceFile.objects.filter(stored_file=file.stored_file_id)
    others = Evidence.objects.filter(versions__files__in=uses.not_removed()).exclude(pk=piece.pk).distinct()
    return Removal(
        versions=tuple(piece.versions.filter(files__in=uses).distinct().order_by("number")),
        elsewhere=tuple(others.select_related("registration__candidate").order_by("registration", "number")),
    )


@transaction.atomic
def file_remove(*, file: EvidenceFile, actor: User, password: str, reason: str) -> RemovedFile:
    """Remove a file from all versions of its piece, and its bytes from the disk unless another piece has them.

    Name, size, digest and all that was signed stay on record. Claims on the piece count no more in units that are not
    signed off, until its author corrects it. Removing it twice does nothing. `password` is the actor's own. Raises
    PermissionDenied, and ValidationError for a wrong password or a reason that is missing or too long.
    """
    registration = file.version.evidence.registration
    units_hold(registration)  # before the piece, as whoever claims, judges or signs it does
    evidence = Evidence.objects.select_for_update(of=("self",)).get(pk=file.version.evidence_id)
    if not may_remove_files(actor, registration):
        raise PermissionDenied
    if not actor.check_password(password):
        raise ValidationError({"password": "That is not your password. Nothing was removed."})
    already = RemovedFile.objects.filter(evidence=evidence, stored_file=file.stored_file_id).first()
    if already:
        return already
    removed = RemovedFile(
        evidence=evidence,
        stored_file=file.stored_file,
        name=file.name,
        reason=reason,
        removed_by=actor,
        removed_at=timezone.now(),
    )
    removed.full_clean()
    removed.save()
    # A copy that its owner was about to add, while their form was refused.
    StagedFile.objects.filter(registration=registration, stored_file=file.stored_file_id).delete()
    bytes_give_up(stored_file=file.stored_file)
    event_add(
        chain=registration.chain,
        kind="evidence.file_removed",
        actor=actor.uuid,
        at=removed.removed_at,
        row=removed,
    )
    return removed
