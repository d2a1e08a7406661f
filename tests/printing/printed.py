"""What a test reads of a print: its words, as they stand on the paper."""

import pypdfium2


def words_of(response) -> str:
    """The words of an answer that is a PDF to keep, and that nothing in a browser can run or remember."""
    assert response.status_code == 200, response.status_code
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]
    return words_of_pdf(response.content)


def words_of_pdf(pdf: bytes) -> str:
    """The words of all pages, with one blank between them."""
    return " ".join(" ".join(pages_of(pdf)).split())


def pages_of(pdf: bytes) -> list[str]:
    """The words of each page."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
