"""Django's command, which cannot run these tests."""

from typing import Any

from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    """Raises CommandError with what to run instead, whatever it is given."""

    help = "The tests are run by script/test."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Leave out the options that Django's command has."""
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("Run script/test, or some of the tests by script/test tests/record")
