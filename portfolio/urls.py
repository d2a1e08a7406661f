"""Addresses about what a candidate collects."""

from django.urls import path

from portfolio.views import files

app_name = "portfolio"
urlpatterns = [
    path("files/<uuid:file>/", files.file_download, name="file_download"),
]
