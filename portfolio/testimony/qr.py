"""Draws the link of a request as a QR code, to be taken from a screen by a phone."""

import segno


def qr_code(link: str) -> str:
    """Return a picture of the link as a data URI (SVG), dark on white in every colour scheme."""
    return segno.make_qr(link, error="m").svg_data_uri(dark="#000", light="#fff", border=4, omitsize=True)
