"""Addresses: of many things at once, and of the pages that add evidence for a unit and ask what it shows there."""

from collections.abc import Callable
from uuid import UUID

from django.urls import reverse

from portfolio.models import CandidateUnit

ANY = UUID(int=0)


def addresses(route: str, centre: UUID, of: str) -> Callable[[UUID], str]:
    """Return a function that gives the address of a thing by its uuid; `of` is what the route calls the thing.

    For lists with dozens of links: Django is asked for one address, and the others are made from it.
    """
    before, _, behind = reverse(route, kwargs={"centre": centre, of: ANY}).partition(str(ANY))
    return lambda uuid: f"{before}{uuid}{behind}"


def evidence_add_address(unit: CandidateUnit) -> str:
    """The page that adds evidence for a unit: what it shows there is asked next."""
    of = {"centre": unit.registration.centre.uuid, "portfolio": unit.registration.uuid}
    return reverse("portfolio:evidence_add", kwargs=of, query={"unit": unit.uuid})


def claims_address(centre: UUID, evidence: UUID, unit: UUID | str = "") -> str:
    """The page that asks what a piece shows, with this unit first."""
    of = {"centre": centre, "evidence": evidence}
    return reverse("assessments:shows", kwargs=of, query={"unit": unit} if unit else None)
