"""`script/bench` measures everything; `script/bench NAME ...` only what is named.

Prints one line a measure: name, ratio, limit and `ok` or `over`, separated by tabs. Exits 1 when any is
over its limit, 2 for a name that is not a measure. A new measure is a file beside this one and a line in
MEASURES.
"""

import os
import sys

import django

from bench.pairs import Measure


def main(names: list[str]) -> int:
    """Measures and prints; gives the exit code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from bench import recording_form  # noqa: PLC0415 - a measure may import models, which needs the set-up

    measures: tuple[Measure, ...] = (recording_form.MEASURE,)
    known = {measure.name: measure for measure in measures}
    if unknown := [name for name in names if name not in known]:
        sys.stderr.write(f"No measure is called {', '.join(unknown)}. There are: {', '.join(known)}.\n")
        return 2
    is_any_over = False
    for name in names or known:
        measure = known[name]
        ratio = measure.ratio()
        is_over = ratio > measure.limit
        is_any_over |= is_over
        sys.stdout.write(f"{name}\t{ratio:.2f}\t{measure.limit:.2f}\t{'over' if is_over else 'ok'}\n")
        sys.stdout.flush()
    return 1 if is_any_over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
