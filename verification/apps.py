"""Names the app for Django."""

from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "verification"
