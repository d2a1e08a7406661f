"""Says on the pages of a portfolio what interests are declared in it: who, and of which kind."""

from typing import Any

from django import template

from portfolio.models import Interest, Registration

register = template.Library()


@register.inclusion_tag("portfolio/interests/_declared.html")
def interests_in(registration: Registration) -> dict[str, Any]:
    """Name those that stand; nothing if there are none. One query."""
    declared = Interest.objects.current().filter(registration=registration).select_related("person")
    return {"declared": declared, "registration": registration}
