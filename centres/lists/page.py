"""What every page with a long list does with its address."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.db.models import QuerySet
from django.http import HttpResponse
from django_filters import FilterSet

from centres.context import shell_of
from centres.http import SignedInRequest
from centres.lists.by_key import KeyPage, in_order, page_by_key
from centres.lists.spreadsheets import sheet_answer
from centres.lists.tables import KeyedTable
from printing.taking_turns import print_in_turn

ROWS_ON_A_PAGE = 50
ROWS_AT_ONCE = 1_000  # of a file, so that no long list is held whole; a database takes so many keys in one query


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A page of a list, for `centres/lists/list.html`."""

    filters: FilterSet
    page: KeyPage
    table: KeyedTable
    is_filtered: bool


def listed(
    request: SignedInRequest,
    filters: FilterSet,
    table: type[KeyedTable],
    *,
    rows: Callable[[Sequence], Sequence],
    file_name: str,
    size: int = ROWS_ON_A_PAGE,
    shows_table: bool = True,
) -> Listed | HttpResponse:
    """Return the page of a list that the address asks for, or the whole of it as a file (`as=csv`, `as=xlsx`).

    `filters` hold all rows that the person may see. `rows` makes what the table shows of some of them. A page that
    shows them its own way takes them from `page.rows`, and has the table for its file alone.
    """
    found: QuerySet = filters.qs
    sort = request.GET.get("sort", "")
    if wanted := request.GET.get("as", ""):
        everything, _, _ = in_order(found, table.orders, sort)
        return print_in_turn(
            request, lambda: sheet_answer(_as_file(everything, table, rows), name=file_name, kind=wanted)
        )
    after = request.GET.get("after", "")
    page = page_by_key(found, orders=table.orders, sort=sort, after=after, size=size, named=table.named)
    shown = table(rows(page.rows) if shows_table else [], page=page, called=shell_of(request).called)
    shown.request = request
    return Listed(
        filters=filters,
        page=page,
        table=shown,
        is_filtered=any(request.GET.get(name) for name in filters.filters),
    )


def _as_file(found: QuerySet, table: type[KeyedTable], rows: Callable[[Sequence], Sequence]) -> Iterator[list[object]]:
    """The head and all rows, read in parts."""
    reading = found.iterator(chunk_size=ROWS_AT_ONCE)
    part = list(islice(reading, ROWS_AT_ONCE))
    yield from table(rows(part)).as_file()
    while part := list(islice(reading, ROWS_AT_ONCE)):
        yield from islice(table(rows(part)).as_file(), 1, None)  # without the head
