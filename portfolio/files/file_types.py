"""Which files are taken as evidence, judged by their content, and how a file may be called."""

import enum
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ValidationError

from centres.policy.choices import FileGroup
from portfolio.files.content_kinds import Content
from portfolio.files.file_content import content_of
from record.plain_text import plain_line

NAME_AT_MOST = 255  # bytes in UTF-8: what file systems take


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
    _type("a WebM recording", "audio/webm", "webm weba", Content.WEBM_SOUND),
    _type("a Word document", f"{_OPEN_XML}.wordprocessingml.document", "docx", Content.DOCX),
    _type("an Excel workbook", f"{_OPEN_XML}.spreadsheetml.sheet", "xlsx", Content.XLSX),
    _type("a PowerPoint presentation", f"{_OPEN_XML}.presentationml.presentation", "pptx", Content.PPTX),
    # Older Words saved rich text under this name, and every Word opens it.
    _type("an old Word document", "application/msword", "doc", Content.DOC, Content.RTF),
    _type("an old Excel workbook", "application/vnd.ms-excel", "xls", Content.XLS),
    # Word and Excel open these under the endings of their old documents; a browser would take .xml for its own.
    _type("a Word document in XML", "application/vnd.ms-wordml", "doc", Content.WORD_XML),
    _type("an Excel workbook in XML", "application/vnd.ms-spreadsheetml", "xls", Content.EXCEL_XML),
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

# What an ending advises; where several types have one, the first of them.
_BY_ENDING = {ending: file_type for file_type in reversed(FILE_TYPES) for ending in file_type.extensions}
_BY_ENDING["qta"] = _BY_ENDING["m4a"]  # voice memos of iPhones, which other systems know by no such name
# The type of a content if the file's name gives no good advice.
_BY_CONTENT: dict[Content, FileType] = {
    content: file_type for file_type in reversed(FILE_TYPES) for content in file_type.contents if content not in _MP4
} | {
    Content.MP4: _BY_ENDING["mp4"],
    Content.QUICKTIME: _BY_ENDING["mov"],
    Content.M4A: _BY_ENDING["m4a"],
    Content.THREE_GP: _BY_ENDING["3gp"],
    Content.RTF: _BY_ENDING["rtf"],
    Content.EMAIL: _BY_ENDING["eml"],
}

# Why a kind is not taken: what it is, and what to do.
_WEB_PAGE = "a web page. It can hold a script: print it to a PDF and choose that instead."
_WEB_ARCHIVE = (
    "a web page in a single file. It can hold a script: open it in Word or in a browser, save it as a Word document "
    "(.docx) or a PDF, and choose that instead."
)
_DRAWING = "a drawing in SVG. It can hold a script: print it to a PDF and choose that instead."
_PROGRAM = "a program or a script. Those are not taken as evidence."
_ARCHIVE = "a pack of other files. Unpack it and choose the files themselves."
_MACROS = "a document with macros, which are programs. Save it without them, or as a PDF, and choose that."
_LOCKED = "a document with a password. Save it without one, so that it can be assessed, and choose that."
_FOREIGN = "a file that only the program opens that made it. Export it as a PDF and choose that instead."

_REFUSED_CONTENTS = {
    Content.WEB_PAGE: _WEB_PAGE,
    Content.WEB_ARCHIVE: _WEB_ARCHIVE,
    Content.SVG: _DRAWING,
    Content.PROGRAM: _PROGRAM,
    Content.ARCHIVE: _ARCHIVE,
    Content.MACROS: _MACROS,
    Content.LOCKED: _LOCKED,
}

_ENDINGS = {
    _WEB_PAGE: "html htm xhtml xht shtml xml xsl hta",
    _WEB_ARCHIVE: "mht mhtml",
    _DRAWING: "svg svgz",
    _PROGRAM: "exe msi bat cmd com scr pif cpl dll ps1 psm1 sh bash js mjs jse vbs vbe wsf jar apk ipa app dmg "
    "deb rpm lnk url reg php phtml py pl rb class swf",
    _ARCHIVE: "zip 7z rar tar gz tgz bz2 xz zst cab iso",
    _MACROS: "docm dotm xlsm xltm xlam pptm potm ppsm",
    _FOREIGN: "pages numbers key one pub vsd vsdx msg psd indd",
}
# They decide only where the content tells nothing else.
_REFUSED_ENDINGS = {ending: why for why, endings in _ENDINGS.items() for ending in endings.split()}
_OF_TEXTS = {_WEB_PAGE, _WEB_ARCHIVE, _DRAWING, _PROGRAM}  # a script is a text like any other


def group_of(content_type: str) -> FileGroup:
    """Return which of the files that a centre may take or not a type belongs to."""
    if re.search("spreadsheet|excel|csv", content_type):
        return FileGroup.TABLES
    if re.search("presentation|powerpoint", content_type):
        return FileGroup.PRESENTATIONS
    return _GROUP_BY_FAMILY.get(content_type.partition("/")[0], FileGroup.DOCUMENTS)


