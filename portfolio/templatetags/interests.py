"""Says on the pages of a portfolio what interests are declared in it: who, and of which kind."""

from typing import Any

from django import template
from django.db.models import QuerySet

from portfolio.models import Interest, Registration
from record.prepared import prepared

register = template.Library()


@register.inclusion_tag("portfolio/interests/_declared.html")
def interests_in(registration: Registration) -> dict[str, Any]:
    """Name those that stand; nothing if there are none. One query."""
    return {"declared": _declared(registration.pk), "registration": registration}


@prepared
def _declared(registration: int) -> QuerySet[Interest, Interest]:
    return Interest.objects.current().filter(registration=registration).select_related("person")
