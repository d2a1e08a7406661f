"""Splits a long scan: of ranges of pages of a PDF each becomes evidence of its own."""

import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from centres.models import User
from centres.policy.selectors import policy_of
from portfolio.evidence.services import EvidenceDetails, piece_make
from portfolio.files.file_types import clean_name
from portfolio.files.limits import refuse_overfull
from portfolio.files.pdf_splitting import pdf_parts
from portfolio.files.previews import preview_of
from portfolio.files.services import file_store
from portfolio.files.uploads import IncomingFile
from portfolio.models import Evidence, EvidenceFile, Registration, StagedFile
from portfolio.permissions import may_add_like
from portfolio.services.units import units_lock

PDF = "application/pdf"
PARTS_AT_ONCE = 20


@dataclass(frozen=True, kw_only=True)
class PageRange:
    """The pages of a file that become a piece, from 1, and what the piece is."""

    first: int
    last: int
    title: str
    kind: str

    def file_name(self, file: EvidenceFile) -> str:
        """What the file with these pages is called."""
        pages = f"page {self.first}" if self.first == self.last else f"pages {self.first} to {self.last}"
        stem = file.name.removesuffix(Path(file.name).suffix)
        return clean_name(f"{stem[:150]}, {pages}.pdf")


def pages_of(file: EvidenceFile) -> int:
    """How many pages a PDF has, as far as its preview tells; 0 for what cannot be split."""
    preview = preview_of(file) if file.content_type == PDF else None
    return preview.count if preview else 0


def may_have_pages(file: EvidenceFile) -> bool:
    """Whether it is a PDF of several pages, or one whose pages are not counted yet."""
    preview = preview_of(file)
    return file.content_type == PDF and (preview is None or preview.count > 1)


def part_keys(form_key: uuid.UUID) -> list[uuid.UUID]:
    """The form keys of the pieces that one sending of the form makes, in the order of its rows."""
    return [uuid.uuid5(form_key, str(number)) for number in range(PARTS_AT_ONCE)]


def parts_saved(registration: Registration, form_key: uuid.UUID) -> list[Evidence]:
    """The pieces that this form has made already, by number."""
    return list(registration.evidence.filter(form_key__in=part_keys(form_key)).order_by("number"))


def evidence_split(
    *, file: EvidenceFile, actor: User, form_key: uuid.UUID, parts: Sequence[PageRange]
) -> list[Evidence]:
    """Make a piece of each part of the file, all or none, under the next numbers; the piece it is from stays as it is.

    The pieces have its author, its setting and its days. If the form with this `form_key` is sent twice, what the first
    sending made is returned. Raises PermissionDenied, and ValidationError for what cannot be.
    """
    if not may_add_like(actor, file.version.evidence):
        raise PermissionDenied
    _require_parts(parts, count=pages_of(file))
    with ExitStack() as open_files, pdf_parts(file.stored_file, [(part.first, part.last) for part in parts]) as paths:
        arrived = [
            open_files.enter_context(IncomingFile.from_pieces(part.file_name(file), path))
            for part, path in zip(parts, paths, strict=True)
        ]
        return _pieces_make(file, actor, form_key, list(zip(parts, arrived, strict=True)))


@transaction.atomic
def _pieces_make(
    file: EvidenceFile, actor: User, form_key: uuid.UUID, parts: Sequence[tuple[PageRange, IncomingFile]]
) -> list[Evidence]:
    registration = Registration.objects.select_for_update().get(pk=file.version.evidence.registration_id)
    units_lock(registration)
    piece = Evidence.objects.select_for_update(of=("self",)).get(pk=file.version.evidence_id)
    if not may_add_like(actor, piece):
        raise PermissionDenied
    if saved := parts_saved(registration, form_key):
        return saved
    whole = piece.versions.latest("number")
    if piece.removed_at or whole.pk != file.version_id:
        raise ValidationError("This evidence was corrected or removed since, so nothing was split. Look at it again.")
    refuse_overfull(
        policy_of(registration.centre),
        registration=registration,
        user=actor,
        name=f"What was split from {file.name}",
        size=sum(arrived.size for _, arrived in parts),
        digests=[arrived.sha256 for _, arrived in parts],
    )
    return [
        piece_make(
            registration=registration,
            actor=actor,
            author=piece.author,
            form_key=key,
            details=EvidenceDetails(
                title=part.title,
                kind=part.kind,
                setting=whole.setting,
                happened_from=whole.happened_from,
                happened_to=whole.happened_to,
            ),
            held=[
                StagedFile(  # as one that arrives with the form, but never saved
                    stored_file=file_store(centre=registration.centre, incoming=arrived),
                    name=str(arrived.name),
                    content_type=PDF,
                )
            ],
            taken_from=whole,
        )
        for key, (part, arrived) in zip(part_keys(form_key), parts, strict=False)
    ]


def _require_parts(parts: Sequence[PageRange], *, count: int) -> None:
    """Raise ValidationError, with a sentence, unless a file with so many pages has these parts."""
    if not count:
        raise ValidationError("How many pages this file has is not known, so it cannot be split.")
    if not parts:
        raise ValidationError("Say for one part at least which pages it has.")
    if len(parts) > PARTS_AT_ONCE:
        raise ValidationError(f"{PARTS_AT_ONCE} parts can be made at once. Make the others afterwards.")
    if any(not 1 <= part.first <= part.last <= count for part in parts):
        raise ValidationError(f"This file has the pages 1 to {count}. Choose among these, the first before the last.")
