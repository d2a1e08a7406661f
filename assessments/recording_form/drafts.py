"""Drafts of the Candidate Recording Form: each is printed once for a state of its unit, and kept for a day.

What a draft shows is its document, so the document's digest is its name: a unit that has changed has another one, and
nobody need say what changed. No event tells of a draft: it proves nothing.
"""

import contextlib
import hashlib
import secrets
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from assessments.recording_form.document import unit_document
from assessments.recording_form.pdf import recording_form_pdf
from assessments.standing.unit_record import unit_record
from centres.models import User
from centres.version import VERSION
from portfolio.files.uploads import make_private_dir
from portfolio.models import CandidateUnit, WaitingWork, WorkKind
from portfolio.models.waiting_work import WorkState
from portfolio.services.waiting_work import Asked, work_ask
from record.canonical import canonical
from standards.published import revision_row

KEPT_FOR = timedelta(days=1)
WAITING_AT_MOST = 64  # drafts for a person
DRAFT = "draft"  # the first word of such work; the second is the uuid of the unit


def prints_dir() -> Path:
    """The folder of all that is printed for a while, and can be printed again."""
    return Path(settings.DATA_DIR) / "prints"


def draft_document(unit: CandidateUnit) -> dict[str, Any]:
    """Return what a draft of the unit shows now."""
    return unit_document(unit_record(unit))


def draft_kept(document: dict[str, Any]) -> bytes | None:
    """Return the draft of this document; None if it is not printed, or not any more."""
    with contextlib.suppress(FileNotFoundError):
        return _path(document).read_bytes()
    return None


def draft_print(unit: CandidateUnit) -> bytes:
    """Return the draft of the unit as it stands, printing and keeping it if it is not there yet.

    Raises what `recording_form_pdf` does, and OSError where it cannot be kept.
    """
    document = draft_document(unit)
    pdf = draft_kept(document)
    if pdf is None:
        pdf = recording_form_pdf(document, digest=None)
        write_whole(_path(document), pdf)
    return pdf


class TooManyDrafts(Exception):
    """So many drafts wait for this person that no further one is taken."""


def draft_ask(*, unit: CandidateUnit, actor: User) -> bool:
    """Have the draft of the unit printed; return whether that has failed before and is tried again later.

    Raises TooManyDrafts where `WAITING_AT_MOST` others wait for `actor`.
    """
    what = f"{DRAFT} {unit.uuid}"
    others = WaitingWork.objects.filter(person=actor, kind=WorkKind.PRINTING, what__startswith=f"{DRAFT} ")
    if others.exclude(state=WorkState.DONE).exclude(what=what).count() >= WAITING_AT_MOST:
        raise TooManyDrafts
    asked = Asked(what=what, person=actor.pk, centre=unit.registration.centre_id)
    work_ask(kind=WorkKind.PRINTING, asked=[asked])
    waits = WaitingWork.objects.filter(kind=WorkKind.PRINTING, what=what, state="waiting")
    return waits.filter(attempts__gt=0).exists()


def draft_work(unit: UUID) -> None:
    """Print the draft of the unit with this uuid, if there is one."""
    rows = CandidateUnit.objects.select_related(*READ_WITH_IT)
    if found := rows.filter(uuid=unit).first():
        draft_print(with_revision(found))


READ_WITH_IT = ("registration__centre", "registration__candidate", "registration__chain")


def with_revision(unit: CandidateUnit) -> CandidateUnit:
    """Give the unit the wording that this process has read already."""
    unit.revision = revision_row(unit.revision_id)
    return unit


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there either whole or not at all."""
    make_private_dir(path.parent)
    new = path.with_name(f".{secrets.token_hex(8)}")
    try:
        new.write_bytes(content)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def sweep_drafts() -> int:
    """Remove the drafts that were printed more than a day ago. Return how many."""
    before = time.time() - KEPT_FOR.total_seconds()
    swept = 0
    for path in (prints_dir() / "drafts").glob("*"):
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime <= before:
                path.unlink()
                swept += 1
    return swept


def _path(document: dict[str, Any]) -> Path:
    """Each version of Countersign prints its own: it may print the same document in another way."""
    name = hashlib.sha256(VERSION.encode() + canonical(document)).hexdigest()
    return prints_dir() / "drafts" / f"{name}.pdf"
