"""Adds certificates to what is on record of staff, and removes them."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from centres.models import Centre, User
from centres.permissions import may_coordinate
from centres.policy.choices import FileGroup
from centres.staff.kinds import StaffKind
from centres.staff.models import StaffRecord
from centres.staff.permissions import may_record
from portfolio.files.file_types import FileType, detect, group_of
from portfolio.files.services import bytes_give_up, file_store
from portfolio.files.uploads import IncomingFile, Problem, refusal
from portfolio.models import StaffCertificate
from record.services.events import event_add

LARGEST = 20 * 1024 * 1024  # bytes: a photo of a certificate, or a scan of several pages
FILES_AT_MOST = 10  # of one record


@transaction.atomic
def staff_certificate_add(*, record: StaffRecord, actor: User, incoming: IncomingFile) -> StaffCertificate:
    """Keep a file with what is on record of a person, and return its row; the same file again adds nothing.

    It is no evidence, so the centre's policy on evidence does not bind it. Raises PermissionDenied unless `actor` may
    put such a thing on record; ValidationError, with a sentence, for what was taken off the record meanwhile, for more
    files than a record has, and for a file that did not arrive, is too large, or is neither a PDF nor a picture.
    """
    centre, record = _locked(record)
    if not may_record(actor, centre, record.user, StaffKind(record.kind)):
        raise PermissionDenied
    file_type = _type_taken(incoming)
    if record.ended_at:
        raise ValidationError("This was taken off the record meanwhile, so no file was added to it.")
    kept = record.certificates.kept().select_related("stored_file")
    if same := kept.filter(stored_file__sha256=incoming.sha256).first():
        return same
    if kept.count() >= FILES_AT_MOST:
        raise ValidationError(f"{incoming.name} was not kept: {FILES_AT_MOST} files are with this already.")
    row = StaffCertificate(
        record=record,
        stored_file=file_store(centre=centre, incoming=incoming),
        name=str(incoming.name),
        content_type=file_type.content_type,
        added_by=actor,
        added_at=timezone.now(),
    )
    row.full_clean()
    row.save()
    event_add(chain=centre.chain, kind="certificate.added", actor=actor.uuid, at=row.added_at, row=row)
    return row


def may_remove_certificates(user: User, centre: Centre) -> bool:
    """The coordinator removes files that should not have been taken, whoever put them in, as with evidence."""
    return may_coordinate(user, centre)


@transaction.atomic
def staff_certificate_remove(*, certificate: StaffCertificate, actor: User, password: str, reason: str) -> None:
    """Remove a file, and its bytes from the disk unless something else holds them. Twice does nothing.

    Its name, size and digest stay on record, with the reason. `password` is the actor's own. Raises PermissionDenied
    unless `actor` coordinates the centre, ValidationError for a wrong password and without a reason.
    """
    centre, _ = _locked(certificate.record)
    if not may_remove_certificates(actor, centre):
        raise PermissionDenied
    if not actor.check_password(password):
        raise ValidationError({"password": "That is not your password. Nothing was removed."})
    row = StaffCertificate.objects.select_related(*StaffCertificate.told_with).get(pk=certificate.pk)
    if row.removed_at:
        return
    row.removed_at, row.removed_by, row.removed_why = timezone.now(), actor, reason
    row.full_clean()
    row.save(update_fields=["removed_at", "removed_by", "removed_why"])
    bytes_give_up(stored_file=row.stored_file)
    event_add(chain=centre.chain, kind="certificate.removed", actor=actor.uuid, at=row.removed_at, row=row)


def _locked(record: StaffRecord) -> tuple[Centre, StaffRecord]:
    """Return the centre, locked as whoever records or takes off locks it, and the record as it is then."""
    centre = Centre.objects.select_for_update(no_key=True).get(pk=record.centre_id)
    return centre, StaffRecord.objects.select_related("user").get(pk=record.pk)


def _type_taken(incoming: IncomingFile) -> FileType:
    name = str(incoming.name)
    largest = min(LARGEST, int(settings.MAX_UPLOAD_BYTES))
    if incoming.problem in {None, Problem.TOO_LARGE} and incoming.size > largest:
        raise ValidationError(
            f"{name} was not kept: it has {filesizeformat(incoming.size)}, and a certificate may have "
            f"{filesizeformat(largest)} at most. Scan it in lower quality, or take a smaller picture.",
            code="too_large",
        )
    if (why := refusal(incoming)) is not None:
        raise ValidationError(why, code="not_received")
    file_type = detect(incoming.path, name)
    if file_type.content_type != "application/pdf" and group_of(file_type.content_type) != FileGroup.PICTURES:
        raise ValidationError(
            f"{name} was not kept: it is {file_type.label}. Give the certificate as a PDF or a picture.", code="type"
        )
    return file_type
