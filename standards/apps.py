"""Names the app for Django."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "standards"
