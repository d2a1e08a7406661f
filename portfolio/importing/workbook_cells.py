"""Reads the first sheet of a workbook. A program of its own, because it opens what strangers have sent.

    python -I workbook_cells.py SOURCE TARGET ROWS LAST_ROW COLUMNS

`portfolio/importing/workbooks.py` runs it, with limits on memory and time. It leaves a line of JSON for each row that
has something in it, at most ROWS: its number, and its cells. A cell is what JSON can say, or a list: `["formula"]`,
`["datetime", "2026-12-31T00:00:00"]`, `["date", "2026-12-31"]`. What stands below LAST_ROW is a line `[number, []]`.
"""

import datetime
import json
import sys
from pathlib import Path
from typing import Any


def main(source: Path, target: Path, rows: int, last_row: int, columns: int) -> None:
    """Write the rows. Raises anything for what is no workbook."""
    from openpyxl import load_workbook  # noqa: PLC0415 - not in the processes that only ask

    with source.open("rb") as content, target.open("w", encoding="utf-8") as lines:
        sheet = load_workbook(content, read_only=True, data_only=False, keep_links=False).worksheets[0]
        sheet.reset_dimensions()  # what it says of its size may be wrong
        for number, cells in enumerate(sheet.iter_rows(max_row=last_row + 1, max_col=columns), start=1):
            said = [] if number > last_row else [_said(cell) for cell in cells]
            if number <= last_row and all(cell is None or cell == "" for cell in said):
                continue
            lines.write(f"{json.dumps([number, said])}\n")
            rows -= 1
            if not rows:
                break


def _said(cell: Any) -> Any:
    if cell.data_type == "f":
        return ["formula"]
    match cell.value:
        case None | bool() | int() | float() | str():
            return cell.value
        case datetime.datetime() | datetime.date() as day:
            return [type(day).__name__, day.isoformat()]
        case other:
            return str(other)


if __name__ == "__main__":
    source, target = map(Path, sys.argv[1:3])
    main(source, target, *map(int, sys.argv[3:]))
