"""Does the work that pages leave for later; `script/server` keeps a worker running."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from background.worker import AnotherWorker, run_worker
from centres.restore import unfinished_restore


class Command(BaseCommand):
    """Runs until TERM; the present task is finished first. Raises CommandError if a worker runs already."""

    help = "Do the background work: one worker for each DATA_DIR."

    def handle(self, *args: Any, **options: Any) -> None:
        if cut_off := unfinished_restore():
            raise CommandError(cut_off)
        try:
            run_worker()
        except AnotherWorker as error:
            raise CommandError(
                "A worker is running here already, or a restore is. There is one worker for each DATA_DIR."
            ) from error
