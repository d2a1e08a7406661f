"""Which files are taken as evidence, judged by their content, and how a file may be called."""

import enum
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ValidationError

from portfolio.files.file_content import Content, content_of

NAME_AT_MOST = 255  # bytes in UTF-8: what file systems take
# Persian, the scripts of India and many emoji are spelled with these two, which have no shape of their own.
JOINERS = {"\u200c", "\u200d"}


@dataclass(frozen=True, kw_only=True)
class FileType:
    """A kind of file that is taken as evidence: its name for people, its media type, and its file extensions."""

    label: str
    content_type: str
    extensions: tuple[str, ...]  # the first is the usual one
    contents: frozenset[Content]


def _type(label: str, content_type: str, extensions: str, *contents: Content) -> FileType:
    return FileType(
        label=label,
        content_type=content_type,
        extensions=tuple(extensions.split()),
        contents=frozenset(contents),
    )


# Films and sound recordings use the same container, and phones name it as they like.
_MP4 = (Content.MP4, Content.QUICKTIME, Content.M4A, Content.THREE_GP)
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument"

FILE_TYPES = (
    _type("a PDF document", "application/pdf", "pdf", Content.PDF),
    _type("a JPEG picture", "image/jpeg", "jpg jpeg jpe jfif", Content.JPEG),
    _type("a PNG picture", "image/png", "png", Content.PNG),
    _type("a HEIC picture", "image/heic", "heic heif hif", Content.HEIC),
    _type("a WebP picture", "image/webp", "webp", Content.WEBP),
    _type("a GIF picture", "image/gif", "gif", Content.GIF),
    _type("a TIFF picture", "image/tiff", "tiff tif", Content.TIFF),
    _type("an MP3 recording", "audio/mpeg", "mp3", Content.MP3),
    _type("a WAV recording", "audio/wav", "wav wave", Content.WAV),
    _type("an M4A recording", "audio/mp4", "m4a m4b", *_MP4),
    _type("an AAC recording", "audio/aac", "aac", Content.AAC, *_MP4),
    _type("an AMR recording", "audio/amr", "amr", Content.AMR),
    _type("an Ogg recording", "audio/ogg", "ogg oga opus", Content.OGG),
    _type("a FLAC recording", "audio/flac", "flac", Content.FLAC),
    _type("an MP4 film", "video/mp4", "mp4 m4v", *_MP4),
    _type("a MOV film", "video/quicktime", "mov qt", *_MP4),
    _type("a 3GP film", "video/3gpp", "3gp 3gpp 3g2", *_MP4),
    _type("a WebM film", "video/webm", "webm", Content.WEBM),
    _type("a Word document", f"{_OPEN_XML}.wordprocessingml.document", "docx", Content.DOCX),
    _type("an Excel workbook", f"{_OPEN_XML}.spreadsheetml.sheet", "xlsx", Content.XLSX),
    _type("a PowerPoint presentation", f"{_OPEN_XML}.presentationml.presentation", "pptx", Content.PPTX),
    # Older Words saved rich text under this name, and every Word opens it.
    _type("an old Word document", "application/msword", "doc", Content.DOC, Content.RTF),
    _type("an old Excel workbook", "application/vnd.ms-excel", "xls", Content.XLS),
    _type("an old PowerPoint presentation", "application/vnd.ms-powerpoint", "ppt", Content.PPT),
    _type("an OpenDocument text", f"{_OPEN_DOCUMENT}.text", "odt", Content.ODT),
    _type("an OpenDocument spreadsheet", f"{_OPEN_DOCUMENT}.spreadsheet", "ods", Content.ODS),
    _type("an OpenDocument presentation", f"{_OPEN_DOCUMENT}.presentation", "odp", Content.ODP),
    _type("a rich text document", "application/rtf", "rtf", Content.RTF),
    _type("a plain text", "text/plain", "txt text", Content.TEXT, Content.EMAIL),
    _type("a table in plain text", "text/csv", "csv", Content.TEXT, Content.EMAIL),
    _type("an e-mail", "message/rfc822", "eml", Content.EMAIL),
)
CONTENT_TYPES = frozenset(file_type.content_type for file_type in FILE_TYPES)
ACCEPT = ",".join(f".{extension}" for file_type in FILE_TYPES for extension in file_type.extensions)

_BY_EXTENSION = {extension: file_type for file_type in FILE_TYPES for extension in file_type.extensions}
# The type of a content if the file's name says nothing.
_BY_CONTENT: dict[Content, FileType] = {
    Content.MP4: _BY_EXTENSION["mp4"],
    Content.QUICKTIME: _BY_EXTENSION["mov"],
    Content.M4A: _BY_EXTENSION["m4a"],
    Content.THREE_GP: _BY_EXTENSION["3gp"],
    Content.RTF: _BY_EXTENSION["rtf"],
    Content.TEXT: _BY_EXTENSION["txt"],
    Content.EMAIL: _BY_EXTENSION["eml"],
    **{
        content: file_type for file_type in FILE_TYPES if len(file_type.contents) == 1 for content in file_type.contents
    },
    Content.DOC: _BY_EXTENSION["doc"],
    Content.AAC: _BY_EXTENSION["aac"],
}

# Why a kind is not taken: what it is, and what to do.
_WEB_PAGE = "a web page. It can hold a script: print it to a PDF and choose that instead."
_DRAWING = "a drawing in SVG. It can hold a script: print it to a PDF and choose that instead."
_PROGRAM = "a program or a script. Those are not taken as evidence."
_ARCHIVE = "a pack of other files. Unpack it and choose the files themselves."
_MACROS = "a document with macros, which are programs. Save it without them, or as a PDF, and choose that."
_LOCKED = "a document with a password. Save it without one, so that it can be assessed, and choose that."
_FOREIGN = "a file that only the program opens that made it. Export it as a PDF and choose that instead."

