"""`manage.py export_standards`: writes the standards of this installation as documents."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from standards.document_writing import standards_document
from standards.selectors import frameworks_whole


class Command(BaseCommand):
    """Writes a list of standards documents, one a framework, to standard output: the latest wordings.

    The same standards always give the same bytes. Exits with an error for a framework that is not there.
    """

    help = "Write the standards as JSON (docs/contributors/standards-format.md) to standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("frameworks", nargs="*", metavar="FRAMEWORK", help="codes, such as cvq (default: all)")

    def handle(self, *, frameworks: list[str], **options: Any) -> None:
        found = {content.framework.code: content for content in frameworks_whole(frameworks)}
        if missing := [code for code in frameworks if code not in found]:
            raise CommandError(f"There is no framework {', '.join(missing)}.")
        documents = [standards_document(content) for content in found.values()]
        self.stdout.write(json.dumps(documents, ensure_ascii=False, indent=1))
