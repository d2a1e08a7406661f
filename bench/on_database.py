"""`python -m bench.on_database sqlite NAME ...` (or `postgresql`): a site from nothing, and its pages measured.

The pages are all of the large site or none of them: it has a database of its own, so that the others stay small.
Each database needs a process of its own, since Django reads its settings once. `bench/__main__.py` starts them.
"""

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests import environment

if TYPE_CHECKING:
    from bench.pages import Page
    from bench.pairs import Found


def main(database: str, names: list[str]) -> int:
    """Measure these pages on this database and print a line for each; 1 when any is over a limit."""
    os.environ["TEST_DATABASE"] = database
    environment.prepare(wait_for_disk=True)
    os.environ["DEMO"] = "0"
    import django  # noqa: PLC0415 - the settings are read from here on
    from django.conf import settings  # noqa: PLC0415

    settings.ROOT_URLCONF = "bench.bare"
    django.setup()
    from bench.pages import LARGE_PAGES  # noqa: PLC0415 - they import models, which need the set-up

    large = {page.name: page for page in LARGE_PAGES}
    is_any_over = False
    for found in (
        _found_large(database, [large[name] for name in names]) if names[0] in large else _found(database, names)
    ):
        is_any_over |= found.is_over
        sys.stdout.write(f"{found}\n")
        sys.stdout.flush()
    return 1 if is_any_over else 0


def _found(database: str, names: list[str]) -> Iterator["Found"]:
    from bench.beside import AT_ONCE, found_beside  # noqa: PLC0415
    from bench.cold import COLD_PAGES, first_view  # noqa: PLC0415
    from bench.files import LIMITS, transfer  # noqa: PLC0415
    from bench.pages import PAGES, check_bare, measured, warm  # noqa: PLC0415
    from bench.requests import Handler  # noqa: PLC0415
    from bench.site import populated, started  # noqa: PLC0415

    pages = {page.name: page for page in PAGES}
    with started(populated) as site:
        handler = Handler()
        check_bare(site, handler)
        warm(site, handler)
        for name in names:
            page = pages.get(name)
            if page:
                yield measured(page, site, handler, database)
            elif name.partition(":")[0] in AT_ONCE:
                yield found_beside(name, site, handler, database)
            else:
                yield transfer(name, site, handler) if name in LIMITS else first_view(COLD_PAGES[name], site, handler)


def _found_large(database: str, pages: list["Page"]) -> Iterator["Found"]:
    from bench.large_site import large_and_tenth  # noqa: PLC0415
    from bench.pages import check_bare, measured_large, warm  # noqa: PLC0415
    from bench.requests import Handler  # noqa: PLC0415
    from bench.site import started  # noqa: PLC0415

    with started(large_and_tenth) as sites:
        handler = Handler()
        check_bare(sites[0], handler)
        for site in sites:
            warm(site, handler)
        for page in pages:
            yield measured_large(page, sites, handler, database)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
