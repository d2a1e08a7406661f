"""What `manage.py check --database default` checks in the data itself."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, ProgrammingError

from centres.models import Centre


@register(Tags.database)
def no_demo_in_production(*, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to run in production with a database that holds the demo, whose password everybody knows."""
    if not settings.PRODUCTION:
        return []
    return [
        Error(
            "This database holds the demo centre, whose password everybody knows.",
            hint="Give production a database and a DATA_DIR of its own.",
            id="centres.E001",
        )
        for alias in databases or []
        if _holds_demo(alias)
    ]


def _holds_demo(alias: str) -> bool:
    try:
        return Centre.objects.using(alias).filter(is_demo=True).exists()
    except (OperationalError, ProgrammingError):
        return False  # there are no tables yet
