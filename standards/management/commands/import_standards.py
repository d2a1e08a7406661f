"""`manage.py import_standards FILE`: takes standards documents into this installation."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.document_reading import read_documents, too_large
from standards.services.syncing import standards_import


class Command(BaseCommand):
    """Publishes a new revision of each unit whose wording in the file differs from its latest revision.

    What was published before stays as it is, and a registration stays on the revision it has. If the file is not
    valid, exits with an error that lists every fault by its path, and changes nothing.
    """

    help = "Publish the standards in a file of JSON (docs/contributors/standards-format.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what export_standards wrote, or a document of your own")

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            if sentence := too_large(file.stat().st_size):
                raise CommandError(sentence)
            raw = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        try:
            documents = read_documents(raw)
        except ValidationError as error:
            raise CommandError("\n".join([*error.messages, "Nothing was changed."])) from error
        self.stdout.write(f"Standards: {standards_import(documents=documents)}.")
