"""Addresses of the standards, under /standards/."""

from django.urls import path

from standards import views

app_name = "standards"

urlpatterns = [
    path("<str:framework>/<str:code>/", views.unit, name="unit"),
    path("<str:framework>/<str:code>/<int:number>/", views.unit, name="revision"),
]
