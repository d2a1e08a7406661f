"""`python -m bench.on_database sqlite NAME ...` (or `postgresql`): a site from nothing, and its pages measured.

Each database needs a process of its own, since Django reads its settings once. `bench/__main__.py` starts them.
"""

import os
import sys

from tests import environment


def main(database: str, names: list[str]) -> int:
    """Measure these pages on this database and print a line for each; 1 when any is over a limit."""
    os.environ["TEST_DATABASE"] = database
    environment.prepare(wait_for_disk=True)
    os.environ["DEMO"] = "0"
    import django  # noqa: PLC0415 - the settings are read from here on
    from django.conf import settings  # noqa: PLC0415

    settings.ROOT_URLCONF = "bench.bare"
    django.setup()
    from bench.cold import COLD_PAGES, first_view  # noqa: PLC0415
    from bench.pages import ALL_PAGES, check_bare, measured  # noqa: PLC0415
    from bench.requests import Handler  # noqa: PLC0415
    from bench.site import started  # noqa: PLC0415

    is_any_over = False
    with started() as site:
        handler = Handler()
        check_bare(site, handler)
        for name in names:
            page = ALL_PAGES.get(name)
            found = measured(page, site, handler, database) if page else first_view(COLD_PAGES[name], site, handler)
            is_any_over |= found.is_over
            sys.stdout.write(f"{found}\n")
            sys.stdout.flush()
    return 1 if is_any_over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
