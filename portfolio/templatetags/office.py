"""What pages say of the adjustments for a candidate, and of an induction that waits."""

from typing import Any

from django import template

from centres.models import Centre, User
from portfolio.adjustments.selectors import begun
from portfolio.induction.selectors import waiting_for
from portfolio.models import Registration

register = template.Library()


@register.inclusion_tag("portfolio/adjustments/_in_force.html")
def adjusted(registration: Registration) -> dict[str, Any]:
    """Say what is adjusted for the candidate of a portfolio, and what was when some evidence came about; one query."""
    now, before = begun(registration)
    return {"adjustments": now, "earlier": before, "registration": registration}


@register.inclusion_tag("portfolio/induction/_waits.html")
def induction_waits(person: User, centre: Centre) -> dict[str, Any]:
    """Ask the person to sign the induction of their portfolios at a centre where they have not; one query."""
    return {"portfolios": waiting_for(person.pk, centre.pk)}
