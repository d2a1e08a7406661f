"""Writes a plain Word document: no more of the format than the demo's letters and statements are made of.

A library would be one that every real site installs for the demo alone.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>"""
RELATIONSHIPS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="word/document.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
<Relationship Id="rId2" Target="docProps/core.xml"
 Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"/>
</Relationships>"""
PROPERTIES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>"""
DOCUMENT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}<w:sectPr>
<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"
 w:header="709" w:footer="709" w:gutter="0"/></w:sectPr></w:body></w:document>"""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, in one size and colour; a heading is bold, and listed as one."""

    words: str
    points: int = 11
    colour: str = "1B1B1B"
    is_heading: bool = False

    def xml(self) -> str:
        """Return it in the format's own words; a size is in half points, a distance in twentieths of one."""
        level, bold = ('<w:outlineLvl w:val="0"/>', "<w:b/>") if self.is_heading else ("", "")
        words = escape(self.words).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
        return (
            f'<w:p><w:pPr><w:spacing w:after="120"/>{level}</w:pPr>'
            f'<w:r><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>{bold}'
            f'<w:color w:val="{self.colour}"/><w:sz w:val="{self.points * 2}"/></w:rPr>'
            f'<w:t xml:space="preserve">{words}</w:t></w:r></w:p>'
        )


def word_document(title: str, paragraphs: Sequence[Paragraph]) -> bytes:
    """Return the DOCX; that of the same words is the same bytes."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONSHIPS,
        "word/document.xml": DOCUMENT.format(body="".join(paragraph.xml() for paragraph in paragraphs)),
        "docProps/core.xml": PROPERTIES.format(title=escape(title)),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()
