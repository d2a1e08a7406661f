"""Names the app for Django."""

from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "centres"

    def ready(self) -> None:
        from centres import checks  # noqa: F401, PLC0415 - models can be imported only now
