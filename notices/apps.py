"""Names the app for Django."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        """Follow what happens everywhere."""
        from notices import following  # noqa: PLC0415 - models can be read from here on

        following.begin()
