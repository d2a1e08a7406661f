"""Makes of ranges of pages of a PDF a PDF each. A program of its own, because it opens what strangers have sent.

    python -I pdf_parts.py SOURCE FOLDER 3-5 6-6 …

`portfolio/files/pdf_splitting.py` runs it, with limits on memory, time and what it may write. It leaves `1.pdf`,
`2.pdf`, … in the folder, one for each range, and its exit status says what else came of it.
"""

import sys
from pathlib import Path

DAMAGED, UNWRITTEN = 11, 12  # its exit status; Python itself ends with 1 and 2


def main(source: Path, folder: Path, ranges: list[str]) -> int:
    """Make the parts, and return the exit status."""
    import pypdfium2  # noqa: PLC0415 - not in the processes that only ask

    try:
        document = pypdfium2.PdfDocument(source)
        document.init_forms()
        for number, words in enumerate(ranges, start=1):
            first, last = map(int, words.split("-"))
            pages = list(range(first - 1, last))
            for page in map(document.__getitem__, pages if document.formenv else ()):
                page.flatten()  # what was typed into a form stays behind in the document else
                page.close()
            part = pypdfium2.PdfDocument.new()
            part.import_pages(document, pages)
            try:
                part.save(folder / f"{number}.pdf")
            except (pypdfium2.PdfiumError, OSError):
                return UNWRITTEN
            part.close()
    except (pypdfium2.PdfiumError, IndexError):
        return DAMAGED
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
