"""Names the app for Django."""

from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "portfolio"
