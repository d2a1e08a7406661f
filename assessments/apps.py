"""Names the app for Django."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        """Follow what happens in portfolios."""
        from assessments.standing import following  # noqa: PLC0415 - models can be read from here on

        following.begin()
