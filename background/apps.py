"""Names the app for Django."""

from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    """What runs behind the pages."""

    name = "background"
