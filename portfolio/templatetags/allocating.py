"""What somebody works on, on pages about people: their case load, and what they leave open with a role."""

from typing import Any

from django import template
from django.urls import reverse

from centres.models import Membership
from centres.staff.selectors import StaffMember
from portfolio.allocating.selectors import left_open_by
from portfolio.case_loads import case_loads

register = template.Library()


@register.simple_tag
def case_loads_of(member: StaffMember) -> list[tuple[str, str]]:
    """What a person works on at the centre, by role in its words; nothing if they work on no unit. One query."""
    loads = case_loads(member.centre, [member.user])
    words = member.centre.words
    return [(words.of_role(capacity), load.in_words(capacity)) for (_, capacity), load in sorted(loads.items())]


@register.inclusion_tag("portfolio/allocating/_left_open.html")
def left_open(membership: Membership) -> dict[str, Any]:
    """List what somebody leaves open who gives up a role, with the way to hand it over."""
    found = left_open_by(membership)
    at = reverse("portfolio:hand_over", args=[membership.centre.uuid])
    whose = f"{found.capacity}:{membership.user.uuid}" if found else ""
    return {"lines": found.in_words if found else [], "units": found and found.units, "url": f"{at}?whose={whose}"}
