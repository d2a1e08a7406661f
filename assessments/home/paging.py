"""From page to page of a long list, of which the database gives only what stands on the page."""

from dataclasses import dataclass


def page_number(wanted: str | None) -> int:
    """The number of a page as an address has it; 1 where it makes no sense."""
    return max(int(wanted), 1) if wanted and wanted.isdecimal() and len(wanted) < 8 else 1


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """Which page of a list is shown, and how much there is in all; up to `orphans` more stand on the last page."""

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
        """The place of the first thing on it, from 0."""
        return (self.number - 1) * self.size

    @property
    def end(self) -> int:
        """The place behind the last thing on it."""
        return self.total if self.number == self.pages else self.start + self.size

    @property
    def has_previous(self) -> bool:
        """Whether something stands on pages before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether something stands on pages behind."""
        return self.number < self.pages

    @property
    def has_other_pages(self) -> bool:
        """Whether there is more than stands here."""
        return self.pages > 1


def list_page(number: int, *, total: int, size: int, orphans: int = 0) -> ListPage:
    """Return the page of this number, or the last one where there are not so many."""
    page = ListPage(number=number, total=total, size=size, orphans=orphans)
    return page if number <= page.pages else ListPage(number=page.pages, total=total, size=size, orphans=orphans)
