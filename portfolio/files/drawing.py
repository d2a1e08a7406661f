"""Draws the previews of stored files. The drawing itself is a process of its own, with limits."""

import contextlib
import json
import logging
import secrets
import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from portfolio.files.confined import Failed, run_confined
from portfolio.files.file_types import FILE_TYPES, Look, look_of
from portfolio.files.film_copies import MINUTES_AT_MOST, film_of, join, make_next_part
from portfolio.files.office import office_program, pdf_of
from portfolio.files.previews import COPY, FORMAT, is_drawn, needs_drawing
from portfolio.files.services import BytesLost, is_held, open_intact
from portfolio.files.uploads import make_private_dir
from portfolio.models import EvidenceFile, StoredFile
from portfolio.models.evidence import drawn_path, parts_path, previews_path

logger = logging.getLogger("countersign.previews")

RENDERING = settings.BASE_DIR / "portfolio" / "files" / "rendering.py"
PDF = "application/pdf"
ENDINGS = {file_type.content_type: file_type.extensions[0] for file_type in FILE_TYPES}
QUICK_SECONDS = 10  # for one program in the quick lane, five of them of computing
SECONDS_AT_MOST = 60  # for one program and file; then the pages drawn so far must do
MEMORY_AT_MOST = 2 * 1024**3  # bytes
WRITES_AT_MOST = 16 * 1024**2  # bytes a file


def preview_make(*, file: EvidenceFile, quickly: bool = False) -> bool:
    """Draw the pictures of a file, unless they are there; if that fails, the folder says why.

    Return whether there is more to do: a copy of a film is made in parts, one each time, and what cannot be drawn
    `quickly` may well be with more time. Nothing is drawn from bytes that differ from those that were stored, and
    nothing is left of a file that is released meanwhile.
    """
    if not (is_drawn(file) and needs_drawing(file)):
        return False
    new = _new_folder(file)
    try:
        is_whole = _draw(file, new, quickly=quickly)
        if is_whole:
            _put_in_place(file, new)
        return not is_whole
    finally:
        shutil.rmtree(new, ignore_errors=True)


def preview_give_up(*, file: EvidenceFile) -> None:
    """Say in the place of the pictures that drawing them failed. It is tried again when somebody looks the next day."""
    if is_drawn(file) and needs_drawing(file):
        new = _new_folder(file)
        _note(new, fault="crashed")
        _put_in_place(file, new)


def _new_folder(file: EvidenceFile) -> Path:
    new = previews_path(file.stored_file).with_name(f".{secrets.token_hex(8)}")
    make_private_dir(new)
    return new


def _draw(file: EvidenceFile, folder: Path, *, quickly: bool) -> bool:
    """Leave in the folder what is shown of the file; return whether that is all of it."""
    seconds = QUICK_SECONDS if quickly else SECONDS_AT_MOST
    try:
        source = open_intact(file.stored_file)
    except BytesLost as error:
        logger.error("Nothing was drawn of a file: %s", error)
        _note(folder, fault="lost")
        return True
    with source:
        try:
            match look_of(file.content_type):
                case Look.DOCUMENT:
                    _draw_document(file, Path(source.name), folder, seconds)
                case Look.FILM | Look.SOUND:
                    return _copy_film(file, Path(source.name), folder, quickly=quickly)
                case _:
                    _run("-I", str(RENDERING), file.content_type, source.name, folder=folder, seconds=seconds)
        except Failed as why:
            if quickly:
                return False
            logger.warning("Drawing %s failed: %s", file.stored_file.uuid, why.fault)
            _note(folder, fault=why.fault)
    return True


