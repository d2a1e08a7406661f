"""A unit on paper, read back from the PDF."""

import re
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from standards.content import RevisionContent, UnitContent
from standards.fixtures import read_fixtures
from standards.selectors import revision_content
from standards.services.publishing import unit_publish
from standards.unit_on_paper import unit_pdf
from tests.standards.shapes import EVERY_PROSE, EVERY_SHAPE

pytestmark = pytest.mark.django_db

LARGEST = "cvq:U00306"


@pytest.fixture
def largest() -> RevisionContent:
    [content] = (
        fixture.content
        for fixture in read_fixtures(settings.BASE_DIR / "fixtures", frameworks=["cvq"]).units
        if fixture.content.address == LARGEST
    )
    return published(content)


def published(content: UnitContent) -> RevisionContent:
    revision = unit_publish(content=content)
    assert revision is not None
    return revision_content(revision)


def text_of(pdf: bytes) -> str:
    reader = pypdf.PdfReader(BytesIO(pdf))
    return squeezed(" ".join(page.extract_text() for page in reader.pages))


def squeezed(text: str) -> str:
    """Without white space, which paper breaks anywhere."""
    return re.sub(r"\s+", "", text)


@pytest.mark.long
def test_every_word_of_the_largest_unit_is_on_it(largest: RevisionContent) -> None:
    text = text_of(unit_pdf(largest))
    for item in largest.unit.criteria:
        assert squeezed(item.text) in text
        assert item.full_code in text
    for words in ("Underpinning knowledge", "Range statement", "Evidence guide", "Performance criteria", "at least 2"):
        assert squeezed(words) in text
    assert squeezed("Underpinning knowledge must be assessed using questioning") in text


def test_what_the_unit_is_about_is_on_it() -> None:
    text = text_of(unit_pdf(published(EVERY_SHAPE), EVERY_PROSE))
    for words in ("This theme covers shapes.", "Aim: It shows shapes.", "squares.", "The full stop is kept."):
        assert squeezed(words) in text


def test_the_same_wording_gives_the_same_bytes() -> None:
    revision = published(EVERY_SHAPE)
    assert unit_pdf(revision) == unit_pdf(revision)


def test_a_character_that_no_font_has_is_printed_as_its_number() -> None:
    assert "[U+50000]" in text_of(unit_pdf(published(replace(EVERY_SHAPE, title="Odd \U00050000"))))


def test_html_in_a_standard_is_printed_as_words() -> None:
    assert squeezed("<b>bold</b>") in text_of(unit_pdf(published(replace(EVERY_SHAPE, purpose="<b>bold</b>"))))


def test_it_is_handed_out_under_a_name_of_its_own(client: Client) -> None:
    published(EVERY_SHAPE)
    client.force_login(get_user_model().objects.create(email="anyone@example.org"))
    response = client.get("/standards/made-up/X1/1/unit.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="made-up X1 revision 1.pdf"'
    assert response.content.startswith(b"%PDF")
    assert client.get("/standards/made-up/X1/2/unit.pdf").status_code == 404
