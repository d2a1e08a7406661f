"""Long lists in pages; the database gives only what is on the page."""

from dataclasses import dataclass


def page_number(wanted: str | None) -> int:
    """The number of a page as the address gives it; 1 if that makes no sense."""
    return max(int(wanted), 1) if wanted and wanted.isdecimal() and len(wanted) < 8 else 1


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """Which page of a list is shown, and how much there is in all; the last page takes up to `orphans` more."""

    number: int
    total: int
    size: int
    orphans: int = 0

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(-(-(self.total - self.orphans) // self.size), 1)

    @property
    def start(self) -> int:
        """The position of its first entry, from 0."""
        return (self.number - 1) * self.size

    @property
    def end(self) -> int:
        """The position after its last entry."""
        return self.total if self.number == self.pages else self.start + self.size

    @property
    def has_previous(self) -> bool:
        """Whether there are pages before it."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there are pages after it."""
        return self.number < self.pages

    @property
    def has_other_pages(self) -> bool:
        """Whether there are other pages."""
        return self.pages > 1


def list_page(number: int, *, total: int, size: int, orphans: int = 0) -> ListPage:
    """Return the page with this number, or the last page if there are fewer."""
    page = ListPage(number=number, total=total, size=size, orphans=orphans)
    return page if number <= page.pages else ListPage(number=page.pages, total=total, size=size, orphans=orphans)
