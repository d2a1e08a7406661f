"""Draws the pages of a file as pictures. A program of its own, because it opens what strangers have sent.

    python -I rendering.py CONTENT_TYPE SOURCE FOLDER

`portfolio/files/confined.py` runs it, with limits on memory, time and what it may write. It knows neither the database
nor the settings, and may crash without harm. It leaves `1.webp`, `2.webp`, … in the folder, and `made.json`, which it
writes again after each picture, so that what was drawn before a time limit is kept. It draws from pixels alone: nothing
else of the file (place, camera, comments, scripts) comes along.

What is much taller than it is wide, a screenshot of a long chat, is cut into pieces that can be read. Each piece of a
picture is a page; those of a page of a PDF belong to that page.
"""

import json
import math
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pillow_heif
import pypdfium2
from PIL import Image, ImageCms, ImageFile, ImageOps, ImageSequence

FORMAT = 2  # of made.json and the pictures beside it; with another number all previews are drawn again
PAGES_AT_MOST = 20  # pictures, whether pages or pieces of one
LONG_EDGE = 1600  # pixels of a picture
ELONGATED = 2.5  # times as long as wide, or more: no phone's screen is, and no sheet of paper
WIDE_EDGE = 3200  # pixels across, of a picture that is so wide
PIECE_WIDTH = 1200  # pixels across, of a picture that is so tall; its pieces are LONG_EDGE high
OVERLAP = 40  # pixels that a piece has of the one before: a line of text that is cut can be read in the next
PIXELS_AT_MOST = 100_000_000  # of the original: the largest that phones take but for a few
JPEG_PIXELS_AT_MOST = 250_000_000  # of which a small one can be decoded at once
POINTS_TO_PIXELS_AT_MOST = 2.0  # a tiny page is enlarged no further than this
SECONDS_AT_MOST = 40  # for all pages; the process itself gets a little more

PICTURES = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/heic": ("HEIF",),
    "image/webp": ("WEBP",),
    "image/gif": ("GIF",),
    "image/tiff": ("TIFF",),
}
PDF = "application/pdf"
LYING = {5, 6, 7, 8}  # the values of the orientation in EXIF by which a picture is stored on its side
BEGAN = time.monotonic()


class Undrawable(Exception):
    """It cannot be drawn; the argument says why, in the words of made.json."""


def main(content_type: str, source: Path, folder: Path) -> None:
    """Draw the pages of `source` into `folder`."""
    pages: list[tuple[int, int, int]] = []  # width and height of a picture, and the page that it is of
    made = {"format": FORMAT, "pages": pages, "count": 0, "fault": ""}
    try:
        for picture, page, count in _pages(content_type, source):
            pages.append((*picture.size, page))
            made["count"] = count
            picture.save(folder / f"{len(pages)}.webp", "WEBP", quality=82, method=2)
            _note(folder, made)
            if len(pages) == PAGES_AT_MOST:
                break
    except Undrawable as why:
        made["fault"] = why.args[0]
    except MemoryError:
        made["fault"] = "too_large"
    except Exception:  # the libraries raise all kinds of errors for a damaged file
        made["fault"] = "damaged"
    _note(folder, made)


# A picture, the number of the page that it shows or is a piece of, and how many pages there are in all.
Drawn = tuple[Image.Image, int, int]


def _pages(content_type: str, source: Path) -> Iterator[Drawn]:
    """Yield what there is to see, from the beginning."""
    if content_type == PDF:
        return _pdf_pages(source)
    if content_type == "image/tiff":
        return _scanned_pages(source)
    return _picture_pieces(source, PICTURES[content_type])


def _note(folder: Path, made: dict[str, object]) -> None:
    new = folder / "made.json.new"
    new.write_text(json.dumps(made), encoding="utf-8")
    new.replace(folder / "made.json")


def _be_in_time() -> None:
    if time.monotonic() - BEGAN > SECONDS_AT_MOST:
        raise Undrawable("slow")


# --- Sizes ------------------------------------------------------------------------------------------


def _bounds(width: float, height: float) -> tuple[int, int]:
    """Return the size in pixels within which something of this shape is drawn."""
    if height > ELONGATED * width:
        return PIECE_WIDTH, 1_000_000
    if width > ELONGATED * height:
        return WIDE_EDGE, LONG_EDGE
    return LONG_EDGE, LONG_EDGE


