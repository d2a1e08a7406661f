"""Tells sound and film from their bytes: containers of boxes, and frames of sound that have no header."""

import re
from typing import BinaryIO

from portfolio.files.content_kinds import Content

HEAD = 64 * 1024  # bytes looked at behind a tag

# Registered brands of ISO base media files (https://mp4ra.org/registered-types/brands).
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_BY_BRAND = {
    b"qt ": Content.QUICKTIME,
    b"M4A": Content.M4A,
    b"M4B": Content.M4A,
    b"3gp": Content.THREE_GP,
    b"3g2": Content.THREE_GP,
}
_OLD_QUICKTIME = {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}


def in_boxes(head: bytes) -> Content | None:
    """Tell apart pictures, sound and films inside ISO base media files (ISO/IEC 14496-12)."""
    kind = head[4:8]
    if kind in _OLD_QUICKTIME and head[0] < 9:  # a size below 150 MB; a text may well begin with "You skip"
        return Content.QUICKTIME
    if kind != b"ftyp" or head[0]:
        return None
    length = min(int.from_bytes(head[:4], "big"), 512)
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, length, 4))}
    if b"avif" in brands or b"avis" in brands:
        return Content.UNKNOWN
    if brands & _HEIC_BRANDS or major in {b"mif1", b"msf1"}:
        return Content.HEIC
    return _BY_BRAND.get(major[:3], Content.MP4)


_CLUSTER = b"\x1f\x43\xb6\x75"  # where sound and picture begin (RFC 9559)
_OF_SOUND = re.compile(rb"\x86[\x81-\xbf]A_")  # CodecID, its length, and the encodings of sound or of pictures
_OF_PICTURES = re.compile(rb"\x86[\x81-\xbf]V_")


def in_webm(head: bytes) -> Content:
    """Tell sound from film in WebM, which has the same ending: browsers record both in it."""
    tracks = head.partition(_CLUSTER)[0]
    return Content.WEBM_SOUND if _OF_SOUND.search(tracks) and not _OF_PICTURES.search(tracks) else Content.WEBM


def in_sound_frames(file: BinaryIO, head: bytes) -> Content | None:
    """Find two frames of MP3 or AAC in a row, after any tag: neither has a header of its own."""
    at = 0
    if head.startswith(b"ID3") and len(head) >= 10:
        size = 0
        for byte in head[6:10]:
            size = size << 7 | (byte & 0x7F)
        at = 10 + size
        file.seek(at)
        head = file.read(HEAD)
    for start in range(len(head) - 6):
        if head[start] != 0xFF or head[start + 1] & 0xE0 != 0xE0:
            if not at and head[start]:
                return None  # without a tag only padding may come before the first frame
            continue
        content, length = _frame(head, start)
        if content is None or length <= 0:
            if not at:
                return None
            continue
        after, _ = _frame(head, start + length)
        if after is content or start + length >= len(head):
            return content
    return None


_LOOKED_THROUGH = 4 * 1024 * 1024  # bytes: more than the picture of any cover
_IN_A_ROW = 5  # frames; ffmpeg asks for fewer
_MAY_BEGIN = re.compile(rb"\xff[\xe2\xe3\xf0-\xf3\xf8-\xfb]")


def in_sound_further_on(file: BinaryIO) -> Content | None:
    """Find several frames in a row anywhere, as players do: a tag may say too little, a recording be cut at its start.

    Only for a file that is not known for anything else: films hold such frames too.
    """
    file.seek(0)
    data = file.read(_LOOKED_THROUGH)
    found = (_in_a_row(data, begin.start()) for begin in _MAY_BEGIN.finditer(data))
    return next(filter(None, found), None)


def _in_a_row(data: bytes, at: int) -> Content | None:
    """Return whose frames begin at `at`, one after the other."""
    first, length = _frame(data, at)
    for _ in range(_IN_A_ROW - 1):
        at += length
        content, length = _frame(data, at)
        if content is not first or length <= 0:
            return None
    return first


# Kilobits a second by bitrate index for layer III (ISO/IEC 11172-3 and 13818-3).
_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def _frame(data: bytes, at: int) -> tuple[Content | None, int]:
    """Return which sound's frame begins at `at`, and its length in bytes."""
    header = data[at : at + 6]
    if len(header) < 6 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return None, 0
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    if header[1] & 0xF6 == 0xF0:  # ADTS
        return Content.AAC, (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    bitrate, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if layer != 1 or version == 1 or rate == 3 or bitrate in {0, 15}:
        return None, 0
    kilobits = (_MPEG1 if version == 3 else _MPEG2)[bitrate]
    samples = 144 if version == 3 else 72
    return Content.MP3, samples * kilobits * 1000 // _SAMPLE_RATES[version][rate] + padding
