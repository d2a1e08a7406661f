"""Makes a backup. It is in this app, not in centres, because it must know which files are stored."""

import signal
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from centres.backup import BackupFailed, backup_write
from portfolio.models import StoredFile
from record.stamps import BACKUP, stamp_write


class Command(BaseCommand):
    """Writes everything to one file while the site goes on (docs/operators/backup.md).

    Exit code 0 if all is well, 1 if there is no backup, 2 if the backup is made but files that the
    database knows were missing or damaged: each is named.
    """

    help = "Write the database, the evidence and the keys to one tar file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write, for example countersign-2026-11-22.tar")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what is not whole is removed
        try:
            faults = backup_write(destination=file.absolute(), files_named=_files_named)
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        stamp_write(BACKUP, faults=len(faults))
        self.stdout.write(
            f"The backup is in {file} ({file.stat().st_size / 1_000_000:.1f} MB). It holds the private keys and "
            "everybody's evidence: keep it where only you can read it."
        )
        if faults:
            raise CommandError(
                "\n".join([*faults, "The backup was made all the same, with what is left of them."]), returncode=2
            )


def _files_named() -> Iterator[str]:
    held = StoredFile.objects.exclude(pk__in=StoredFile.objects.given_up().values("pk"))
    for centre, sha256 in held.values_list("centre__uuid", "sha256"):
        yield f"{centre}/{sha256[:2]}/{sha256}"  # as portfolio.models.evidence.stored_path has it
