"""Names the app for Django."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
