"""Brings the database up to the standards that come with Countersign."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from standards.fixtures import UnitFixture
from standards.models import UnitRevision
from standards.selectors import latest_revisions, revision_contents
from standards.services.publishing import unit_publish


@dataclass(frozen=True, kw_only=True)
class SyncResult:
    """What a run found: how many units it read, and the revisions it published."""

    units: int
    published: tuple[UnitRevision, ...]


@transaction.atomic
def standards_sync(*, fixtures: Iterable[UnitFixture]) -> SyncResult:
    """Publish a new revision of each unit whose fixture differs from its latest revision.

    All or nothing, and not a row is written where nothing differs. A unit's first revision bears the time
    its fixture names, a later one the time of this run. Two runs at once end as one after the other would.
    """
    said = list(fixtures)
    held = {content.unit.address: content.unit for content in revision_contents(latest_revisions())}
    published = []
    for fixture in said:
        address = fixture.content.address
        if held.get(address) == fixture.content:
            continue
        revision = unit_publish(
            content=fixture.content,
            at_least=fixture.number,
            published_at=None if address in held else fixture.published_at,
        )
        if revision is not None:
            published.append(revision)
    return SyncResult(units=len(said), published=tuple(published))
