"""Says what waits for the worker, in all centres."""

from typing import Any

from django.core.management import BaseCommand
from django.utils import timezone
from django.utils.timesince import timesince

from portfolio.what_waits.selectors import what_waits


class Command(BaseCommand):
    """One line for each kind and person, what has waited longest first."""

    help = "List the waiting work by kind, person and centre, with how long the first of it has waited."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for row in what_waits():
            since = f"for {timesince(row.since, now)}" if row.since <= now else f"until {row.since:%H:%M} UTC"
            self.stdout.write(
                f"{row.centre}, {row.person}: {row.kind}, {row.waiting} waiting and {row.taken} being done, {since}"
            )
