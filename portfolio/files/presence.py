"""Checks that the bytes of stored files are there: a few files at any time, all of them once a day.

It asks the disk for their sizes and reads none of them; `verify_record` checks that the bytes are still the same.
"""

import random
from collections.abc import Iterable

from django.db.models import Max, Min, QuerySet

from portfolio.files.services import is_there
from portfolio.models import StoredFile

SAMPLE = 20  # files looked at each time


def some_files_gone() -> int:
    """Check a few stored files, different ones each time; return how many of them are gone or cut short."""
    ends = StoredFile.objects.aggregate(least=Min("pk"), most=Max("pk"))
    if ends["most"] is None:
        return 0
    numbers = range(ends["least"], ends["most"] + 1)
    chosen = random.sample(numbers, min(len(numbers), 2 * SAMPLE))  # some of these rows may be gone
    there = StoredFile.objects.select_related("centre").in_bulk(chosen)
    # In the order of chance: a database gives rows in one that may leave out the same ones each time.
    return _gone([there[number] for number in chosen if number in there][:SAMPLE])


def files_gone_in_all() -> int:
    """Check every stored file; return how many are gone or cut short."""
    return _gone(StoredFile.objects.select_related("centre").order_by("pk").iterator(chunk_size=2000))


def _gone(files: Iterable[StoredFile]) -> int:
    missing = [file.pk for file in files if not is_there(file)]
    return _still_named(missing).count() if missing else 0


def _still_named(pks: list[int]) -> QuerySet[StoredFile]:
    """Leave out those whose bytes are gone because somebody removed them: meanwhile, or for good with a reason."""
    named = StoredFile.objects.filter(pk__in=pks[:10_000])  # it counts no further
    return named.exclude(pk__in=named.given_up().values("pk"))
