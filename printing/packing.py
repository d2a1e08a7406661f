"""Packs many PDFs into one file. A program of its own, so that the memory it takes goes with it.

    python -m printing.packing OUTPUT

It reads from its input, as JSON, the `title` and the `parts`: each has the `path` of its PDF, what it is `called`, and
the `group` that it belongs to, if any. An OUTPUT that ends with .zip gets each PDF under its name, as it is; any other
is a PDF with all their pages and a bookmark for each part, under its group where several parts in a row have the same.
"""

import json
import sys
import zipfile
from itertools import groupby
from pathlib import Path
from typing import Any

Part = dict[str, str]


def pack_pdf(output: Path, title: str, parts: list[Part]) -> None:
    """Join the parts, in their order. A tree of tags stays behind with each: only single PDFs are tagged."""
    import pikepdf  # noqa: PLC0415 - not in the processes that only ask

    with pikepdf.new() as joined:
        begins = []
        for part in parts:
            begins.append(len(joined.pages))
            with pikepdf.open(part["path"]) as one:
                joined.pages.extend(one.pages)
        marks = [
            (part["group"], pikepdf.OutlineItem(part["called"], page)) for part, page in zip(parts, begins, strict=True)
        ]
        with joined.open_outline() as outline:
            for group, grouped in groupby(marks, key=lambda mark: mark[0]):
                items = [item for _, item in grouped]
                if group:
                    above = pikepdf.OutlineItem(group, items[0].destination)
                    above.is_closed = len(marks) > 40
                    above.children.extend(items)
                    items = [above]
                outline.root.extend(items)
        with joined.open_metadata() as about:
            about["dc:title"] = title
        joined.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        joined.Root.Lang = pikepdf.String("en-GB")
        joined.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def pack_zip(output: Path, parts: list[Part]) -> None:
    """Put each PDF into a ZIP under its name, with its place before it, so that no two have the same."""
    digits = len(str(len(parts)))
    with zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as packed:  # a PDF is compressed already
        for place, part in enumerate(parts, start=1):
            packed.write(part["path"], f"{place:0{digits}} {part['file_name']}")


def main(output: Path, asked: dict[str, Any]) -> None:
    """Pack what is asked for."""
    if output.suffix == ".zip":
        pack_zip(output, asked["parts"])
    else:
        pack_pdf(output, asked["title"], asked["parts"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.load(sys.stdin))
