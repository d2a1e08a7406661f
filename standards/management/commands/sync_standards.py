"""`manage.py sync_standards`: brings the database up to the standards that come with Countersign."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.fixtures import read_fixtures
from standards.services.syncing import standards_sync


class Command(BaseCommand):
    """Publishes a new revision of each unit whose wording or rules differ, and says so in a line.

    What was published before stays as it is, and a registration stays on the revision it has. Can be run
    again at any time. If a fixture cannot be read, exits with an error and changes nothing.
    """

    help = "Publish a new revision of each unit whose wording or rules differ from the fixtures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--framework",
            action="append",
            default=[],
            metavar="CODE",
            help="only this framework (may be given more than once; default: all)",
        )
        parser.add_argument(
            "--fixtures",
            type=Path,
            default=settings.BASE_DIR / "fixtures",
            help="the folder to read (default: the standards that come with Countersign)",
        )

    def handle(self, *, fixtures: Path, framework: list[str], **options: Any) -> None:
        folders = [fixtures / code for code in framework] or [fixtures]
        try:
            found = read_fixtures(fixtures, frameworks=framework)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if not found.units:
            raise CommandError(f"There are no standards in {', '.join(str(folder) for folder in folders)}.")
        self.stdout.write(f"Standards: {standards_sync(fixtures=found)}.")
