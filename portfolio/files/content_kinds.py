"""The kinds of content that files are told apart by."""

import enum


class Content(enum.Enum):
    """What a file holds."""

    PDF = enum.auto()
    JPEG = enum.auto()
    PNG = enum.auto()
    HEIC = enum.auto()
    WEBP = enum.auto()
    GIF = enum.auto()
    TIFF = enum.auto()
    MP3 = enum.auto()
    WAV = enum.auto()
    M4A = enum.auto()
    AAC = enum.auto()
    AMR = enum.auto()
    OGG = enum.auto()
    FLAC = enum.auto()
    MP4 = enum.auto()
    QUICKTIME = enum.auto()
    THREE_GP = enum.auto()
    WEBM = enum.auto()
    WEBM_SOUND = enum.auto()
    DOCX = enum.auto()
    XLSX = enum.auto()
    PPTX = enum.auto()
    DOC = enum.auto()
    XLS = enum.auto()
    PPT = enum.auto()
    WORD_XML = enum.auto()
    EXCEL_XML = enum.auto()
    ODT = enum.auto()
    ODS = enum.auto()
    ODP = enum.auto()
    RTF = enum.auto()
    TEXT = enum.auto()
    EMAIL = enum.auto()
    # Never taken:
    WEB_PAGE = enum.auto()
    WEB_ARCHIVE = enum.auto()  # a web page with its pictures in a single file
    SVG = enum.auto()
    PROGRAM = enum.auto()
    ARCHIVE = enum.auto()
    MACROS = enum.auto()
    LOCKED = enum.auto()
    UNKNOWN = enum.auto()


REFUSED = frozenset(
    {
        Content.WEB_PAGE,
        Content.WEB_ARCHIVE,
        Content.SVG,
        Content.PROGRAM,
        Content.ARCHIVE,
        Content.MACROS,
        Content.LOCKED,
    }
)
