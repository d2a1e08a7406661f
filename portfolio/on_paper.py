"""How prints name a portfolio and a unit in it, and the empty lines for both where a hand fills them in."""

from centres.models import Centre
from centres.on_paper import centre_fact
from portfolio.models import CandidateUnit, Registration

Facts = list[tuple[str, str]]


def portfolio_facts(registration: Registration) -> Facts:
    """The lines at the top that say whose it is."""
    name, number = registration.candidate.name, registration.number
    return [centre_fact(registration.centre), ("Candidate", f"{name}, {number}" if number else name)]


def unit_facts(unit: CandidateUnit) -> Facts:
    """The same with the unit."""
    return [*portfolio_facts(unit.registration), ("Unit", str(unit.revision))]


def facts_to_fill(centre: Centre, *lines: str) -> Facts:
    """The centre, and lines for a hand."""
    return [centre_fact(centre), *((line, "") for line in lines)]
