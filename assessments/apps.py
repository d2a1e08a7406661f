"""Names the app for Django."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self) -> None:
        """Follow what happens in portfolios, and tell pages below what is known here."""
        from assessments import pending  # noqa: PLC0415 - models can be read from here on
        from assessments.home import report  # noqa: PLC0415
        from assessments.observations import evidence_additions  # noqa: PLC0415
        from assessments.standing import following  # noqa: PLC0415

        following.begin()
        evidence_additions.begin()
        pending.begin()
        report.begin()
