"""Reads the text of a document, to be shown as plain text and tables. A program of its own, like rendering.py.

    python -m portfolio.files.reading CONTENT_TYPE SOURCE FOLDER

It leaves `made.json` in the folder. Each of its `blocks` has a `title`, and the `lines` of a text or the `rows` of a
table. A row is its number in a sheet (0 elsewhere) and its cells. `first` is how many lines and rows are shown, if
there are more of them.
"""

import json
import sys
from pathlib import Path

from portfolio.files.reading.blocks import Enough, Shown, Unreadable
from portfolio.files.reading.documents import read_document
from portfolio.files.reading.texts import read_csv, read_email, read_text

FORMAT = 2  # of made.json; the same as in rendering.py


def main(content_type: str, source: Path, folder: Path) -> None:
    """Read `source` and leave what is to be shown in `folder`."""
    shown, first, fault = Shown(), 0, ""
    try:
        fault = read(content_type, source, shown)
    except Enough:
        first = shown.first
        fault = "plain" if content_type.startswith("application/") else ""
    except Unreadable as why:
        fault = why.args[0]
    except MemoryError:
        fault = "too_large"
    except Exception:  # the libraries raise all kinds of errors for a damaged file
        fault = "damaged"
    if fault in {"", "plain"} and not shown.blocks:
        fault = "no_text"
    made = {"format": FORMAT, "pages": [], "count": 0, "fault": fault, "blocks": shown.blocks, "first": first}
    (folder / "made.json").write_text(json.dumps(made), encoding="utf-8")


def read(content_type: str, source: Path, shown: Shown) -> str:
    """Read a file; return "plain" if it has more to show than its text. Raises Enough and Unreadable."""
    with source.open("rb") as file:
        match content_type:
            case "text/plain":
                read_text(file, shown)
            case "text/csv":
                read_csv(file, shown)
            case "message/rfc822":
                read_email(file, shown)
            case _:
                read_document(content_type, file, shown)
                return "plain"
    return ""


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
