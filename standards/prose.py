"""The sources' own prose of units: what a unit is about, and for whom it is. The newest is shown with any revision."""

import hashlib
import json
from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from standards.content import Prose, ProseParagraph, Ruling, UnitContent
from standards.json_reading import Given, Reading, inside
from standards.models import UnitProse
from standards.unit_reading import read_rulings


def prose_of(units: Collection[int]) -> dict[int, Prose]:
    """Return the newest prose of each unit that has any, by the unit's primary key; one query."""
    return {row.unit_id: prose_content(row) for row in newest_prose().filter(unit__in=units)}


def prose_named(unit: UnitContent) -> Prose | None:
    """Return the newest prose of the unit with this framework and code, if it has any; one query."""
    row = newest_prose().filter(unit__framework__code=unit.framework.code, unit__code=unit.code).first()
    return prose_content(row) if row else None


def newest_prose() -> QuerySet[UnitProse]:
    """Return the newest prose of every unit that has any."""
    newest = UnitProse.objects.filter(unit=OuterRef("unit")).order_by("-number").values("pk")[:1]
    return UnitProse.objects.filter(pk=Subquery(newest))


def prose_content(row: UnitProse) -> Prose:
    """Return what a row says."""
    return Prose(
        theme_statement=row.theme_statement,
        paragraphs=tuple(
            ProseParagraph(text=one["text"], heading=one.get("heading", ""), items=tuple(one.get("items", ())))
            for one in row.paragraphs
        ),
        for_whom=tuple(row.for_whom),
        rulings=tuple(Ruling(**one) for one in row.rulings),
    )


def prose_fields(prose: Prose) -> dict[str, Any]:
    """Return the prose as plain values, which rows, fixtures and documents hold alike."""
    return {
        "theme_statement": prose.theme_statement,
        "paragraphs": [_paragraph_fields(one) for one in prose.paragraphs],
        "for_whom": list(prose.for_whom),
        "rulings": [{"about": ruling.about, "text": ruling.text} for ruling in prose.rulings],
    }


def _paragraph_fields(paragraph: ProseParagraph) -> dict[str, Any]:
    said = {"heading": paragraph.heading, "text": paragraph.text, "items": list(paragraph.items)}
    return {key: value for key, value in said.items() if value}


def prose_digest(prose: Prose) -> str:
    """Return a digest of all that the prose says."""
    return hashlib.sha256(json.dumps(prose_fields(prose), sort_keys=True).encode()).hexdigest()


def read_prose(reading: Reading, value: object, path: str) -> Prose:
    """Return the prose at `path` of a document or a fixture; its faults are kept in `reading`."""
    given = reading.fields(value, path, known=("theme_statement", "paragraphs", "for_whom", "rulings"))
    paragraphs = tuple(_paragraph(reading, item, at) for item, at in reading.listed(given, "paragraphs", path))
    return Prose(
        theme_statement=reading.text(given, "theme_statement", path, empty=True),
        paragraphs=paragraphs,
        for_whom=_for_whom(reading, given, path, paragraphs),
        rulings=read_rulings(reading, given, path),
    )


def _paragraph(reading: Reading, value: object, path: str) -> ProseParagraph:
    given = reading.fields(value, path, known=("heading", "text", "items"), needed=("text",))
    return ProseParagraph(
        text=reading.text(given, "text", path),
        heading=reading.text(given, "heading", path, longest=200, empty=True),
        items=reading.texts(given, "items", path),
    )


def _for_whom(reading: Reading, given: Given, path: str, paragraphs: Collection[ProseParagraph]) -> tuple[str, ...]:
    sentences = reading.texts(given, "for_whom", path)
    for index, sentence in enumerate(sentences):
        if not any(sentence in paragraph.text for paragraph in paragraphs):
            reading.fault(f"{inside(path, 'for_whom')}[{index}]", "these words do not stand in a paragraph")
    return sentences
