"""The wordings of the standards that this process has read: a published one never changes, so once is enough."""

from collections.abc import Collection

from standards.content import RevisionContent
from standards.models import UnitRevision
from standards.selectors import revision_contents

_read: dict[int, RevisionContent] = {}  # by the revision's primary key
_rows: dict[int, UnitRevision] = {}


def wordings(revisions: Collection[UnitRevision]) -> dict[int, RevisionContent]:
    """Return what each revision says by its primary key, in three queries for those not read yet."""
    return wordings_of({revision.pk for revision in revisions})


def wordings_of(revisions: Collection[int]) -> dict[int, RevisionContent]:
    """Return the same for who knows the revisions by primary key."""
    unread = [pk for pk in revisions if pk not in _read]
    if unread:
        for content in revision_contents(UnitRevision.objects.filter(pk__in=unread)):
            _read[content.pk] = content
    return {pk: _read[pk] for pk in revisions}


def wording(revision: UnitRevision) -> RevisionContent:
    """Return what a revision says; read once by each process."""
    return wordings([revision])[revision.pk]


def revision_row(pk: int) -> UnitRevision:
    """Return the row of a revision with its unit and framework, for who has its primary key; read once as well."""
    if pk not in _rows:
        _rows[pk] = UnitRevision.objects.select_related("unit__framework").get(pk=pk)
    return _rows[pk]


def forget_wordings() -> None:
    """Read them anew from now on; for tests, which empty the database and publish again under the same keys."""
    _read.clear()
    _rows.clear()
