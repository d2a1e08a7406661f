"""Puts a backup into an empty installation."""

import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from centres.restore import RestoreRefused, restore_backup


class Command(BaseCommand):
    """Puts a backup into an installation that holds nobody and nothing (docs/operators/backup.md).

    Raises CommandError with a sentence if it is refused, or if it was cut off and can be done again.
    """

    help = "Put a backup into an empty installation."
    requires_system_checks = []  # there may be no tables yet

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file that manage.py backup wrote")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            manifest = restore_backup(file)
        except RestoreRefused as error:
            raise CommandError(str(error)) from error
        for name in manifest.missing:
            self.stdout.write(f"The file {name} was missing when the backup was made.")
        for name in manifest.damaged:
            self.stdout.write(f"The file {name} was damaged when the backup was made.")
        self.stdout.write(
            f"The backup of {manifest.made_at} is in place, and everybody is signed out. Now run: "
            "manage.py verify_record"
        )
