"""Writes the evidence that is signed as the rows of a table.

Not a template, because a unit has forty pieces, and their rows took a quarter of the time of the page. As in
`assessments/grid/html.py`, each text that somebody wrote is escaped once, just where it is put in.
"""

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from assessments.openings.looked_at import LookedAt
from assessments.signing.signed_piece import SignedPiece
from centres.staff.models import day_in_words
from centres.words import Words
from portfolio.models import EvidenceFile
from portfolio.models.evidence_number import evidence_number

register = template.Library()

LONG = 400  # characters; a longer title scrolls in its row


@register.filter
def signed_rows(pieces: "Iterable[SignedPiece]", called: Words) -> SafeString:
    """Return a row for each piece; `called` says what the centre calls a candidate."""
    return mark_safe("".join(_row(piece, called) for piece in pieces))  # noqa: S308 - each text is escaped below


def _row(piece: SignedPiece, called: Words) -> str:
    version = f' <span class="quiet">version {piece.version}</span>' if piece.version > 1 else ""
    inside = [_file(file) for file in piece.files]
    if piece.location:
        inside.append(f"<div>{escape(piece.location)}</div>")
        inside.append(f'<div class="quiet written" dir="auto">{escape(piece.relevance)}</div>')
    inside += [f'<div class="quiet">{_look(look, len(piece.files))}</div>' for look in piece.looks]
    if piece.is_unseen:
        inside.append(f"<div><strong>Not yet seen by the {escape(called.candidate)}</strong></div>")
    if piece.is_unopened:
        inside.append("<div><strong>Not opened by an assessor</strong></div>")
    if piece.witness and not piece.witness.on_candidates_device:
        inside.append(f'<div class="quiet">{escape(piece.witness.sentence)}</div>')
    inside += [f'<div class="alert alert-warning">{escape(remark.sentence)}</div>' for remark in piece.remarks]
    return (
        f'<tr><th scope="row">{evidence_number(piece.number)}. {_title(piece)}{version}</th>\n'
        f'<td>{escape(piece.kind)}<br><span class="quiet">{escape(piece.setting)}</span></td>\n'
        f"<td>{escape(piece.when)}</td>\n<td>{' '.join(inside)}</td></tr>\n"
    )


def _title(piece: SignedPiece) -> str:
    if len(piece.title) <= LONG:
        return f'<span class="written" dir="auto">{escape(piece.title)}</span>'
    label = f"Description of evidence {evidence_number(piece.number)}"
    return (
        f'<div class="written long" dir="auto" tabindex="0" role="region" aria-label="{label}">'
        f"{escape(piece.title)}</div>"
    )


def _file(file: EvidenceFile) -> str:
    removed = ", removed" if file.removal_pk else ""
    return f'<div><a href="../../../files/{file.uuid}/">{escape(file.name)}</a>{removed}</div>'


def _look(look: LookedAt, files: int) -> str:
    """Who has looked at a piece of so many files, and when: "1 of 2 opened by Ann Assessor, 3 March 2026"."""
    said = "Seen at the workplace"
    if look.files:
        said = f"{len(look.files)} of {files} opened" if files > 1 else "Opened"
        said += " and seen at the workplace" if look.at_workplace else ""
    return f"{said} by {escape(str(look.person))}, {day_in_words(localtime(look.last).date())}"
