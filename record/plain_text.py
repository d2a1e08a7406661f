"""The one gate for what people type, paste or name: plain text, the same words always as the same bytes.

What a paste brings along unseen is read as what the program it came from meant by it. So nothing invisible refuses a
form, and nothing invisible stands in the record, but for what a script or an emoji is spelled with.
"""

import re
import unicodedata

# Persian, the scripts of India and many emoji are spelled with these two, which have no shape of their own.
_JOINERS = "\u200c\u200d"
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u2800"
_OTHER_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_ZERO_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u3164\uffa0"
)
_SELECTORS = "".join(map(chr, (*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))

# Letters of flags (that of England) are tags behind a black flag; anywhere else they only hide words.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]")


def _meant() -> dict[int, str | None]:
    """What characters mean that nobody can see; None for those that mean nothing here."""
    meant: dict[int, str | None] = dict.fromkeys([*range(0x20), 0x7F])
    # Slides and PDFs end lines with the first three of these, Word its lines, pages, columns and the cells of a table.
    meant |= {0x0A: "\n", 0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x0E: "\n", 0x2028: "\n", 0x2029: "\n"}
    meant |= {0x09: "\t", 0x07: "\t"}
    # A hyphen at which Word never, or only at the end of a line, divides a word; a PDF at the end of a line.
    meant |= {0x1E: "-", 0x1F: "\u00ad", 0x02: "\u00ad"}
    # Windows-1252 read as Latin-1: quotation marks and dashes (as HTML reads them too).
    meant |= {code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0)}
    # They reverse the direction of what follows, so a page or form would read differently from what was signed.
    meant |= dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x2070)])
    # The place of a picture or a note that was not pasted with the words; the mark at the beginning of a file.
    meant |= dict.fromkeys([*range(0xFFF9, 0xFFFD), 0xFEFF])
    # Halves of a character, and what Unicode says is none.
    meant |= dict.fromkeys([*range(0xD800, 0xE000), *range(0xFDD0, 0xFDF0)])
    meant |= dict.fromkeys(plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF))
    return meant


_MEANT = _meant()

# Word keeps what it takes from the fonts Symbol and Wingdings in a private range, which no other program can show:
# the bullets of its lists, and what it makes of "-->", ":-)" and ticks.
_SYMBOLS = dict.fromkeys(
    map(
        ord,
        "\uf02d\uf06c\uf06d\uf06e\uf06f\uf070\uf071\uf072\uf074\uf075\uf076\uf077\uf09e\uf09f\uf0a0\uf0a1\uf0a4\uf0a7"
        "\uf0a8\uf0b2\uf0b7\uf0d8",
    ),
    "•",
) | {
    0xF04A: "☺", 0xF04C: "☹", 0xF0DF: "←", 0xF0E0: "→", 0xF0E7: "←", 0xF0E8: "→",
    0xF0FB: "✗", 0xF0FC: "✓", 0xF0FD: "☒", 0xF0FE: "☑",
}  # fmt: skip
_ANOTHER_BULLET = re.compile("^([ \t]*)[\uf020-\uf0ff](?=[ \t\u00a0])", re.MULTILINE)


def plain_text(text: str) -> str:
    """Return what a person typed or pasted in its one normal form: NFC, lines ended by a newline, no other controls.

    Nothing that cannot be seen is left at the ends, so what shows nothing is the empty text.
    """
    text = _TAGS.sub(r"\1", text.replace("\r\n", "\n").translate(_MEANT))
    text = unicodedata.normalize("NFC", text).lstrip(_BLANKS + _ZERO_WIDTH + _JOINERS + _SELECTORS)
    bare = text.rstrip(_BLANKS + _ZERO_WIDTH + _JOINERS)
    if bare and _is_shaped_by(text[len(bare) : len(bare) + 1], bare[-1]):
        bare = text[: len(bare) + 1]
    return _ANOTHER_BULLET.sub(r"\1•", bare.translate(_SYMBOLS))


def _is_shaped_by(end: str, letter: str) -> bool:
    """Whether a joiner at the end gives the letter before it its shape: behind a virama, or in Arabic script."""
    return end in {*_JOINERS} and (unicodedata.combining(letter) == 9 or unicodedata.bidirectional(letter) == "AL")


def plain_line(text: str) -> str:
    """Return it as `plain_text` does, on one line, with ordinary blanks only."""
    parts = (part.strip() for part in re.split(r"[\n\t]+", plain_text(text)))
    return _OTHER_BLANKS.sub(" ", " ".join(filter(None, parts)))


def plain_characters(text: str) -> str:
    """Return it as `plain_line` does, with nothing invisible in it at all: for an address or a date."""
    return "".join(character for character in plain_line(text) if unicodedata.category(character) != "Cf")
