"""Names the app for Django."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo's stories and the command that plays them."""

    name = "demo"
