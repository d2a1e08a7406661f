"""The files behind what is on record of staff, by name, for the list of a centre's staff."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from centres.models import Centre
from centres.staff.staff_list import files_from
from portfolio.models import StaffCertificate


def certificates_named(centre: Centre) -> Mapping[int, Sequence[str]]:
    """The names of the files that are there, by the primary key of the record; one query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = StaffCertificate.objects.kept().filter(record__centre=centre, record__ended_at=None).order_by("pk")
    for record, name in rows.values_list("record", "name"):
        found[record].append(name)
    return found


def begin() -> None:
    """Have the list of staff name them. For when Django starts."""
    files_from(certificates_named)
