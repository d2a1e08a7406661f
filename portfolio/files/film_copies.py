"""Makes a copy of a film, or of sound in WebM, that every browser plays, where ffmpeg is installed.

It is made in parts, each a piece of work of its own, so that nobody else's waits longer than for one. They lie in a
folder until they are joined: `film.json` is what ffprobe says of the film, `sound.m4a` its sound, `0.mp4`, `1.mp4`, …
its picture, ten seconds in each. A part that is there is not made again.

What a browser records does not say how long it is, and no player can seek in it: it is copied whatever it holds.
`whole.webm` is such a film with its length.
"""

import functools
import json
import math
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from portfolio.files.confined import Failed, run_confined

MINUTES_AT_MOST = 20  # of a film
PART = 10  # seconds of film
FRAMES = 30  # a second: a steady number, so that each part is as long as it should be and the sound stays with it
SECONDS_AT_MOST = 120  # for one part, by the clock and of computing
MEMORY_AT_MOST = 2 * 1024**3  # bytes
WHOLE = "whole.webm"
WRITES_AT_MOST = 512 * 1024**2  # bytes a file: twenty minutes have no more at the rate below

# The formats that films come in, and sound like them. Each is opened as what it is and as nothing else: a list of other
# files is not.
_OPENED_AS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "video/webm": "matroska",
    "audio/webm": "matroska",
}
_PLAYED_PICTURES = {"h264", "vp8", "vp9", "av1"}
_PLAYED_COLOURS = {"yuv420p", "yuvj420p"}
_PLAYED_SOUNDS = {"aac", "mp3", "opus", "vorbis", "flac"}

_SIZE = "scale=w='if(gte(iw,ih),-2,trunc(min(720,iw)/2)*2)':h='if(gte(iw,ih),trunc(min(720,ih)/2)*2,-2)'"
_PICTURE = (
    "-an", "-sn", "-dn", "-vf", f"{_SIZE},fps={FRAMES}:start_time=0,format=yuv420p", "-c:v", "libx264",
    "-preset", "veryfast", "-crf", "26", "-maxrate", "2500k", "-bufsize", "5000k",
)  # fmt: skip
_SOUND = ("-vn", "-sn", "-dn", "-c:a", "aac", "-b:a", "128k", "-ac", "2")


@dataclass(frozen=True, kw_only=True)
class Film:
    """What there is to know of a film: how long it is, what is in it, and whether every browser plays it as it is."""

    seconds: float
    has_picture: bool
    has_sound: bool
    plays: bool


def is_copied(content_type: str) -> bool:
    """Whether films or sound of this type are looked at, and copied if they need it."""
    return content_type in _OPENED_AS and _has_tools()


@functools.cache
def _has_tools() -> bool:
    return all(shutil.which(tool) for tool in ("ffmpeg", "ffprobe"))


def film_of(source: Path, content_type: str, parts: Path, *, seconds: int) -> Film:
    """Look at a film, for so many `seconds` at most. Raises Failed."""
    film = _looked_at(source, content_type, parts / "film.json", seconds)
    if film.seconds or not film.has_picture or content_type != "video/webm":
        return film
    whole = parts / WHOLE
    if not whole.exists():
        kept = ("-map", "0:v:0", "-map", "0:a:0?", "-c", "copy")
        _make(whole, *_input(source, content_type), *kept, seconds=seconds)
    return replace(_looked_at(whole, content_type, parts / "whole.json", seconds), plays=False)


def _looked_at(source: Path, content_type: str, said: Path, seconds: int) -> Film:
    if not said.exists():
        new = said.with_name(f"{said.name}.new")
        look = ("-show_streams", "-show_format", "-of", "json", "-o", str(new), *_input(source, content_type))
        _run("ffprobe", *look, seconds=seconds)
        new.replace(said)
    try:
        return _film(json.loads(said.read_bytes()), content_type)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failed("damaged") from error


def _film(said: dict[str, Any], content_type: str) -> Film:
    streams = said["streams"]
    pictures = [
        stream
        for stream in streams
        if stream.get("codec_type") == "video" and not stream.get("disposition", {}).get("attached_pic")
    ]
    sounds = [stream for stream in streams if stream.get("codec_type") == "audio"]
    plays = (
        content_type not in {"video/3gpp", "audio/webm"}
        and all(one.get("codec_name") in _PLAYED_PICTURES for one in pictures[:1])
        and all(one.get("pix_fmt") in _PLAYED_COLOURS for one in pictures[:1])
        and all(one.get("codec_name") in _PLAYED_SOUNDS for one in sounds[:1])
    )
    seconds = float(said["format"].get("duration", 0))
    return Film(seconds=seconds, has_picture=bool(pictures), has_sound=bool(sounds), plays=plays)


def make_next_part(source: Path, content_type: str, film: Film, parts: Path) -> bool:
    """Make the first part that is missing; return False if none is. Raises Failed."""
    if (parts / WHOLE).exists():
        source = parts / WHOLE
    if film.has_sound and not (parts / "sound.m4a").exists():
        _make(parts / "sound.m4a", *_input(source, content_type), "-map", "0:a:0", *_SOUND)
        return True
    for number, part in enumerate(_pieces(film, parts)):
        if not part.exists():
            start = ("-ss", str(number * PART))
            length = ("-t", str(PART))
            _make(part, *start, *_input(source, content_type), "-map", "0:v:0", *length, *_PICTURE)
            return True
    return False


def join(film: Film, parts: Path, copy: Path) -> None:
    """Make the copy out of the parts, which are all there. Raises Failed."""
    if not film.has_picture:
        _make(copy, "-i", str(parts / "sound.m4a"), "-map", "0:a:0", "-c", "copy", "-movflags", "+faststart")
        return
    listed = parts / "list.txt"
    # A film's own length may be that of its sound: then the last part is empty.
    full = [part.name for part in _pieces(film, parts) if part.stat().st_size > 1000]  # bytes
    listed.write_text("".join(f"file {name}\n" for name in full), encoding="ascii")
    sound = ("-i", str(parts / "sound.m4a"), "-map", "1:a:0") if film.has_sound else ()
    source = ("-f", "concat", "-i", str(listed))
    _make(copy, *source, *sound[:2], "-map", "0:v:0", *sound[2:], "-c", "copy", "-movflags", "+faststart")


def _pieces(film: Film, parts: Path) -> list[Path]:
    if not film.has_picture:
        return []
    return [parts / f"{number}.mp4" for number in range(max(1, math.ceil(film.seconds / PART)))]


def _input(source: Path, content_type: str) -> tuple[str, ...]:
    return "-protocol_whitelist", "file", "-f", _OPENED_AS[content_type], "-i", str(source)


def _make(result: Path, *options: str, seconds: int = SECONDS_AT_MOST) -> None:
    """Have ffmpeg make a file, which is there whole or not at all."""
    new = result.with_stem(f"{result.stem}-new")
    _run("ffmpeg", "-nostdin", "-y", *options, "-map_metadata", "-1", "-threads", "2", str(new), seconds=seconds)
    new.replace(result)


def _run(tool: str, *options: str, seconds: int) -> None:
    program = shutil.which(tool)
    if program is None:
        raise Failed("killed")
    folder = Path(options[-1]).parent
    try:
        run_confined(
            [program, "-v", "error", *options],
            folder=folder, seconds=seconds, memory=MEMORY_AT_MOST, writes=WRITES_AT_MOST,
        )  # fmt: skip
    except Failed as why:
        if (why.returncode or 0) > 0:  # it ended by itself, and could not
            raise Failed("damaged", why.returncode) from why
        raise
