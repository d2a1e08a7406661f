"""The addresses of many things at once."""

from collections.abc import Callable
from uuid import UUID

from django.urls import reverse

ANY = UUID(int=0)


def addresses(route: str, centre: UUID, of: str) -> Callable[[UUID], str]:
    """Return what says the address of each of many things in a centre; `of` is what the route calls the thing.

    A list has dozens of links: Django is asked for one of them.
    """
    before, _, behind = reverse(route, kwargs={"centre": centre, of: ANY}).partition(str(ANY))
    return lambda uuid: f"{before}{uuid}{behind}"
