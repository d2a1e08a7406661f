"""Works out again how every claim stands and how far every unit has come."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand

from assessments.standing.worked_out import everything_anew, is_of_this_rule


class Command(BaseCommand):
    """Works out all standings and all progress again from the other rows, and says how many units there were.

    Nothing is lost by it, and people may go on working. A start does it by itself if the rule has changed.
    """

    help = "Work out anew how every claim stands and how far every unit has come."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--where-due", action="store_true", help="only where the rule that made them has changed")

    def handle(self, *args: Any, where_due: bool, **options: Any) -> None:
        if where_due and is_of_this_rule():
            return
        units = everything_anew()
        self.stdout.write(f"Worked out anew: {units} unit{'' if units == 1 else 's'}.")
