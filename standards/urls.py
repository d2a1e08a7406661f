"""Addresses of the standards, under /standards/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from standards import views

app_name = "standards"


class CodeConverter(StringConverter):
    """A code as anybody may type it into an address, without the one character that PostgreSQL cannot look for."""

    regex = r"[^/\x00]+"


register_converter(CodeConverter, "code")

urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    # Before the units: no framework may have the code "qualifications".
    path("qualifications/<code:framework>/<code:code>/", views.qualification, name="qualification"),
    path("<code:framework>/<code:code>/", views.unit, name="unit"),
    path("<code:framework>/<code:code>/<int:number>/", views.unit, name="revision"),
    path("<code:framework>/<code:code>/<int:number>/unit.pdf", views.unit_pdf, name="unit_pdf"),
]
