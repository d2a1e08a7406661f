"""`script/bench` measures everything; `script/bench NAME ...` only what is named.

Prints one line a measure: name, what was found, limit and `ok` or `over`, separated by tabs, and behind them
what else was counted. Exits 1 when any is over a limit, 2 for a name that is not a measure. A page is measured
on each database: `portfolio` is both, `portfolio (sqlite)` one of them; `import:5000` takes so many rows. A new page
is an entry in pages.py; a measure that needs no site is a file beside this one and a line in MEASURES.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable

from tests import environment

DATABASES = ("sqlite", "postgresql")


def main(names: list[str]) -> int:
    """Measures and prints; gives the exit code."""
    os.environ["TEST_DATABASE"] = "sqlite"  # nothing here asks a database; those that do have their own processes
    environment.prepare()
    import django  # noqa: PLC0415 - the settings are read from here on

    django.setup()
    from bench import beside, cold, files, pages, paint, recording_form  # noqa: PLC0415 - they import models, which need the set-up

    plain = {measure.name: measure for measure in (recording_form.MEASURE,)}
    large = [page.name for page in pages.LARGE_PAGES]
    on_database = {database: [*(page.name for page in pages.PAGES), "import", *large] for database in DATABASES}
    on_database["sqlite"] += [*cold.COLD_PAGES, *files.LIMITS, "many-forms", "many-drafts"]  # the same on either
    names = [each for name in names for each in _each(name, large)]
    numbers = dict(
        name.split(":", 1) for name in names if re.fullmatch(rf"({'|'.join(beside.AT_ONCE)}):[1-9]\d*", name)
    )
    names = [name.partition(":")[0] if name.partition(":")[0] in numbers else name for name in names]
    known = {*plain, *paint.PAINTED, *(name for of_one in on_database.values() for name in of_one)}
    known |= {f"{name} ({database})" for database, of_one in on_database.items() for name in of_one}
    if unknown := [name for name in names if name not in known]:
        there_are = [*plain, *paint.PAINTED, *on_database["sqlite"]]
        sys.stderr.write(f"No measure is called {', '.join(unknown)}. There are: {', '.join(there_are)}.\n")
        return 2
    is_any_over = False
    for name in _wanted(plain, names):
        found = plain[name].find()
        is_any_over |= found.is_over
        sys.stdout.write(f"{found}\n")
        sys.stdout.flush()
    if wanted := _wanted(paint.PAINTED, names):
        for found in paint.painted(wanted):
            is_any_over |= found.is_over
            sys.stdout.write(f"{found}\n")
            sys.stdout.flush()
    for database, of_one in on_database.items():
        wanted = [f"{name}:{numbers[name]}" if name in numbers else name for name in _wanted(of_one, names, database)]
        for of_one_site in ([name for name in wanted if name not in large], [name for name in wanted if name in large]):
            if of_one_site:
                is_any_over |= _measure_on(database, of_one_site)
    return 1 if is_any_over else 0


def _each(name: str, large: list[str]) -> list[str]:
    """`large` names all pages of the large site, `large (sqlite)` all on one database."""
    word, _, rest = name.partition(" ")
    return [f"{page} {rest}".strip() for page in large] if word == "large" else [name]


def _wanted(there_are: Iterable[str], names: list[str], database: str = "") -> list[str]:
    return [name for name in there_are if not names or name in names or f"{name} ({database})" in names]


def _measure_on(database: str, names: list[str]) -> bool:
    """Whether any page is over a limit there. Raises SystemExit where the measuring itself failed."""
    process = subprocess.Popen([sys.executable, "-m", "bench.on_database", database, *names])  # noqa: S603 - ourselves
    try:
        code = process.wait()
    finally:
        process.terminate()  # told to stop, it stops its database, too
        process.wait()
    if code not in {0, 1}:
        sys.exit(code if code > 0 else 1)
    return code == 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