_REFUSED_EXTENSIONS = {
    extension: why
    for extensions, why in (
        ("html htm xhtml xht shtml mht mhtml xml xsl hta", _WEB_PAGE),
        ("svg svgz", _DRAWING),
        (
            "exe msi bat cmd com scr pif cpl dll ps1 psm1 sh bash js mjs jse vbs vbe wsf jar apk ipa app dmg "
            "deb rpm lnk url reg php phtml py pl rb class swf",
            _PROGRAM,
        ),
        ("zip 7z rar tar gz tgz bz2 xz zst cab iso", _ARCHIVE),
        ("docm dotm xlsm xltm xlam pptm potm ppsm", _MACROS),
        ("pages numbers key one pub vsd vsdx msg psd indd", _FOREIGN),
    )
    for extension in extensions.split()
}

_REFUSED_CONTENTS = {
    Content.WEB_PAGE: _WEB_PAGE,
    Content.SVG: _DRAWING,
    Content.PROGRAM: _PROGRAM,
    Content.ARCHIVE: _ARCHIVE,
    Content.MACROS: _MACROS,
    Content.LOCKED: _LOCKED,
}


class Look(enum.Enum):
    """How a file is looked at in the browser."""

    PICTURE = "picture"
    PAGES = "pages"
    SOUND = "sound"
    FILM = "film"
    DOCUMENT = "document"
    DOWNLOAD = "download"


def look_of(content_type: str) -> Look:
    """Return how a stored file of this type is looked at; an unknown type is downloaded."""
    if content_type not in CONTENT_TYPES:
        return Look.DOWNLOAD
    if content_type in {"application/pdf", "image/tiff"}:
        return Look.PAGES
    return _LOOK_BY_FAMILY.get(content_type.partition("/")[0], Look.DOCUMENT)


_LOOK_BY_FAMILY = {"image": Look.PICTURE, "audio": Look.SOUND, "video": Look.FILM}


def detect(path: Path, name: str) -> FileType:
    """Return what the file at `path`, uploaded as `name`, is.

    Raises ValidationError, with a sentence that names the file and says what to do, if it is empty,
    of a kind that is not taken, or not what its name says.
    """
    if path.stat().st_size == 0:
        _refuse(name, "it is empty (0 bytes). Open it to see whether it was saved, then choose it again.", "empty")
    extension = extension_of(name)
    if extension in _REFUSED_EXTENSIONS:
        _refuse(name, f"it is {_REFUSED_EXTENSIONS[extension]}", "kind")
    named = _BY_EXTENSION.get(extension)
    if extension and named is None:
        _refuse(
            name,
            f"files that end in .{extension} are not taken. Save it as a PDF, a JPEG or PNG picture, an MP3 or "
            "M4A recording, an MP4 film, or a Word, Excel or PowerPoint document, and choose that.",
            "kind",
        )
    content = content_of(path)
    if named is None:
        return _by_content_alone(name, content)
    if content in named.contents:
        return named
    _refuse_disagreement(name, named, content)


def extension_of(name: str) -> str:
    """Return a file name's extension, in small letters without the dot; "" if it has none."""
    match = re.search(r"[^.]\.([A-Za-z0-9]{1,10})$", name)
    return match[1].lower() if match else ""


def _by_content_alone(name: str, content: Content) -> FileType:
    if content in _REFUSED_CONTENTS:
        _refuse(name, f"it is {_REFUSED_CONTENTS[content]}", "kind")
    if content not in _BY_CONTENT:
        _refuse(name, "neither its name nor its content says what kind of file it is.", "kind")
    return _BY_CONTENT[content]


def _refuse_disagreement(name: str, named: FileType, content: Content) -> NoReturn:
    if content in {Content.MACROS, Content.LOCKED}:
        _refuse(name, f"it is {_REFUSED_CONTENTS[content]}", "kind")
    if content in _REFUSED_CONTENTS:
        truth = _REFUSED_CONTENTS[content]
    elif content in _BY_CONTENT:
        actual = _BY_CONTENT[content]
        right = f"{name.rpartition('.')[0]}.{actual.extensions[0]}"
        truth = f"{actual.label}. If that is what you mean, name it {right} and choose it again."
    else:
        truth = "not one. It may be damaged: open it to see, save it anew, and choose it again."
    _refuse(name, f"it is named like {named.label}, but it is {truth}", "content")


def _refuse(name: str, why: str, code: str) -> NoReturn:
    raise ValidationError(f"{name} was not kept: {why}", code=code)


def clean_name(name: str) -> str:
    """Return the file name to keep for one that a browser sent: in any script, but a name and nothing else.

    Folders before it are dropped, and so are control characters and those that reverse the direction of writing
    (`photo\\u202egpj.exe` shows as `photoexe.jpg`). NFC, at most 255 bytes in UTF-8, the end kept.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", maxsplit=1)[-1])
    name = "".join(
        character
        for character in name
        if character in JOINERS or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    name = name.rstrip(". \u00a0")
    hidden = name.startswith(".")
    name = name.lstrip(". \u00a0")
    if not name:
        return "file"
    if hidden and "." not in name:
        name = f"file.{name}"  # `.pdf` is only an extension, not a name
    return _shortened(name)


def _shortened(name: str) -> str:
    ending = Path(name).suffix
    if len(ending.encode()) > 40:
        ending = ""
    stem = name.removesuffix(ending)
    room = NAME_AT_MOST - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore") + ending
