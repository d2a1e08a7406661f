"""Questions about files of evidence, as pages show them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet

from portfolio.files.file_types import FILE_TYPES, Look, look_of
from portfolio.files.previews import Preview, is_drawn, preview_of
from portfolio.files.services import BytesLost
from portfolio.files.tasks import previews_ask
from portfolio.files.written import Written, written_shown
from portfolio.models import (
    EvidenceFile,
    EvidenceVersion,
    RemovedFile,
)
from portfolio.models.evidence import stored_path
from record.prepared import prepared

# Programs' names for kinds of file, in words: "PDF document".
_KINDS = {file_type.content_type: file_type.label.partition(" ")[2] for file_type in FILE_TYPES}


# What every browser has a reader of its own for, in a word for people.
_READ_BY_BROWSERS = {"application/pdf": "PDF"} | dict.fromkeys(
    ("image/jpeg", "image/png", "image/webp", "image/gif"), "picture"
)


def read_by_browsers(content_type: str) -> str:
    """Return what a browser reads a file of this type as, in a word for people; "" if not every browser can."""
    return _READ_BY_BROWSERS.get(content_type, "")


@dataclass(frozen=True, kw_only=True)
class FileShown:
    """A file of a piece, with its kind in words, how it is looked at, and who removed it, if anybody did."""

    file: EvidenceFile
    kind: str
    removal: RemovedFile | None = None

    @property
    def look(self) -> str:
        """How it is looked at: as a picture, pages, sound or film, or as a download that other programs open."""
        return look_of(self.file.content_type).value

    @property
    def anchor(self) -> str:
        """The id of its place in the viewer; followed by `-page-3`, that of a page."""
        return f"file-{self.file.position}"

    @property
    def opens_as(self) -> str:
        """What browsers open it as, in a tab of its own, in a word for people; "" if they cannot."""
        return read_by_browsers(self.file.content_type)

    @cached_property
    def preview(self) -> Preview | None:
        """What was drawn of it; None if it is not drawn yet."""
        return preview_of(self.file)

    @cached_property
    def written(self) -> Written | None:
        """What was written in the page, with its headings and lists; None for any other, or a lost or removed one."""
        if self.removal:
            return None
        try:
            return written_shown(self.file)
        except BytesLost:
            return None

    @property
    def has_pages(self) -> bool:
        """Whether it has numbered pages, as a document has, and a picture that was cut into pieces."""
        return self.preview is not None and (self.look != Look.PICTURE.value or self.preview.count > 1)

    @property
    def has_places(self) -> bool:
        """Whether one can say where in it to look: at a moment, or on a page of several."""
        if not self.is_here:
            return False
        return self.look in {Look.SOUND.value, Look.FILM.value} or (
            self.preview is not None and len(self.preview.pictures) > 1
        )

    @property
    def is_prepared(self) -> bool:
        """Whether what browsers show of it is being made."""
        return self.preview is None and is_drawn(self.file)

    @property
    def is_here(self) -> bool:
        """Whether it can be looked at: it was not removed, and its bytes are there."""
        return self.removal is None and not self.is_lost

    @cached_property
    def is_lost(self) -> bool:
        """Whether its bytes are missing on the disk. Whether they were changed, only reading all of them would tell."""
        try:
            return stored_path(self.file.stored_file).stat().st_size != self.file.stored_file.size
        except OSError:
            return True


def files_of(version: EvidenceVersion) -> tuple[FileShown, ...]:
    """Return the files of a version in their order, ready to be looked at, as `files_shown` does."""
    return files_shown(_files(version.pk))


@prepared
def _files(version: int) -> QuerySet[EvidenceFile, EvidenceFile]:
    files = EvidenceFile.objects.filter(version=version).select_related("version", "stored_file__centre")
    return files.order_by("position").with_others().with_removal()


@prepared
def files_in(versions: Collection[int]) -> QuerySet[EvidenceFile, EvidenceFile]:
    """The files of these versions (primary keys), by the number of the evidence and their place in it.

    Of all else only what a signature asks of them, so that many are quickly read.
    """
    files = EvidenceFile.objects.filter(version__pk__in=versions).with_others().with_removal()
    return files.select_related("version__evidence", "stored_file__centre").only(
        "uuid", "name", "position", "version__evidence__number", "stored_file__sha256", "stored_file__size",
        "stored_file__centre__uuid",
    ).order_by("version__evidence__number", "position")  # fmt: skip


def files_shown(files: Iterable[EvidenceFile]) -> tuple[FileShown, ...]:
    """Return files, read `with_removal`, ready to be looked at; one query more if any was removed."""
    found = list(files)
    removed = [file.removal_pk for file in found if file.removal_pk is not None]
    removals = RemovedFile.objects.select_related("removed_by", "stored_file").in_bulk(removed) if removed else {}
    return tuple(file_shown(file, removals.get(file.removal_pk or 0)) for file in found)


def file_shown(file: EvidenceFile, removal: RemovedFile | None = None) -> FileShown:
    """Return a file of a piece with its kind in words, and the row that says it was removed, if it was."""
    return FileShown(file=file, kind=_KINDS.get(file.content_type, "file"), removal=removal)


def removals_in(versions: Collection[int]) -> list[RemovedFile]:
    """Return the removals of files from these versions of evidence (primary keys), by the number of the evidence."""
    of_them = Exists(
        EvidenceFile.objects.filter(
            version__in=versions, version__evidence=OuterRef("evidence"), stored_file=OuterRef("stored_file")
        )
    )
    removals = RemovedFile.objects.filter(of_them).select_related("removed_by", "evidence", "stored_file")
    return list(removals.order_by("evidence__number", "pk"))


def previews_asked(files: Iterable[FileShown]) -> None:
    """Have the previews made that are missing, of the files that are there."""
    previews_ask(shown.file for shown in files if shown.removal is None)
