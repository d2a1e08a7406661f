"""A claim's "where to look", with links to that page or moment in the viewer on the same page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse

from portfolio.evidence.places import Place, is_one_place, places_in
from portfolio.files.file_types import Look
from portfolio.files.selectors import FileShown

register = template.Library()


@dataclass(frozen=True, kw_only=True)
class PlaceLink:
    """A place, and where its link leads: within the page, or to the PDF in a tab of its own."""

    place: Place
    url: str
    file: FileShown

    @property
    def is_here(self) -> bool:
        """Whether it leads to somewhere on the same page."""
        return self.url.startswith("#")


@register.inclusion_tag("portfolio/evidence/_places.html")
def places(where: str, files: Sequence[FileShown], centre: UUID) -> dict[str, Any]:
    """Show `where` with a link for each page or moment that it names and that one of the `files` has.

    `files` are those that the viewer on the page shows; without a fitting file there is no link. If the link says
    all that `where` says ("page 2"), it is shown alone.
    """
    links = list(links_to(places_in(where), files, centre))
    return {"links": links, "words": "" if links and is_one_place(where) else where}


def links_to(found: Iterable[Place], files: Sequence[FileShown], centre: UUID) -> Iterable[PlaceLink]:
    """Yield a link for each place, to the first file that has it, or to the one that it names."""
    for place in found:
        named = [shown for shown in files if place.file in {None, shown.file.position}]
        if place.kind == "time":
            players = [shown for shown in named if shown.look in {Look.SOUND.value, Look.FILM.value}]
            heard = [shown for shown in players if not shown.is_lost]
            yield from (PlaceLink(place=place, url=f"#{shown.anchor}", file=shown) for shown in heard[:1])
        else:
            yield from _page_link(place, named, centre)


def _page_link(place: Place, files: Sequence[FileShown], centre: UUID) -> Iterable[PlaceLink]:
    for shown in files:
        if shown.is_lost or not shown.preview or not shown.has_pages:
            continue
        if place.value <= shown.preview.drawn:
            yield PlaceLink(place=place, url=f"#{shown.anchor}-page-{place.value}", file=shown)
            return
        if shown.opens_as == "PDF" and place.value <= shown.preview.count:
            address = reverse("portfolio:file_open", kwargs={"centre": centre, "file": shown.file.uuid})
            yield PlaceLink(place=place, url=f"{address}#page={place.value}", file=shown)
            return
