"""Names the app for Django."""

from django.apps import AppConfig


class CentresConfig(AppConfig):
    name = "centres"
