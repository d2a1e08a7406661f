"""Addresses of verification: what internal and external verifiers plan, look at and find."""

from django.urls import URLPattern

app_name = "verification"
urlpatterns: list[URLPattern] = []
