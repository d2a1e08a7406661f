"""Names the app for Django."""

from django.apps import AppConfig


class BackgroundConfig(AppConfig):
    """What runs in the background."""

    name = "background"