def _pieces(width: int, height: int) -> list[tuple[int, int]]:
    """Return where each piece of a picture begins and ends, in pixels from its top."""
    if height <= max(LONG_EDGE, ELONGATED * width):
        return [(0, height)]
    count = math.ceil((height - OVERLAP) / (LONG_EDGE - OVERLAP))
    each = math.ceil((height + (count - 1) * OVERLAP) / count)
    tops = [number * (each - OVERLAP) for number in range(count)]
    return [(top, min(top + each, height)) for top in tops]


# --- Pictures ---------------------------------------------------------------------------------------


def _picture_pieces(source: Path, formats: tuple[str, ...]) -> Iterator[Drawn]:
    """Yield the picture, or the pieces of a tall one; of a moving picture, the first frame."""
    is_cut_off = False
    try:
        picture = _picture(source, formats)
    except OSError:  # it may have lost its end, as a browser would not mind
        ImageFile.LOAD_TRUNCATED_IMAGES = is_cut_off = True
        picture = _picture(source, formats)
        if picture.getcolors(1):  # all of it of one colour
            raise  # nothing is left to see
    pieces = _pieces(*picture.size)
    for number, (top, bottom) in enumerate(pieces, start=1):
        yield picture.crop((0, top, picture.width, bottom)), number, len(pieces)
    if is_cut_off:
        raise Undrawable("cut_off")


def _picture(source: Path, formats: tuple[str, ...]) -> Image.Image:
    with Image.open(source, formats=formats) as opened:
        return drawn(opened)


def _scanned_pages(source: Path) -> Iterator[Drawn]:
    """Yield each page of a TIFF, which scanners make."""
    with Image.open(source, formats=PICTURES["image/tiff"]) as opened:
        count = getattr(opened, "n_frames", 1)
        for number, frame in enumerate(ImageSequence.Iterator(opened), start=1):
            _be_in_time()
            picture = drawn(frame)
            for top, bottom in _pieces(*picture.size):
                yield picture.crop((0, top, picture.width, bottom)), number, count


def drawn(picture: Image.Image, *, in_full: bool = False) -> Image.Image:
    """Return the picture upright, within bounds unless `in_full`, in plain sRGB on white, with only its pixels."""
    limit = JPEG_PIXELS_AT_MOST if not in_full and picture.format in {"JPEG", "MPO"} else PIXELS_AT_MOST
    if picture.width * picture.height > limit:
        raise Undrawable("too_large")
    if picture.format == "TIFF":
        picture.load()  # Pillow turns these itself
    turned = picture.getexif().get(0x0112, 1)
    profile = picture.info.get("icc_profile")
    if picture.mode in {"P", "PA", "1", "LA"}:
        picture = picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    elif picture.mode.startswith(("I", "F")):  # sixteen bits a pixel, from scanners
        picture = picture.convert("F").point(lambda value: value / 257).convert("L")
    if not in_full:
        across, along = (picture.height, picture.width) if turned in LYING else picture.size
        bounds = _bounds(across, along)
        picture.thumbnail(bounds[::-1] if turned in LYING else bounds)
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            srgb = ImageCms.createProfile("sRGB")
            picture = (
                ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(BytesIO(profile)), srgb, outputMode=mode)
                or picture
            )
    plain = Image.new("RGB", picture.size, "white")
    if "A" in picture.getbands():
        with_alpha = picture.convert("RGBA")
        plain.paste(with_alpha, mask=with_alpha.getchannel("A"))
    else:
        plain.paste(picture.convert("RGB"))
    plain.getexif()[0x0112] = turned
    return ImageOps.exif_transpose(plain) if turned != 1 else plain


# --- PDF --------------------------------------------------------------------------------------------


def _pdf_pages(source: Path) -> Iterator[Drawn]:
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        # 4: a password, 5: a way of locking that is not known (FPDF_GetLastError).
        raise Undrawable("locked" if getattr(error, "err_code", None) in {4, 5} else "damaged") from error
    count = len(document)
    if not count:
        raise Undrawable("damaged")
    document.init_forms()  # what was typed into a form is drawn with it
    for number in range(count):
        _be_in_time()
        page = document[number]
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise Undrawable("damaged")
        across, along = _bounds(width, height)
        scale = min(across / width, along / height, POINTS_TO_PIXELS_AT_MOST)
        for top, bottom in _pieces(math.ceil(width * scale), math.ceil(height * scale)):
            # Each piece by itself: the whole of a page that is very tall would not fit into the memory.
            bitmap = page.render(
                scale=scale, rev_byteorder=True, crop=(0, max(0, height - bottom / scale), 0, top / scale)
            )
            yield bitmap.to_pil().convert("RGB"), number + 1, count
            bitmap.close()
        page.close()


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None  # the limit is our own: it differs between formats
    pillow_heif.register_heif_opener()
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
