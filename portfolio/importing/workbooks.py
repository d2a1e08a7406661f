"""Has a workbook read by a program of its own, within limits: what opens it may take much memory, or for ever."""

import datetime
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from portfolio.files.confined import Failed, run_confined

SECONDS_AT_MOST = 30
MEMORY_AT_MOST = 1024**3  # bytes
WRITES_AT_MOST = 64 * 1024**2  # bytes
PROGRAM = settings.BASE_DIR / "portfolio" / "importing" / "workbook_cells.py"


class WorkbookUnreadable(Exception):
    """It cannot be read within the limits; most often it is no workbook."""


def workbook_rows(
    path: Path, *, formula: object, rows: int, last_row: int, columns: int
) -> Iterator[tuple[int, list[object]]]:
    """The rows that have something in them, at most so many, with their numbers; `formula` stands for each formula.

    A row below `last_row` has no cells. Raises WorkbookUnreadable.
    """
    target = path.with_name(f"{path.name}.rows")
    command = [sys.executable, "-I", str(PROGRAM), str(path), str(target), str(rows), str(last_row), str(columns)]
    try:
        run_confined(command, folder=path.parent, seconds=SECONDS_AT_MOST, memory=MEMORY_AT_MOST, writes=WRITES_AT_MOST)
        with target.open(encoding="utf-8") as lines:
            for line in lines:
                number, cells = json.loads(line)
                yield number, [_cell(said, formula) for said in cells]
    except Failed as error:
        raise WorkbookUnreadable from error
    finally:
        target.unlink(missing_ok=True)


def _cell(said: Any, formula: object) -> object:
    match said:
        case ["formula"]:
            return formula
        case ["datetime", at]:
            return datetime.datetime.fromisoformat(at)
        case ["date", day]:
            return datetime.date.fromisoformat(day)
        case _:
            return said
