"""Prints the Candidate Recording Form of a unit with nothing on it."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from assessments.recording_form.services import blank_form_print
from standards.models import Unit
from standards.published import published_content_named
from standards.selectors import latest_revision, unit_by_address


class Command(BaseCommand):
    """Writes the PDF to a file, or to standard output. Raises CommandError if there is no such unit."""

    help = "Print the blank Candidate Recording Form of a unit in its latest wording."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("unit", metavar="FRAMEWORK:UNIT", help="such as nvq:B10")
        parser.add_argument("--output", metavar="FILE", help="where to write it; without it, to standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["unit"]
        try:
            revision = latest_revision(unit_by_address(address))
        except Unit.DoesNotExist:
            revision = None
        if revision is None:
            raise CommandError(f"There is no unit {address}. Units are named by framework and code, such as nvq:B10.")
        pdf = blank_form_print(published_content_named(revision).unit)
        if not options["output"]:
            sys.stdout.buffer.write(pdf)
            return
        try:
            Path(options["output"]).write_bytes(pdf)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{options['output']}: {len(pdf)} bytes")
