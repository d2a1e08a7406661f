"""Files that are stored and drawn."""

import pytest
from weasyprint import HTML

from portfolio.files import drawing as service
from portfolio.files.drawing import preview_make
from portfolio.files.previews import preview_of
from tests.portfolio.files.arrivals import file_of


@pytest.fixture
def stored(unit, candidate):
    """Store bytes as a file of a piece, of this type."""
    return lambda content, content_type: file_of(unit.registration, candidate, "file", content, content_type)


@pytest.fixture
def drawn(stored):
    """Store bytes, draw them, and return the file and what was drawn."""

    def draw(content, content_type):
        file = stored(content, content_type)
        preview_make(file=file)
        return file, preview_of(file)

    return draw


@pytest.fixture(scope="session")
def three_hundred_pages() -> bytes:
    return HTML(string="".join(f"<p style='break-after: page'>Day {day}</p>" for day in range(300))).write_pdf()


@pytest.fixture
def ends(monkeypatch, tmp_path):
    """Put a program in the place of the one that draws, which ends as it is told to."""

    def end(how: str) -> None:
        program = tmp_path / "rendering.py"
        program.write_text(f"import os, resource, signal, sys; {how}", encoding="utf-8")
        monkeypatch.setattr(service, "RENDERING", program)

    return end