def _copy_film(file: EvidenceFile, source: Path, folder: Path, *, quickly: bool) -> bool:
    """Make the next part of the copy of a film or sound that not every browser plays, and in the end the copy.

    Return whether nothing is left to do; `quickly` the film is only looked at. Raises Failed.
    """
    parts = parts_path(file)
    make_private_dir(parts)
    fault = ""
    try:
        film = film_of(source, file.content_type, parts, seconds=QUICK_SECONDS if quickly else SECONDS_AT_MOST)
        if not film.has_picture and look_of(file.content_type) is Look.FILM:
            fault = "no_picture"
        elif not film.plays and film.has_picture and film.seconds > MINUTES_AT_MOST * 60:
            fault = "long_film"
        elif not film.plays:
            if quickly or make_next_part(source, file.content_type, film, parts):
                return False
            join(film, parts, folder / COPY)
    except Failed as why:
        if quickly or why.fault == "killed":
            raise  # and what is there of it serves the next try
        fault = why.fault
    shutil.rmtree(parts, ignore_errors=True)
    _note(folder, fault=fault)
    return True


def _draw_document(file: EvidenceFile, source: Path, folder: Path, seconds: int) -> None:
    """Draw the pages of an Office document where LibreOffice is there; else, and of plain text, show the text."""
    program = office_program() if file.content_type.startswith("application/") else None
    if program and _draw_by_office(file, source, folder, program, seconds):
        return
    _run("-s", "-P", "-m", "portfolio.files.reading", file.content_type, str(source), folder=folder, seconds=seconds)


def _draw_by_office(file: EvidenceFile, source: Path, folder: Path, program: Path, seconds: int) -> bool:
    """Draw the pages of the PDF that LibreOffice makes; return whether there are any.

    Raises Failed where it had only the time of the quick lane.
    """
    scratch = folder / "office"
    scratch.mkdir()
    try:
        made = pdf_of(source, scratch, ending=ENDINGS[file.content_type], program=program, seconds=seconds)
        _run("-I", str(RENDERING), PDF, str(made), folder=folder, seconds=seconds)
    except Failed as why:
        if seconds == QUICK_SECONDS:
            raise
        logger.warning("LibreOffice made no pages of %s: %s", file.stored_file.uuid, why.fault)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return (folder / "1.webp").exists()


def _run(*program: str, folder: Path, seconds: int) -> None:
    """Run a program of ours that looks at a file and leaves what it made in the folder. Raises Failed."""
    run_confined(
        [sys.executable, *program, str(folder)],
        env={"PYTHONPATH": str(settings.BASE_DIR), "PYTHONDONTWRITEBYTECODE": "1"},
        folder=folder, seconds=seconds, memory=MEMORY_AT_MOST, writes=WRITES_AT_MOST,
    )  # fmt: skip


def _note(folder: Path, *, fault: str) -> None:
    """Say what went wrong, beside what was drawn before it did."""
    made = {"format": FORMAT, "pages": [], "count": 0}
    with contextlib.suppress(OSError, ValueError):
        made = json.loads((folder / "made.json").read_bytes())
    (folder / "made.json").write_text(json.dumps(made | {"fault": fault}), encoding="utf-8")


@transaction.atomic
def _put_in_place(file: EvidenceFile, new: Path) -> None:
    """Put the pictures where pages look for them, while nobody can release the file."""
    named = StoredFile.objects.filter(pk=file.stored_file_id)
    if not named.select_for_update(no_key=True, of=("self",)).exists() or named.given_up().exists():
        return
    folder = drawn_path(file)
    make_private_dir(folder.parent)
    shutil.rmtree(folder, ignore_errors=True)
    with contextlib.suppress(OSError):  # another worker drew it first
        new.rename(folder)


def sweep_previews(*, older_than: timedelta = timedelta(days=1)) -> int:
    """Remove the pictures of files that are gone, and what a crash left unfinished. Return how many folders."""
    before = time.time() - older_than.total_seconds()
    swept = 0
    for folder in Path(settings.PREVIEWS_DIR).glob("*/*/*"):
        with contextlib.suppress(FileNotFoundError):
            centre, sha256 = folder.parts[-3], folder.name
            if folder.stat().st_mtime > before:
                continue
            if not is_held(centre=centre, sha256=sha256):
                shutil.rmtree(folder) if folder.is_dir() else folder.unlink()
                swept += 1
    return swept
