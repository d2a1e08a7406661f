"""Draws the pages of a file as pictures. A program of its own, because it opens what strangers have sent.

    python -I rendering.py CONTENT_TYPE SOURCE FOLDER

It runs with limits on memory, time and what it may write, knows neither the database nor the settings, and
may crash without harm. It leaves `1.webp`, `2.webp`, … in the folder, and `made.json`, which it writes again after
each page, so that what was drawn before a time limit is kept. It draws from pixels alone: nothing else of the
file (place, camera, comments, scripts) comes along.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pillow_heif
import pypdfium2
from PIL import Image, ImageCms, ImageOps, ImageSequence

FORMAT = 1  # of made.json and the pictures beside it; with another number all previews are drawn again
PAGES_AT_MOST = 20
LONG_EDGE = 1600  # pixels of a picture
PIXELS_AT_MOST = 100_000_000  # of the original: the largest that phones take but for a few
JPEG_PIXELS_AT_MOST = 250_000_000  # of which a small one can be decoded at once
POINTS_TO_PIXELS_AT_MOST = 4.0  # a tiny page is enlarged no further than this
SECONDS_AT_MOST = 40  # for all pages; the process itself gets a little more

MEMORY_AT_MOST = 2 * 1024**3  # bytes
CPU_AT_MOST = 60  # seconds; it is told to stop five before
WRITES_AT_MOST = 16 * 1024**2  # bytes a file

PICTURES = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/heic": ("HEIF",),
    "image/webp": ("WEBP",),
    "image/gif": ("GIF",),
    "image/tiff": ("TIFF",),
}
PDF = "application/pdf"


class Undrawable(Exception):
    """It cannot be drawn; the argument says why, in the words of made.json."""


def main(content_type: str, source: Path, folder: Path) -> None:
    """Draw the pages of `source` into `folder`."""
    began = time.monotonic()
    pages: list[tuple[int, int]] = []
    made = {"format": FORMAT, "pages": pages, "count": 0, "fault": ""}
    try:
        for picture, count in _pages(content_type, source):
            pages.append(picture.size)
            made["count"] = count
            picture.save(folder / f"{len(pages)}.webp", "WEBP", quality=82, method=2)
            _note(folder, made)
            if len(pages) < min(count, PAGES_AT_MOST) and time.monotonic() - began > SECONDS_AT_MOST:
                raise Undrawable("slow")
    except Undrawable as why:
        made["fault"] = why.args[0]
    except MemoryError:
        made["fault"] = "too_large"
    except Exception:  # the libraries raise all kinds of errors for a damaged file
        made["fault"] = "damaged"
    _note(folder, made)


def _pages(content_type: str, source: Path) -> Iterator[tuple[Image.Image, int]]:
    """Yield the first pages, each with how many there are in all."""
    if content_type == PDF:
        return _pdf_pages(source)
    return _picture_pages(source, PICTURES[content_type])


def _note(folder: Path, made: dict[str, object]) -> None:
    new = folder / "made.json.new"
    new.write_text(json.dumps(made), encoding="utf-8")
    new.replace(folder / "made.json")


# --- Pictures ---------------------------------------------------------------------------------------


def _picture_pages(source: Path, formats: tuple[str, ...]) -> Iterator[tuple[Image.Image, int]]:
    """Yield the picture; of a TIFF, which scanners make, each page; of a moving picture, the first frame."""
    Image.MAX_IMAGE_PIXELS = None  # the limit is our own: it differs between formats
    with Image.open(source, formats=formats) as opened:
        if formats != ("TIFF",):
            yield _drawn(opened), 1
            return
        count = getattr(opened, "n_frames", 1)
        for number, frame in enumerate(ImageSequence.Iterator(opened)):
            if number == PAGES_AT_MOST:
                return
            yield _drawn(frame), count


def _drawn(picture: Image.Image) -> Image.Image:
    """Return the picture upright, within bounds, in plain sRGB on white, with nothing but its pixels."""
    limit = JPEG_PIXELS_AT_MOST if picture.format in {"JPEG", "MPO"} else PIXELS_AT_MOST
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
    picture.thumbnail((LONG_EDGE, LONG_EDGE))
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


def _pdf_pages(source: Path) -> Iterator[tuple[Image.Image, int]]:
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        # 4: a password, 5: a way of locking that is not known (FPDF_GetLastError).
        raise Undrawable("locked" if getattr(error, "err_code", None) in {4, 5} else "damaged") from error
    count = len(document)
    if not count:
        raise Undrawable("damaged")
    document.init_forms()  # what was typed into a form is drawn with it
    for number in range(min(count, PAGES_AT_MOST)):
        page = document[number]
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise Undrawable("damaged")
        scale = min(LONG_EDGE / max(width, height), POINTS_TO_PIXELS_AT_MOST)
        bitmap = page.render(scale=scale, rev_byteorder=True)
        yield bitmap.to_pil().convert("RGB"), count
        bitmap.close()
        page.close()


def _limit() -> None:
    """Give up for good the resources that are not needed."""
    os.nice(5)  # pages come first
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_AT_MOST),
        (resource.RLIMIT_CPU, CPU_AT_MOST),
        (resource.RLIMIT_FSIZE, WRITES_AT_MOST),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        hard = resource.getrlimit(what)[1]
        limit = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # At the hard time limit the system kills just as it does when memory is short, so the soft limit comes first.
        soft = max(1, limit - 5) if what == resource.RLIMIT_CPU else limit
        resource.setrlimit(what, (soft, limit))


if __name__ == "__main__":
    _limit()
    pillow_heif.register_heif_opener()
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
