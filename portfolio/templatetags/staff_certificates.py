"""The certificates on the page of what is on record of somebody."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from centres.staff.models import StaffRecord
from centres.staff.selectors import StaffMember
from portfolio.models import StaffCertificate

register = template.Library()

OfRecords = Mapping[int, Sequence[StaffCertificate]]


@register.simple_tag
def certificates_of(member: StaffMember) -> OfRecords:
    """The files with what is on record of somebody, by the primary key of the record; one query."""
    found: dict[int, list[StaffCertificate]] = defaultdict(list)
    rows = StaffCertificate.objects.filter(record__user=member.user, record__centre=member.centre)
    for row in rows.select_related("stored_file", "removed_by").order_by("pk"):
        found[row.record_id].append(row)
    return found


@register.inclusion_tag("portfolio/staff_certificates/_certificates.html", takes_context=True)
def certificates_with(
    context: dict[str, Any], certificates: OfRecords, record: StaffRecord, may_add: bool
) -> dict[str, Any]:
    """List the files with one record, those that were removed with the reason."""
    return {
        "files": certificates.get(record.pk, ()),
        "record": record,
        "centre": context["centre"],
        "person": context["member"].user,
        "may_add": may_add,
        "may_remove": context["coordinates"],
    }
