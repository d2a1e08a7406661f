"""Draws the demo's photos: 1200 by 900, with the particulars that a phone's camera writes into a picture."""

import datetime
import io
import random
from collections.abc import Sequence

import pillow_heif
from PIL import ExifTags, Image, ImageDraw, ImageFilter, ImageFont

SIZE = (1200, 900)
INK = (32, 52, 110)


def sign_picture(words: Sequence[str], day: datetime.date) -> bytes:
    """Return a JPEG of a service desk: a counter, a bell, a plant, and a notice with these lines."""
    picture = _wall((226, 214, 196), (196, 182, 160))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 640, 1200, 900), fill=(122, 84, 56))
    draw.rectangle((0, 625, 1200, 655), fill=(156, 112, 76))
    for x in range(0, 1200, 150):
        draw.line((x, 655, x, 900), fill=(104, 70, 46), width=3)
    draw.rectangle((228, 108, 992, 488), fill=(150, 136, 116))  # the notice's shadow
    draw.rectangle((215, 95, 980, 475), fill=(29, 92, 99), outline=(240, 240, 236), width=8)
    size = 62
    for number, line in enumerate(words):
        _centred(draw, line, (597, 165 + number * 82), size if number == 0 else 44, (250, 250, 245))
    draw.ellipse((520, 560, 680, 650), fill=(205, 170, 70), outline=(140, 110, 40), width=4)  # the bell
    draw.rectangle((505, 640, 695, 655), fill=(70, 60, 50))
    draw.ellipse((590, 545, 610, 567), fill=(140, 110, 40))
    draw.polygon([(930, 625), (1080, 625), (1060, 500), (950, 500)], fill=(166, 92, 62))  # the plant
    for lean in (-110, -60, -15, 35, 85, 125):
        draw.polygon([(1005, 505), (1020, 505), (1010 + lean, 330 - abs(lean) // 3)], fill=(58, 118, 70))
    return _jpeg(picture, day)


def card_picture(printed: str, written: Sequence[str], day: datetime.date) -> bytes:
    """Return a JPEG of a comment card on a table: a printed heading, and these lines by hand."""
    picture = _wall((150, 108, 74), (112, 78, 52))
    card = Image.new("RGB", (980, 660), (250, 247, 238))
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, 980, 96), fill=(29, 92, 99))
    _centred(draw, printed, (490, 48), 40, (255, 255, 255))
    for y in range(180, 640, 78):
        draw.line((40, y, 940, y), fill=(190, 190, 200), width=2)
    for number, line in enumerate(written):
        _by_hand(card, line, (50, 126 + number * 78), INK)
    _lay(picture, card, angle=-3.5)
    return _jpeg(picture, day)


def whiteboard_picture(lines: Sequence[str], day: datetime.date) -> bytes:
    """Return a JPEG of a whiteboard with these lines by hand, the first as its heading."""
    picture = _wall((205, 208, 206), (170, 176, 174))
    board = Image.new("RGB", (1080, 760), (250, 251, 252))
    draw = ImageDraw.Draw(board)
    draw.rectangle((0, 0, 1079, 759), outline=(150, 154, 158), width=14)
    for number, line in enumerate(lines):
        _by_hand(board, line, (60, 50 + number * 84), (170, 40, 44) if number == 0 else INK)
    draw.line((60, 118, 620, 112), fill=(170, 40, 44), width=5)
    _lay(picture, board, angle=1.2)
    return _jpeg(picture, day)


def as_heic(jpeg: bytes) -> bytes:
    """Return the picture of a JPEG as a HEIC, half as wide, with the same particulars."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        smaller = picture.resize((SIZE[0] // 2, SIZE[1] // 2))
        made = pillow_heif.from_pillow(smaller)
        written = io.BytesIO()
        made.save(written, quality=45, exif=picture.getexif().tobytes())
    return written.getvalue()


def _wall(top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Image.Image:
    shade = Image.linear_gradient("L").resize(SIZE)
    return Image.composite(Image.new("RGB", SIZE, bottom), Image.new("RGB", SIZE, top), shade)


def _centred(draw: ImageDraw.ImageDraw, text: str, at: tuple[int, int], size: int, colour: tuple[int, ...]) -> None:
    draw.text(at, text, font=ImageFont.load_default(size), fill=colour, anchor="mm")


def _by_hand(paper: Image.Image, text: str, at: tuple[int, int], colour: tuple[int, int, int]) -> None:
    """Write a line letter by letter, none of them quite upright."""
    chance = random.Random(text)  # noqa: S311 - no secret is made of it
    font = ImageFont.load_default(42)
    x, y = at
    for letter in text:
        width = round(font.getlength(letter))
        if letter != " ":
            mark = Image.new("L", (width + 24, 72))
            ImageDraw.Draw(mark).text((12, 8), letter, font=font, fill=255)
            mark = mark.rotate(chance.uniform(-9, 5), resample=Image.Resampling.BICUBIC)
            paper.paste(colour, (x - 12, y + chance.randint(-3, 3)), mark)
        x += width + chance.randint(-1, 2)


def _lay(picture: Image.Image, sheet: Image.Image, *, angle: float) -> None:
    """Lay a sheet in the middle of the picture, turned a little, with a shadow."""
    outline = Image.new("L", sheet.size, 255).rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    turned = sheet.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    x, y = (SIZE[0] - turned.width) // 2, (SIZE[1] - turned.height) // 2
    shadow = Image.new("L", SIZE)
    shadow.paste(outline.point(lambda value: value // 2), (x + 16, y + 20))
    picture.paste((30, 24, 20), (0, 0), shadow.filter(ImageFilter.BoxBlur(12)))
    picture.paste(turned, (x, y), outline)


def _jpeg(picture: Image.Image, day: datetime.date) -> bytes:
    grain = Image.effect_noise(SIZE, 22).convert("RGB")
    picture = Image.blend(picture, grain, 0.06)
    taken = f"{day:%Y:%m:%d} 14:2{day.day % 10}:07"
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Countersign"
    exif[ExifTags.Base.Model] = "Demo phone"
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.DateTime] = taken
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=78, exif=exif)
    return written.getvalue()
