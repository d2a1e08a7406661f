"""The table of a long list: which columns it has, on the page and in the file."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple

import django_tables2 as tables
from django.utils.dateformat import format as formatted
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from centres.lists.by_key import KeyPage, Order
from centres.words import DOMAIN, Words

LONGEST_WRITTEN = 160  # characters, on a page


class ColumnHead(NamedTuple):
    """The head of a column."""

    words: str
    sort: str  # how a press on it sorts the list; empty if it does not
    sorted_now: str  # "ascending" or "descending", as ARIA has it, or empty


class DayColumn(tables.Column):
    """A day in words; in a file as spreadsheets sort it."""

    def render(self, value: date) -> str:
        """On the page."""
        return formatted(value, "j F Y")

    def value(self, value: date) -> str:
        """In the file."""
        return value.isoformat()


class WrittenColumn(tables.Column):
    """What somebody wrote: on the page so much of it as a row takes, in a file all of it."""

    def render(self, value: str) -> str:
        """On the page."""
        return value if len(value) <= LONGEST_WRITTEN else f"{value[:LONGEST_WRITTEN].rstrip()}…"

    def value(self, value: str) -> str:
        """In the file."""
        return value


class KeyedTable(tables.Table):
    """A page of a list. A column whose name is that of an order sorts it; the page has them sorted already."""

    orders: ClassVar[tuple[Order, ...]] = ()
    named: ClassVar[str] = "uuid"  # the path to the uuid by which addresses name a row
    only_on_page: ClassVar[tuple[str, ...]] = ("actions",)  # columns that the file leaves out

    def __init__(self, *args: Any, page: KeyPage | None = None, called: Words = DOMAIN, **kwargs: Any) -> None:
        """`page` is what is shown, for the links that sort it; `called` gives its heads the words of the centre."""
        super().__init__(*args, template_name="centres/lists/table.html", orderable=False, **kwargs)
        self.page_by_key = page
        for bound in self.columns:
            bound.column.verbose_name = called.say(bound.column.verbose_name)

    @property
    def heads(self) -> list["ColumnHead"]:
        """The heads of its columns."""
        names = {one.name for one in self.orders}
        return [self._head(column.name, str(column.header), column.name in names) for column in self.columns]

    def _head(self, name: str, words: str, is_order: bool) -> "ColumnHead":
        page = self.page_by_key
        if not is_order or page is None or page.order.name != name:
            return ColumnHead(words=words, sort=name if is_order else "", sorted_now="")
        if page.is_backwards:
            return ColumnHead(words=words, sort=name, sorted_now="descending")
        return ColumnHead(words=words, sort=f"-{name}", sorted_now="ascending")

    @property
    def lines(self) -> SafeString:
        """Its rows in HTML, written here because a template takes long for hundreds of cells."""
        labels = {
            column.name: "" if column.name == "actions" else format_html(' data-label="{}"', column.header)
            for column in self.columns
        }
        return format_html_join("\n", "<tr>{}</tr>", ([self._line(row, labels)] for row in self.rows))

    @staticmethod
    def _line(row: tables.rows.BoundRow, labels: Mapping[str, str]) -> SafeString:
        (first, cell), *others = row.items()
        head = format_html('<th scope="row"{}>{}</th>', labels[first.name], cell)
        return head + format_html_join("", "<td{}>{}</td>", ((labels[one.name], cell) for one, cell in others))

    def as_file(self) -> Iterator[list[object]]:
        """The head and the rows for a spreadsheet."""
        return self.as_values(exclude_columns=self.only_on_page)
