"""Django's command, which has nobody to make here."""

from typing import Any

from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    """Raises CommandError with what to run instead, whatever it is given."""

    help = "There is no superuser; says what to run instead."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        """Leave out the options that Django's command has."""
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "Countersign has no superuser and no admin pages. Whoever runs it begins a centre, and its coordinator "
            'adds everybody else: manage.py create_centre "Harbour College" --coordinator-name "Cora Lane" '
            "--coordinator-email cora@example.org"
        )
