"""The wordings of the standards that this process has read: a published one never changes, so once is enough.

The name of a framework may change at any time, with an import or an upgrade in another process. So only its code is
kept here. Pages that show the name call `published_content_named`; documents that are signed ask
`standards.selectors.framework_now`.
"""

from collections.abc import Collection
from copy import copy
from dataclasses import replace

from standards.content import RevisionContent
from standards.models import UnitRevision
from standards.selectors import framework_content, revision_contents

_read: dict[int, RevisionContent] = {}  # by the revision's primary key
_rows: dict[int, UnitRevision] = {}


def published_contents(revisions: Collection[UnitRevision]) -> dict[int, RevisionContent]:
    """Return what each revision says, by its primary key; three queries for those not read yet."""
    return published_contents_of({revision.pk for revision in revisions})


def published_contents_of(revisions: Collection[int]) -> dict[int, RevisionContent]:
    """Return the same for revisions that are given by primary key."""
    unread = [pk for pk in revisions if pk not in _read]
    if unread:
        for content in revision_contents(UnitRevision.objects.filter(pk__in=unread)):
            unit = replace(content.unit, framework=content.unit.framework.nameless)
            _read[content.pk] = replace(content, unit=unit)
    return {pk: _read[pk] for pk in revisions}


def published_content(revision: UnitRevision) -> RevisionContent:
    """Return what a revision says; read once by each process."""
    return published_contents([revision])[revision.pk]


def published_content_named(revision: UnitRevision) -> RevisionContent:
    """Return what a revision says, with its framework's present name: `revision` must have been read just now."""
    content = published_content(revision)
    return replace(content, unit=replace(content.unit, framework=framework_content(revision.unit.framework)))


def revision_row(pk: int) -> UnitRevision:
    """Return the row of a revision, given its primary key, with its unit and the code of its framework.

    It is also read once. Each caller gets a copy: a framework's name that one caller reads is not kept for others.
    """
    if pk not in _rows:
        named = [f"unit__framework__{name}" for name in ("title", "publisher", "edition")]
        _rows[pk] = UnitRevision.objects.select_related("unit__framework").defer(*named).get(pk=pk)
    revision = copy(_rows[pk])
    revision.unit = copy(revision.unit)
    revision.unit.framework = copy(revision.unit.framework)
    return revision


def forget_published() -> None:
    """Forget what was read; for tests, which empty the database and publish others under the same keys."""
    _read.clear()
    _rows.clear()
