"""The wordings of the standards that this process has read: a published one never changes, so once is enough.

What its framework is called does change, with an import or an upgrade, at any time and in another process. So
what is kept here tells of a framework its code alone. Pages that name it take `published_content_named`, documents
that are signed ask `standards.selectors.framework_now`.
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
    """Return what each revision says by its primary key, in three queries for those not read yet."""
    return published_contents_of({revision.pk for revision in revisions})


def published_contents_of(revisions: Collection[int]) -> dict[int, RevisionContent]:
    """Return the same for who knows the revisions by primary key."""
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
    """Return what a revision says with what its framework is called now: `revision` brings its row, just read."""
    content = published_content(revision)
    return replace(content, unit=replace(content.unit, framework=framework_content(revision.unit.framework)))


def revision_row(pk: int) -> UnitRevision:
    """Return the row of a revision with its unit and the code of its framework, for who has its primary key.

    It is read once as well. Each who asks gets a copy, so that what the framework is called, which is read when it
    is wanted, stays with who wanted it.
    """
    if pk not in _rows:
        named = [f"unit__framework__{name}" for name in ("title", "publisher", "edition")]
        _rows[pk] = UnitRevision.objects.select_related("unit__framework").defer(*named).get(pk=pk)
    revision = copy(_rows[pk])
    revision.unit = copy(revision.unit)
    revision.unit.framework = copy(revision.unit.framework)
    return revision


def forget_published() -> None:
    """Read them anew from now on; for tests, which empty the database and publish again under the same keys."""
    _read.clear()
    _rows.clear()
