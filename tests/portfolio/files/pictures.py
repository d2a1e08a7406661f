"""Pictures as phones take them, and what was drawn of a file."""

from io import BytesIO

from PIL import ExifTags, Image

from portfolio.files.previews import Preview, page_path, preview_of
from portfolio.models import EvidenceFile


def seen(file: EvidenceFile) -> Preview:
    """What was drawn of the file."""
    preview = preview_of(file)
    assert preview is not None
    return preview


def opened(file: EvidenceFile, page: int = 1) -> Image.Image:
    return Image.open(page_path(file, page))


def saved(image: Image.Image, form: str, **options) -> bytes:
    data = BytesIO()
    image.save(data, form, **options)
    return data.getvalue()


def with_particulars() -> Image.Exif:
    """What a phone writes into a picture: where it was taken, and that it was held upright."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Phone of Pat"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (51.0, 28.0, 38.0)
    return exif


def red_top(form: str = "JPEG", size: tuple[int, int] = (3000, 2000), **options) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0], size[1] // 2))
    return saved(image, form, **options)
