"""Names the app for Django."""

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "portfolio"

    def ready(self) -> None:
        """Tell pages below what is known here."""
        from portfolio.staff_certificates import named  # noqa: PLC0415 - models can be read from here on

        named.begin()
