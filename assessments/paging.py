"""One page of a long list, with the number of all, in one query."""

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window


def page_number(wanted: str | None) -> int:
    """The number of a page as an address has it; 1 where it makes no sense."""
    return max(int(wanted), 1) if wanted and wanted.isdecimal() and len(wanted) < 8 else 1


def one_query_page(units: QuerySet, wanted: str | None, size: int) -> Page:
    """Return the page whose number is `wanted`, as an address has it; the first or the last where it makes no sense.

    The rows count themselves. Only a number beyond the last page costs two queries more.
    """
    number = page_number(wanted)
    start = (number - 1) * size
    rows = list(units.annotate(in_all=Window(Count("*")))[start : start + size])
    paginator = Paginator(units, size)
    if not rows and number > 1:
        return paginator.get_page(number)
    paginator.count = rows[0].in_all if rows else 0
    return Page(rows, number, paginator)
