"""A task that takes its time, for a worker that is stopped in the middle of it."""

import time
from pathlib import Path

from django_tasks import task


@task()
def write_slowly(path: str, seconds: float) -> None:
    """Note each beginning and each end in the file, `seconds` apart; from the second time on at once."""
    file = Path(path)
    begun_before = file.exists()
    with file.open("a") as notes:
        notes.write("begun\n")
        notes.flush()
        time.sleep(0 if begun_before else seconds)
        notes.write("done\n")
