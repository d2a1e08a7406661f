"""Pages of a list by the key of the last row before them: the hundredth costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet


@dataclass(frozen=True, kw_only=True)
class Order:
    """A way to sort a list: its name in addresses, and the field, which has an index and is never empty."""

    name: str
    field: str


@dataclass(frozen=True, kw_only=True)
class KeyPage:
    """Some rows of a list, and after which row the next page begins (its uuid; empty on the last page)."""

    rows: Sequence
    order: Order
    is_backwards: bool
    is_first: bool
    following: str

    @property
    def sort(self) -> str:
        """How the address names the order."""
        return f"-{self.order.name}" if self.is_backwards else self.order.name


def in_order(rows: QuerySet, orders: Sequence[Order], sort: str) -> tuple[QuerySet, Order, bool]:
    """Sort rows as `sort` says ("name", or "-name" backwards), by the first of `orders` if it says nothing known."""
    is_backwards = sort.startswith("-")
    order = next((one for one in orders if one.name == sort.removeprefix("-")), None)
    if order is None:
        order, is_backwards = orders[0], False
    sign = "-" if is_backwards else ""
    return rows.order_by(f"{sign}{order.field}", f"{sign}pk"), order, is_backwards


def page_by_key(rows: QuerySet, *, orders: Sequence[Order], sort: str, after: str, size: int) -> KeyPage:
    """Return the `size` rows that come after the row with this uuid, or the first ones; in two queries at most.

    A row that is there no more, or never was, leads to the first page.
    """
    found, order, is_backwards = in_order(rows, orders, sort)
    key = _key(rows, order, after)
    if key:
        value, pk = key
        beyond = "lt" if is_backwards else "gt"
        found = found.filter(Q(**{f"{order.field}__{beyond}": value}) | Q(**{order.field: value, f"pk__{beyond}": pk}))
    page = list(found[: size + 1])
    return KeyPage(
        rows=page[:size],
        order=order,
        is_backwards=is_backwards,
        is_first=key is None,
        following=str(page[size - 1].uuid) if len(page) > size else "",
    )


def _key(rows: QuerySet, order: Order, after: str) -> tuple | None:
    """What the row has in the order's field, and its primary key; it may match no filter any more."""
    try:
        wanted = UUID(after)
    except ValueError:
        return None
    return rows.model._default_manager.filter(uuid=wanted).values_list(order.field, "pk").first()
