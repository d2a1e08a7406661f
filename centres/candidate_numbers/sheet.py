"""The sheet of one-time codes: a slip for each candidate, to be cut apart and handed over."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone

from centres.candidate_numbers.models import WORKS_FOR
from centres.models import Centre, User
from centres.on_paper import at_centre, centre_fact
from printing.papers import Column, Paper, Table

HOW = "Open the address, type your number and, as the password, the code. Then choose a password of your own."


def codes_paper(centre: Centre, codes: Mapping[User, str]) -> Paper:
    """Return what is printed: of each candidate the address of the site, what they sign in with, and the code."""
    until = at_centre(timezone.now() + WORKS_FOR, centre)
    return Paper(
        title=f"One-time codes of {centre}",
        heading="One-time codes",
        facts=[centre_fact(centre), ("Each code works", f"once, until {until}; a newer one takes its place")],
        parts=[_slip(person, code, until) for person, code in codes.items()],
    )


def _slip(person: User, code: str, until: str) -> Table:
    half = len(code) // 2
    return Table(
        heading=person.name,
        note=HOW,
        columns=[Column("Address", "wide"), Column("Number"), Column("Code"), Column("Until")],
        rows=[[settings.SITE_URL, person.candidate_sign_in_name, f"{code[:half]} {code[half:]}", until]],
    )