_GROUP_BY_FAMILY = {
    "image": FileGroup.PICTURES,
    "audio": FileGroup.SOUND,
    "video": FileGroup.FILMS,
    "message": FileGroup.EMAILS,
}


def type_named(name: str) -> FileType | None:
    """Return what a file is by its name alone, before a byte of it is here; None if the ending does not say."""
    return _BY_ENDING.get(extension_of(name))


def endings_of(groups: Collection[FileGroup]) -> str:
    """Return the endings of these files, as a field that takes files offers them (`accept`)."""
    endings = [ending for ending, one in _BY_ENDING.items() if group_of(one.content_type) in groups]
    return ",".join(f".{ending}" for ending in sorted(endings))


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


def may_show_people(content_type: str) -> bool:
    """Whether it is a picture, sound or film: then it is asked who else is in it."""
    return content_type.partition("/")[0] in {"image", "audio", "video"}


_LOOK_BY_FAMILY = {"image": Look.PICTURE, "audio": Look.SOUND, "video": Look.FILM}


def detect(path: Path, name: str) -> FileType:
    """Return what the file at `path`, uploaded as `name`, is: its content decides, and its ending advises.

    The ending tells apart what has the same content: sound and film, a list and a table. Raises ValidationError, with
    a sentence that names the file and says what to do, if it is empty, dangerous, locked, or nothing that is known.
    """
    refuse_empty(name, path.stat().st_size)
    ending = extension_of(name)
    named = _BY_ENDING.get(ending)
    content = content_of(path)
    if named and content in named.contents:
        return named
    why = _REFUSED_ENDINGS.get(ending)
    says_little = content in {Content.UNKNOWN, Content.ARCHIVE}
    if why and (says_little or (content in {Content.TEXT, Content.EMAIL} and why in _OF_TEXTS)):
        _refuse(name, f"it is {why}", "kind")
    if content in _REFUSED_CONTENTS:
        is_still_one = content in {Content.MACROS, Content.LOCKED}
        but = "" if named is None or is_still_one else f"named like {named.label}, but it is "
        _refuse(name, f"it is {but}{_REFUSED_CONTENTS[content]}", "kind")
    if content is Content.UNKNOWN:
        _refuse_unknown(name, ending, named)
    if content in _MP4 and named and look_of(named.content_type) is Look.SOUND:
        return _BY_ENDING["m4a"]
    return _BY_CONTENT[content]


def _refuse_unknown(name: str, ending: str, named: FileType | None) -> NoReturn:
    if named:
        why = (
            f"it is named like {named.label}, but it is not one. It may be damaged: open it to see, save it anew, and "
            "choose it again."
        )
    elif ending and not ending.isdigit():
        why = (
            f"files that end in .{ending} are not taken. Save it as a PDF, a JPEG or PNG picture, an MP3 or "
            "M4A recording, an MP4 film, or a Word, Excel or PowerPoint document, and choose that."
        )
    else:
        why = "neither its name nor its content says what kind of file it is."
    _refuse(name, why, "kind")


def extension_of(name: str) -> str:
    """Return a file name's ending, in small letters without the dot; "" if it has none."""
    match = re.search(r"[^.]\.([A-Za-z0-9]{1,10})$", name)
    return match[1].lower() if match else ""


def refuse_empty(name: str, size: int) -> None:
    """Raise ValidationError, with a sentence, for a file of no bytes; they are not needed to know it."""
    if size <= 0:
        _refuse(name, "it is empty (0 bytes). Open it to see whether it was saved, then choose it again.", "empty")


def _refuse(name: str, why: str, code: str) -> NoReturn:
    raise ValidationError(f"{name} was not kept: {why}", code=code)


def clean_name(name: str) -> str:
    """Return the file name to keep for one that a browser sent: in any script, but a name and nothing else.

    Folders before it are dropped, and so are dots and blanks around it; the rest is as in `plain_line`. At most 255
    bytes in UTF-8, the end kept.
    """
    name = plain_line(name.replace("\\", "/").rsplit("/", maxsplit=1)[-1])
    hidden = name.startswith(".")
    while name != (bare := plain_line(name.strip(". "))):
        name = bare
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
    if len(stem.encode()) <= room:
        return name
    return plain_line(stem.encode()[:room].decode(errors="ignore")) + ending


def download_name(name: str, content_type: str) -> str:
    """Return the name under which a file is handed out: with an ending by which any system knows what it is.

    The name on record stays its owner's. An ending that means another kind of file gives way; one that means none,
    such as that of "Minutes of 12.05", stays, with the right one behind it.
    """
    name = clean_name(name)
    file_type = next((one for one in FILE_TYPES if one.content_type == content_type), None)
    if file_type is None or extension_of(name) in file_type.extensions:
        return name
    ending = extension_of(name)
    if ending in {*_BY_ENDING, *_REFUSED_ENDINGS}:
        name = name[: -len(ending) - 1]
    if extension_of(name) in file_type.extensions:
        return name  # it is a PDF called letter.pdf.exe
    return _shortened(f"{name}.{file_type.extensions[0]}")
