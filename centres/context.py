"""What every page knows of the site and of the person looking at it."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demo, for the page's head."""
    return {"demo": settings.DEMO}
