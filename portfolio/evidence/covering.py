"""Covers areas of a picture: the new picture becomes the file of the next version of its piece."""

import json
import secrets
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from centres.models import User
from portfolio.evidence.services import EvidenceDetails, evidence_correct
from portfolio.files.confined import Failed, run_confined
from portfolio.files.file_types import Look, look_of
from portfolio.files.services import BytesLost, file_stage, open_intact
from portfolio.files.uploads import IncomingFile, make_private_dir
from portfolio.models import EvidenceFile, EvidenceVersion, People
from portfolio.permissions import may_change_evidence
from printing.taking_turns import NotYourTurn, turn
from record.errors import ChangedMeanwhile

SECONDS_AT_MOST = 30
MEMORY_AT_MOST = 2 * 1024**3  # bytes
NAME_AT_MOST = 200  # characters of the name that it had
NOT_COVERED = (
    "This picture cannot be covered here: it may be damaged or too large. Nothing was changed. Cover it on your phone, "
    "and correct the evidence with that picture."
)
LATER = "The server covers other pictures just now. Nothing was changed; press the button again in a moment."


@dataclass(frozen=True, kw_only=True)
class Area:
    """An area of a picture, in parts of its width and height from 0 to 1, from the top left."""

    left: float
    top: float
    right: float
    bottom: float


def can_be_covered(file: EvidenceFile) -> bool:
    """Whether areas of the file can be covered: it is a picture."""
    return look_of(file.content_type) == Look.PICTURE


def evidence_cover(*, file: EvidenceFile, actor: User, seen: int, areas: Sequence[Area]) -> EvidenceVersion:
    """Make the next version of a piece, in which this picture has its areas covered, and return it.

    The picture keeps its full size and loses all that is not in its pixels. `file` belongs to the version `seen`.
    Raises PermissionDenied; ChangedMeanwhile if that is no longer the latest; ValidationError, with a sentence, if the
    picture cannot be covered. Nothing is changed then.
    """
    version = file.version
    if not may_change_evidence(actor, version.evidence):
        raise PermissionDenied
    if not areas or not can_be_covered(file):
        raise ValidationError("Mark at least one area of a picture.")
    if version.number != seen:
        raise ChangedMeanwhile("This evidence was")
    details = EvidenceDetails(**{field.name: getattr(version, field.name) for field in fields(EvidenceDetails)})
    others = EvidenceFile.objects.filter(version=version).not_removed().exclude(pk=file.pk).order_by("position")
    with _covered(file, actor, areas) as picture, transaction.atomic():
        staged = file_stage(registration=version.evidence.registration, user=actor, incoming=picture)
        return evidence_correct(
            evidence=version.evidence,
            actor=actor,
            seen=seen,
            details=replace(details, people=People.COVERED),
            keep=list(others),
            staged=[staged],
        )


@contextmanager
def _covered(file: EvidenceFile, actor: User, areas: Sequence[Area]) -> Iterator[IncomingFile]:
    """Give the covered picture as a file that has arrived. Raises ValidationError."""
    folder = Path(settings.INCOMING_DIR) / f"covering-{secrets.token_hex(8)}"
    make_private_dir(folder)
    try:
        with IncomingFile.from_pieces(*_made(file, actor, areas, folder)) as picture:
            yield picture
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _made(file: EvidenceFile, actor: User, areas: Sequence[Area], folder: Path) -> tuple[str, Path]:
    """Make the covered picture in the folder; return its name and where it lies. Raises ValidationError."""
    try:
        with turn(str(actor.pk)), open_intact(file.stored_file) as source:
            _run(file.content_type, Path(source.name), areas, folder)
        [made] = folder.glob("covered.*")
    except NotYourTurn as refusal:
        raise ValidationError(LATER) from refusal
    except (Failed, BytesLost, ValueError) as error:  # the last: nothing was made
        raise ValidationError(NOT_COVERED) from error
    return f"{Path(file.name).stem[:NAME_AT_MOST]} (covered){made.suffix}", made


def _run(content_type: str, source: Path, areas: Sequence[Area], folder: Path) -> None:
    said = json.dumps([[area.left, area.top, area.right, area.bottom] for area in areas])
    run_confined(
        [sys.executable, "-s", "-P", "-m", "portfolio.files.covering", content_type, str(source), said, str(folder)],
        env={"PYTHONPATH": str(settings.BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1"},
        folder=folder, seconds=SECONDS_AT_MOST, memory=MEMORY_AT_MOST, writes=settings.MAX_UPLOAD_BYTES,
    )  # fmt: skip
