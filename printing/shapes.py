"""The shapes of outcomes on paper: those of the screen, as the characters of a font.

As pictures, one in each cell, they would make the print a seventh slower and the file more than twice as large. As
characters they can also be searched for and read out.
"""

from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.svgLib.path import SVGPath

BASE_DIR = Path(__file__).resolve().parent.parent
FONT = "outcomes.ttf"
# The character of each outcome. Its shape is static/img/outcome-<outcome>.svg: 16 × 16, of filled paths alone.
CHARACTERS = {"met": "✓", "partly": "◐", "claimed": "○", "not_yet": "✕"}

EM = 1024
SCALE = EM // 16
DOWN = EM // 8  # of a shape's square, below the base line
ALWAYS = 0  # the date of the font, so that it is the same to the byte whenever it is made


@cache
def outcomes_font() -> bytes:
    """Return the font, as TrueType. Raises OSError if a shape cannot be read."""
    names = {outcome: f"uni{ord(character):04X}" for outcome, character in CHARACTERS.items()}
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({ord(CHARACTERS[outcome]): name for outcome, name in names.items()})
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    for outcome, name in names.items():
        pen = TTGlyphPen(None)
        path = BASE_DIR / "static" / "img" / f"outcome-{outcome}.svg"
        upright = (SCALE, 0, 0, -SCALE, 0, EM - DOWN)  # from the top left corner to the base line
        SVGPath.fromstring(path.read_bytes(), transform=upright).draw(Cu2QuPen(pen, max_err=1))
        glyphs[name] = pen.glyph()
    builder.setupGlyf(glyphs)
    left = {name: glyph.xMin if glyph.numberOfContours else 0 for name, glyph in glyphs.items()}
    builder.setupHorizontalMetrics({name: (EM, left[name]) for name in glyphs})
    builder.setupHorizontalHeader(ascent=EM - DOWN, descent=-DOWN)
    builder.setupNameTable({"familyName": "Outcomes", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=EM - DOWN, sTypoDescender=-DOWN, usWinAscent=EM - DOWN, usWinDescent=DOWN)
    builder.setupPost()
    builder.updateHead(created=ALWAYS, modified=ALWAYS)
    builder.font.recalcTimestamp = False
    content = BytesIO()
    builder.save(content)
    return content.getvalue()
