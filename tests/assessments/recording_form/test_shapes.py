"""The marks of the form are the shapes of the screen, as characters that can be read back."""

import re
from io import BytesIO

import pypdf
import pytest
from fontTools.pens.areaPen import AreaPen
from fontTools.pens.boundsPen import BoundsPen
from fontTools.svgLib.path import SVGPath
from fontTools.ttLib import TTFont

from assessments.recording_form.pdf import recording_form_pdf
from assessments.recording_form.tables import PRINTED
from printing import press, shapes
from printing.errors import PrintError
from printing.shapes import CHARACTERS, DOWN, EM, SCALE, outcomes_font
from tests.assessments.recording_form.sample import b10_document


@pytest.fixture
def font() -> TTFont:
    return TTFont(BytesIO(outcomes_font()))


@pytest.fixture
def svg(settings):
    """Reads the shape of an outcome from the file that the screen shows."""
    return lambda outcome: settings.BASE_DIR / "static" / "img" / f"outcome-{outcome}.svg"


def drawn(shape, pen_class, glyphs=None):
    pen = pen_class(glyphs)
    shape.draw(pen)
    return pen


@pytest.mark.parametrize("outcome", CHARACTERS)
def test_a_character_is_drawn_as_the_screen_draws_it(outcome, font, svg):
    glyphs = font.getGlyphSet()
    glyph = glyphs[font.getBestCmap()[ord(CHARACTERS[outcome])]]
    shape = SVGPath.fromstring(svg(outcome).read_bytes(), transform=(SCALE, 0, 0, -SCALE, 0, EM - DOWN))
    assert drawn(glyph, BoundsPen, glyphs).bounds == pytest.approx(drawn(shape, BoundsPen).bounds, abs=2)
    area = abs(drawn(shape, AreaPen).value)
    assert abs(drawn(glyph, AreaPen, glyphs).value) == pytest.approx(area, rel=0.02)
    assert glyph.width == EM


@pytest.mark.parametrize("outcome", CHARACTERS)
def test_a_shape_is_of_filled_paths_alone_which_are_all_that_a_font_has(outcome, svg):
    source = svg(outcome).read_text(encoding="utf-8")
    assert re.findall(r"<(\w+)", source) == ["svg", "path"]
    assert 'viewBox="0 0 16 16"' in source
    assert not re.search("stroke|transform|fill", source)


def test_every_mark_of_the_form_has_a_shape_of_the_screen(settings):
    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    assert {mark.symbol for mark in PRINTED.values()} == set(CHARACTERS.values())
    for outcome in CHARACTERS:
        assert f'.outcome-{outcome} {{ --shape: url("../img/outcome-{outcome}.svg")' in tokens


def test_the_font_is_the_same_whenever_it_is_made():
    once = outcomes_font()
    outcomes_font.cache_clear()
    assert outcomes_font() == once


@pytest.mark.long
def test_the_marks_on_paper_are_set_in_it_and_read_as_characters():
    reader = pypdf.PdfReader(BytesIO(recording_form_pdf(b10_document(12, stage=None), digest=None)))
    [first, *_] = reader.pages
    assert {character for character in first.extract_text() if character in CHARACTERS.values()} == set("✓◐○✕")
    names = {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in first["/Resources"]["/Font"].values()}  # type: ignore[index]
    assert names == {"Inter-on-paper", "Inter-on-paper-Semi-Bold", "Outcomes"}


def test_a_lost_shape_stops_the_print(monkeypatch, tmp_path):
    monkeypatch.setattr(shapes, "BASE_DIR", tmp_path)
    outcomes_font.cache_clear()
    press._fonts_and_styles.cache_clear()
    try:
        with pytest.raises(PrintError, match=r"outcome-met\.svg"):
            press.press("<p>text", style_sheet="recording-form.css")
    finally:
        outcomes_font.cache_clear()
        press._fonts_and_styles.cache_clear()
