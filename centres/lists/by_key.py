"""Pages of a list by the key of the last row before them: the hundredth costs what the first does."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable


@dataclass(frozen=True, kw_only=True)
class Order:
    """A way to sort a list: its name in addresses, and the field, which has an index.

    Rows without a value in it stand last, upwards and downwards; only where it `may_be_empty` are there any.
    """

    name: str
    field: str
    may_be_empty: bool = False
    begins_with_last: bool = False  # where the address names no order

    def sorted_by(self, is_backwards: bool) -> tuple[Combinable | str, str]:
        """What a query is sorted by: the field, and the primary key among rows that are alike."""
        sign = "-" if is_backwards else ""
        if not self.may_be_empty:
            return f"{sign}{self.field}", f"{sign}pk"
        field = F(self.field)
        return (field.desc(nulls_last=True) if is_backwards else field.asc(nulls_last=True)), f"{sign}pk"

    def after(self, value: object, pk: object, is_backwards: bool) -> Q:
        """The rows that stand behind the one with this value and primary key."""
        beyond = "lt" if is_backwards else "gt"
        if value is None:
            return Q(**{f"{self.field}__isnull": True, f"pk__{beyond}": pk})
        behind = Q(**{f"{self.field}__{beyond}": value}) | Q(**{self.field: value, f"pk__{beyond}": pk})
        return behind | Q(**{f"{self.field}__isnull": True}) if self.may_be_empty else behind


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
        order, is_backwards = orders[0], orders[0].begins_with_last
    return rows.order_by(*order.sorted_by(is_backwards)), order, is_backwards


def page_by_key(
    rows: QuerySet, *, orders: Sequence[Order], sort: str, after: str, size: int, named: str = "uuid"
) -> KeyPage:
    """Return the `size` rows that come after the row with this uuid, or the first ones; in two queries at most.

    A row that is there no more, or never was, leads to the first page. `named` is the path to the uuid of a row.
    """
    found, order, is_backwards = in_order(rows, orders, sort)
    key = _key(rows, order, after, named)
    if key:
        value, pk = key
        found = found.filter(order.after(value, pk, is_backwards))
    page = list(found[: size + 1])
    return KeyPage(
        rows=page[:size],
        order=order,
        is_backwards=is_backwards,
        is_first=key is None,
        following=str(attrgetter(named.replace("__", "."))(page[size - 1])) if len(page) > size else "",
    )


def _key(rows: QuerySet, order: Order, after: str, named: str) -> tuple | None:
    """What the row has in the order's field, and its primary key; it may match no filter any more."""
    try:
        wanted = UUID(after)
    except ValueError:
        return None
    return rows.model._default_manager.filter(**{named: wanted}).values_list(order.field, "pk").first()
