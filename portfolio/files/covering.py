"""Covers areas of a picture with black, in its pixels. A program of its own, because it opens what strangers have sent.

    python -m portfolio.files.covering CONTENT_TYPE SOURCE AREAS FOLDER

AREAS is a list in JSON: of each area left, top, right and bottom, as parts of the width and the height of the picture
as people see it, upright. It leaves `covered.png` or `covered.jpg` in the folder, at full size: new pixels, nothing
else of the file, and nothing under the black. `portfolio/files/confined.py` runs it, like rendering.py.
"""

import json
import math
import sys
from pathlib import Path

import pillow_heif
from PIL import Image, ImageDraw

from portfolio.files.rendering import PICTURES, drawn

WITHOUT_LOSS = {"image/png", "image/gif"}  # screenshots and drawings
Area = tuple[float, float, float, float]


def main(content_type: str, source: Path, areas: list[Area], folder: Path) -> None:
    """Leave the covered picture in the folder. Raises whatever the libraries raise for a damaged file."""
    with Image.open(source, formats=PICTURES[content_type]) as opened:
        picture = drawn(opened, in_full=True)
    pen = ImageDraw.Draw(picture)
    for area in areas:
        pen.rectangle(_pixels(area, *picture.size), fill="black")
    if content_type in WITHOUT_LOSS:
        picture.save(folder / "covered.png", "PNG")
    else:
        picture.save(folder / "covered.jpg", "JPEG", quality=92)


def _pixels(area: Area, width: int, height: int) -> tuple[int, int, int, int]:
    """The pixels of an area, its edges included: none is left that it touches."""
    left, top, right, bottom = area
    return (
        math.floor(left * width),
        math.floor(top * height),
        max(math.ceil(right * width) - 1, math.floor(left * width)),
        max(math.ceil(bottom * height) - 1, math.floor(top * height)),
    )


if __name__ == "__main__":
    pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # `drawn` has a limit of its own
    main(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]), Path(sys.argv[4]))
