"""Content decides, endings advise: every content that is known, under every ending that is known."""

import pytest
from django.core.exceptions import ValidationError

from portfolio.files import file_types
from portfolio.files.content_kinds import REFUSED, Content
from portfolio.files.file_types import FileType, detect, download_name, extension_of
from tests.portfolio.files.contents import CONTENTS

SCRIPTS = {ending for ending, why in file_types._REFUSED_ENDINGS.items() if why in file_types._OF_TEXTS}
ENDINGS = [*file_types._BY_ENDING, *file_types._REFUSED_ENDINGS, "dng", "log", "33", "PDF", "JPG", ""]
TEXTS = {Content.TEXT, Content.EMAIL}  # of which an ending may say that they are scripts


def what_becomes_of(path, ending: str) -> FileType | str:
    """The type that the file is taken for, or the sentence that refuses it."""
    name = f"Shift of 12.05 at 10.04.{ending}" if ending else "Shift"
    try:
        return detect(path, name)
    except ValidationError as refused:
        [sentence] = refused.messages
        assert sentence.startswith(f"{name} was not kept: ")
        return sentence


def test_there_is_a_file_of_every_content():
    assert set(CONTENTS) == set(Content)
    assert {"html", "svg", "exe", "js", "vbs", "bat"} < SCRIPTS
    assert {"jpg", "heic", "qta", "docx", "pdf", "docm", "zip", "pages"} < {*ENDINGS}


@pytest.mark.parametrize("content", [one for one in Content if one in REFUSED or one is Content.UNKNOWN], ids=str)
def test_what_is_dangerous_or_unknown_is_refused_under_every_ending(tmp_path, content):
    path = tmp_path / "arrived"
    path.write_bytes(CONTENTS[content])
    for ending in ENDINGS:
        assert isinstance(what_becomes_of(path, ending), str), ending


@pytest.mark.parametrize("content", [one for one in Content if one not in {*REFUSED, Content.UNKNOWN}], ids=str)
def test_everything_else_is_taken_as_what_it_is_and_handed_out_with_an_ending_that_says_so(tmp_path, content):
    path = tmp_path / "arrived"
    path.write_bytes(CONTENTS[content])
    for ending in ENDINGS:
        became = what_becomes_of(path, ending)
        if content in TEXTS and ending in SCRIPTS:
            assert isinstance(became, str), ending
            continue
        assert isinstance(became, FileType), became
        assert content in became.contents, ending
        named = f"IMG_0001.{ending}" if ending else "IMG_0001"
        handed_out = download_name(named, became.content_type)
        assert extension_of(handed_out) in became.extensions, ending
        assert handed_out.startswith("IMG_0001."), ending
        if ending.lower() in became.extensions:
            assert handed_out == named


@pytest.mark.parametrize(
    ("content", "ending", "expected"),
    [
        (Content.HEIC, "jpg", "image/heic"),
        (Content.WEBP, "jpg", "image/webp"),
        (Content.PNG, "jpg", "image/png"),
        (Content.JPEG, "heic", "image/jpeg"),
        (Content.QUICKTIME, "qta", "audio/mp4"),
        (Content.MP4, "mp3", "audio/mp4"),  # recorders that call everything MP3
        (Content.MP4, "m4a", "audio/mp4"),
        (Content.MP4, "jpg", "video/mp4"),
        (Content.QUICKTIME, "", "video/quicktime"),
        (Content.DOCX, "doc", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (Content.RTF, "doc", "application/msword"),
        (Content.RTF, "docx", "application/rtf"),
        (Content.WORD_XML, "xml", "application/vnd.ms-wordml"),
        (Content.TEXT, "xls", "text/plain"),
        (Content.TEXT, "csv", "text/csv"),
        (Content.EMAIL, "txt", "text/plain"),
        (Content.EMAIL, "pdf", "message/rfc822"),
    ],
)
def test_an_ending_advises_where_the_content_leaves_it_open(tmp_path, content, ending, expected):
    path = tmp_path / "arrived"
    path.write_bytes(CONTENTS[content])
    became = what_becomes_of(path, ending)
    assert isinstance(became, FileType), became
    assert became.content_type == expected


@pytest.mark.parametrize(
    ("name", "content_type", "handed_out"),
    [
        ("IMG_0001.jpg", "image/heic", "IMG_0001.heic"),
        ("IMG_0001.JPG", "image/jpeg", "IMG_0001.JPG"),
        ("New Recording.qta", "audio/mp4", "New Recording.m4a"),
        ("Minutes of 12.05", "application/pdf", "Minutes of 12.05.pdf"),
        ("letter.pdf.exe", "application/pdf", "letter.pdf"),
        ("www.harbour.com", "image/png", "www.harbour.png"),
        ("account.doc", "application/vnd.ms-wordml", "account.doc"),
        ("account.xml", "application/vnd.ms-wordml", "account.doc"),
        ("old.what", "application/x-of-an-earlier-day", "old.what"),
        ("文" * 83 + ".jpg", "image/heic", "文" * 83 + ".heic"),
        ("文" * 85, "image/heic", "文" * 83 + ".heic"),
    ],
)
def test_a_file_is_handed_out_under_its_owners_name_with_the_right_ending(name, content_type, handed_out):
    assert download_name(name, content_type) == handed_out
