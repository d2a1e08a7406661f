"""Brings the database up to the standards that come with Countersign, or up to a standards document."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from standards.content import StandardsContent, UnitContent
from standards.fixtures import Fixtures, ProseFixture, QualificationFixture, UnitFixture
from standards.in_words import counted
from standards.models import Qualification, UnitProse, UnitRevision
from standards.prose import prose_content
from standards.selectors import latest_revisions, qualification_contents, revision_contents
from standards.services.combining import QualificationPublication, qualifications_publish
from standards.services.prose import ProsePublication, prose_publish
from standards.services.publishing import Publication, frameworks_publish, units_publish


@dataclass(frozen=True, kw_only=True)
class SyncResult:
    """What a run found: how many units it read, and what it published."""

    units: int
    published: tuple[UnitRevision, ...]
    qualifications: tuple[Qualification, ...] = ()
    prose: tuple[UnitProse, ...] = ()

    def __str__(self) -> str:
        """Each by its name if they fit a line, or else how many of which framework."""
        names = [f"{row.unit.address} revision {row.number}" for row in self.published]
        if len(names) > 5:
            of_each = Counter(row.unit.framework.code for row in self.published)
            names = [f"{number} of {code}" for code, number in of_each.items()]
        names += [f"qualification {row.framework.code}:{row.code}" for row in self.qualifications]
        if self.prose:
            names.append(f"the prose of {counted(len(self.prose), 'unit')}")
        return f"published {', '.join(names)}" if names else f"all {self.units} up to date"


@transaction.atomic
def standards_sync(*, fixtures: Fixtures) -> SyncResult:
    """Publish a new revision of each unit whose fixture says what no revision of it has said yet; prose likewise.

    So a wording that a centre has imported over ours stays the latest until ours changes. A fixture with a
    higher number than the latest revision is published even if it goes back to an earlier wording.
    All or nothing; if nothing differs, no row is written. A unit's first revision has the time that its fixture
    names, a later one the time of this run. Two runs at the same time end like one after the other.
    """
    frameworks_publish(contents=[fixture.content.framework for fixture in fixtures.units])
    published = units_publish(publications=_new_units(fixtures.units))
    qualifications = qualifications_publish(publications=_new_qualifications(fixtures.qualifications))
    prose = prose_publish(publications=_new_prose(fixtures.prose))
    return SyncResult(
        units=len(fixtures.units),
        published=tuple(published),
        qualifications=tuple(qualifications),
        prose=tuple(prose),
    )


@transaction.atomic
def standards_import(*, documents: Iterable[StandardsContent]) -> SyncResult:
    """Publish a new revision of each unit, each rule of combination, and prose, where it differs from the latest.

    All or nothing. Whatever a document does not name stays as it is.
    """
    said = list(documents)
    units = [unit for document in said for unit in document.units]
    frameworks_publish(contents=[document.framework for document in said])
    published = units_publish(publications=[Publication(content=unit) for unit in units])
    qualifications = qualifications_publish(
        publications=[
            QualificationPublication(content=content) for document in said for content in document.qualifications
        ]
    )
    prose = prose_publish(
        publications=[
            ProsePublication(framework=document.framework.code, code=code, prose=prose)
            for document in said
            for code, prose in document.prose.items()
        ]
    )
    return SyncResult(
        units=len(units), published=tuple(published), qualifications=tuple(qualifications), prose=tuple(prose)
    )


def _new_units(fixtures: Sequence[UnitFixture]) -> list[Publication]:
    """Return what must be published: what differs from the latest revision and is not among the earlier ones."""
    shipped = latest_revisions().filter(
        unit__framework__code__in={fixture.content.framework.code for fixture in fixtures}
    )
    latest = {found.unit.address: found for found in revision_contents(shipped)}
    differing = [
        fixture
        for fixture in fixtures
        if (held := latest.get(fixture.content.address)) is None or not _same(held.unit, fixture.content)
    ]
    earlier = _earlier([fixture for fixture in differing if fixture.content.address in latest])
    new = []
    for fixture in differing:
        address = fixture.content.address
        held = latest.get(address)
        said_before = any(_same(content, fixture.content) for content in earlier.get(address, []))
        if held is not None and said_before and fixture.number <= held.number:
            continue
        new.append(
            Publication(
                content=fixture.content,
                at_least=fixture.number,
                published_at=None if held else fixture.published_at,
            )
        )
    return new


def _earlier(fixtures: Sequence[UnitFixture]) -> dict[str, list[UnitContent]]:
    """Return all published wordings of the fixtures' units."""
    if not fixtures:
        return {}
    revisions = UnitRevision.objects.filter(
        unit__framework__code__in={fixture.content.framework.code for fixture in fixtures},
        unit__code__in={fixture.content.code for fixture in fixtures},
    )
    found: dict[str, list[UnitContent]] = {}
    for revision in revision_contents(revisions):
        found.setdefault(revision.unit.address, []).append(revision.unit)
    return found


def _same(one: UnitContent, other: UnitContent) -> bool:
    """Return whether both word the unit alike; the framework's name does not matter."""
    return replace(one, framework=other.framework) == other


def _new_qualifications(fixtures: Sequence[QualificationFixture]) -> list[QualificationPublication]:
    if not fixtures:
        return []
    held = qualification_contents(
        Qualification.objects.filter(framework__code__in={fixture.content.framework.code for fixture in fixtures})
    )
    new = []
    for fixture in fixtures:
        rows = [row for row, content in held.items() if content.address == fixture.content.address]
        said_before = any(
            replace(content, framework=fixture.content.framework) == fixture.content for content in held.values()
        )
        if said_before and fixture.number <= max(row.number for row in rows):
            continue
        new.append(
            QualificationPublication(
                content=fixture.content,
                at_least=fixture.number,
                published_at=None if rows else fixture.published_at,
            )
        )
    return new


def _new_prose(fixtures: Sequence[ProseFixture]) -> list[ProsePublication]:
    """Return what no prose of its unit has said yet, as with the wordings of units."""
    held: dict[tuple[str, str], list[UnitProse]] = {}
    published = UnitProse.objects.filter(unit__framework__code__in={fixture.unit.framework for fixture in fixtures})
    for row in published.select_related("unit__framework").order_by("number"):
        held.setdefault(row.unit.natural_key(), []).append(row)
    new = []
    for fixture in fixtures:
        rows = held.get(fixture.unit, [])
        said_before = any(prose_content(row) == fixture.prose for row in rows)
        if said_before and fixture.number <= rows[-1].number:
            continue
        new.append(
            ProsePublication(
                framework=fixture.unit.framework,
                code=fixture.unit.code,
                prose=fixture.prose,
                at_least=fixture.number,
                published_at=None if rows else fixture.published_at,
            )
        )
    return new
