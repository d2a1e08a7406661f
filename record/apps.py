"""Names the app for Django."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "record"
